"""Registrations: seats for people with names, one open registration per person and product."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from merchant_api.catalog.models import Fulfilment, Kind, WhenShort
from merchant_api.core import clock
from merchant_api.core.actor import Role, job
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.orders import cancel, decide, expire, overdue, pickup, registrations
from merchant_api.orders.errors import (
    AlreadyRegistered,
    GuestsMismatch,
    InsufficientStock,
    NotARegistration,
    OverLimit,
    RegistrationSplit,
)
from merchant_api.orders.models import OrderLine, Registration
from merchant_api.orders.place import place
from merchant_api.orders.placement import CustomerWanted, LineWanted, Placed, Placement
from merchant_api.orders.states import DeclineReason, State
from tests.make.orders import place_one, reread, wanted
from tests.make.people import make_actor, make_merchant
from tests.make.snapshot import check_books, everything
from tests.make.stock import balances, make_product

SELLER, ASHA = make_actor(), make_actor(Role.CUSTOMER)


def make_class(merchant=None, on_hand=12, **columns):
    settings = {"kind": Kind.REGISTRATION, "fulfilment": Fulfilment.NONE, "when_short": WhenShort.REFUSE, **columns}
    return make_product(merchant, on_hand=on_hand, **settings)


def registers(product, quantity, guests, actor=ASHA, is_limited=True):
    """The result of one line with these guests."""
    line = LineWanted(product.id, quantity, guests=tuple(guests))
    customer = CustomerWanted(actor.person_id, actor.name)
    return place(product.merchant_id, [Placement((line,), customer, actor, is_limited=is_limited)])[0]


def lines_of(order):
    session().rollback()
    rows = select(OrderLine).where(OrderLine.merchant_id == order.merchant_id, OrderLine.order_id == order.id)
    return session().execute(rows.order_by(OrderLine.line)).scalars().all()


def registered(merchant_id):
    session().rollback()
    rows = select(Registration.product_id, Registration.person_id).where(Registration.merchant_id == merchant_id)
    return {tuple(row) for row in session().execute(rows)}


@pytest.mark.parametrize(("limit", "most"), [(1, 1), (2, 2), (3, 3), (0, 12)])
def test_a_registration_takes_oneself_and_guests_up_to_the_limit_or_the_seats(database, limit, most):
    seats = make_class(max_quantity=limit)
    guests = [f"Guest {number}" for number in range(most)]

    too_many = registers(seats, most + 1, guests)
    placed = registers(seats, most, guests[1:])

    assert isinstance(too_many.refusal, OverLimit if limit else InsufficientStock)
    assert placed.view.order.state is State.CONFIRMED
    assert lines_of(placed.view.order)[0].guests == guests[1:]
    assert balances(seats) == (12, most, 0)


@pytest.mark.parametrize(("quantity", "guests"), [(1, ["Asha"]), (2, []), (3, ["Asha"]), (2, ["Asha", "Binod"])])
@pytest.mark.parametrize("is_limited", [True, False])
def test_a_quantity_that_is_not_oneself_and_the_guests_is_refused(database, quantity, guests, is_limited):
    seats = make_class()

    refused = registers(seats, quantity, guests, is_limited=is_limited)

    assert isinstance(refused.refusal, GuestsMismatch)
    assert list(refused.refusal.members["errors"]["lines"]) == ["0"]
    assert balances(seats) == (12, 0, 0)


def test_two_guests_may_share_a_name(database):
    assert isinstance(registers(make_class(), 3, ["Maya", "Maya"]), Placed)


def test_merchandise_has_no_guests(database):
    mug = make_product(on_hand=5)

    refused = registers(mug, 2, ["Asha"])

    assert isinstance(refused.refusal, NotARegistration)
    assert list(refused.refusal.members["errors"]["lines"]) == ["0"]
    assert lines_of(place_one([(mug, 2)]))[0].guests is None


def test_a_registration_without_guests_says_so_and_merchandise_beside_it_has_none(database):
    merchant = make_merchant()
    seats, mug = make_class(merchant), make_product(merchant, on_hand=5)

    order = place_one([(mug, 2), (seats, 1)], ASHA)

    assert [line.guests for line in lines_of(order)] == [None, []]
    assert registered(merchant.id) == {(seats.id, ASHA.person_id)}


def test_a_registration_stands_on_one_line(database):
    merchant = make_merchant()
    seats, other = make_class(merchant), make_class(merchant)

    with pytest.raises(RegistrationSplit) as refused:
        place_one([(other, 1), (seats, 1), (seats, 2)], ASHA)

    assert list(refused.value.members["errors"]["lines"]) == ["1", "2"]
    assert place_one([(other, 1), (seats, 1)], ASHA).state is State.CONFIRMED


@pytest.mark.parametrize("is_tracked", [True, False])
@pytest.mark.parametrize("actor", [ASHA, SELLER])
def test_a_second_registration_is_refused_and_names_the_first(database, is_tracked, actor):
    merchant = make_merchant()
    seats = make_class(merchant, on_hand=12 if is_tracked else 0, is_tracked=is_tracked)
    first = registers(seats, 2, ["Maya"]).view.order
    before = everything(merchant.id)
    again = Placement((LineWanted(seats.id, 1),), CustomerWanted(ASHA.person_id, "Asha"), actor, actor is ASHA)

    (refused,) = place(merchant.id, [again])

    assert isinstance(refused.refusal, AlreadyRegistered)
    (line,) = refused.refusal.members["lines"]
    assert (line["line"], line["sku"]) == (0, seats.sku)
    assert (line["order_id"], line["order_code"]) == (str(first.id), first.code)
    assert everything(merchant.id) == before


def test_others_and_other_classes_are_free(database):
    merchant = make_merchant()
    seats, other = make_class(merchant), make_class(merchant)
    registers(seats, 1, [])

    assert isinstance(registers(other, 1, []), Placed)
    assert isinstance(registers(seats, 1, [], make_actor(Role.CUSTOMER)), Placed)


def test_a_customer_by_name_only_is_somebody_else_each_time(database):
    seats = make_class()

    results = [
        place(
            seats.merchant_id,
            [Placement((LineWanted(seats.id, 1),), CustomerWanted(new_id(), "Asha"), SELLER, is_limited=False)],
        )[0]
        for _ in range(2)
    ]

    assert [type(result) for result in results] == [Placed, Placed]
    check_books(seats.merchant_id)


def test_of_one_batch_the_first_registers_and_undoes_no_neighbour(database):
    merchant = make_merchant()
    seats, mug = make_class(merchant), make_product(merchant, on_hand=5)
    batch = [wanted([(product, 1)], ASHA) for product in (seats, mug, seats)]

    results = place(merchant.id, batch)

    assert [isinstance(result, Placed) for result in results] == [True, True, False]
    assert results[2].refusal.members["lines"][0]["order_code"] == results[0].view.order.code
    check_books(merchant.id)


def test_sold_out_is_refused_or_becomes_a_request_which_counts_as_open(database):
    merchant = make_merchant()
    full, asked = make_class(merchant, on_hand=0), make_class(merchant, on_hand=0, when_short=WhenShort.ASK)

    refused = registers(full, 1, [])
    request = registers(asked, 2, ["Maya"])
    again = registers(asked, 1, [])

    assert isinstance(refused.refusal, InsufficientStock)
    assert request.view.order.state is State.REQUESTED
    assert isinstance(again.refusal, AlreadyRegistered)
    assert registered(merchant.id) == {(asked.id, ASHA.person_id)}


def declined(order):
    decide.decline(order.merchant_id, order.id, decide.Decline(DeclineReason.TOO_BUSY), SELLER)


def expired(order):
    with clock.clock.pinned(clock.now() + timedelta(days=2)):
        assert expire.run(order.merchant_id, [order.id], job("tests")) == 1


def withdrawn(order):
    cancel.cancel(order.merchant_id, order.id, cancel.Cancel("no"), ASHA)


def overdue_after_accepting(order):
    decide.accept(order.merchant_id, order.id, decide.Accept(), SELLER)
    session().commit()
    with clock.clock.pinned(clock.now() + timedelta(days=2)):
        assert overdue.run(order.merchant_id, [order.id], job("tests")) == 1


@pytest.mark.parametrize("ends", [declined, expired, withdrawn, overdue_after_accepting])
def test_whoever_s_request_ended_may_register_again(database, ends):
    seats = make_class(on_hand=0, when_short=WhenShort.ASK)
    order = registers(seats, 1, []).view.order

    ends(order)
    session().commit()

    assert registered(seats.merchant_id) == set()
    assert isinstance(registers(seats, 1, []), Placed)
    check_books(seats.merchant_id)


@pytest.mark.parametrize("restock", [None, False])
def test_whoever_s_registration_was_cancelled_may_register_again(database, restock):
    seats = make_class()
    order = registers(seats, 2, ["Maya"]).view.order

    cancel.cancel(order.merchant_id, order.id, cancel.Cancel("no", restock), SELLER)
    session().commit()

    assert isinstance(registers(seats, 1, []), Placed)
    check_books(seats.merchant_id)


def test_a_failed_delivery_ends_the_registration_beside_it(database):
    merchant = make_merchant()
    seats, mug = make_class(merchant), make_product(merchant, on_hand=5)
    order = place_one([(seats, 1), (mug, 1)], ASHA)
    pickup.pick_up(merchant.id, order.id, SELLER)
    session().commit()

    pickup.fail(merchant.id, order.id, "nobody home", SELLER)
    session().commit()

    assert registered(merchant.id) == set()
    assert isinstance(registers(seats, 1, []), Placed)


def test_a_registration_that_was_fulfilled_stands(database):
    seats = make_class()
    order = registers(seats, 1, []).view.order

    pickup.deliver(order.merchant_id, order.id, SELLER)
    session().commit()

    assert reread(order).state is State.DELIVERED
    assert isinstance(registers(seats, 1, []).refusal, AlreadyRegistered)


def test_one_order_s_end_leaves_the_registrations_of_others(database):
    merchant = make_merchant()
    seats = make_class(merchant)
    other = make_actor(Role.CUSTOMER)
    order = registers(seats, 1, []).view.order
    registers(seats, 1, [], other)

    withdrawn(order)
    session().commit()

    assert registered(merchant.id) == {(seats.id, other.person_id)}


def test_a_line_that_was_cancelled_whole_is_dropped_alone(database):
    merchant = make_merchant()
    first, second = make_class(merchant), make_class(merchant)
    order = place_one([(first, 1), (second, 1)], ASHA)

    registrations.drop(merchant.id, order.id, [first.id])
    registrations.drop(merchant.id, order.id, [])
    session().commit()

    assert registered(merchant.id) == {(second.id, ASHA.person_id)}


def test_an_order_that_stands_again_registers_again_or_names_who_came_first(database):
    merchant = make_merchant()
    seats, mug = make_class(merchant), make_product(merchant, on_hand=5)
    order = place_one([(mug, 1), (seats, 1)], ASHA)
    withdrawn(order)
    session().commit()

    registrations.enter(order, lines_of(order))
    session().commit()
    assert registered(merchant.id) == {(seats.id, ASHA.person_id)}

    registrations.drop(merchant.id, order.id, [seats.id])
    session().commit()
    later = registers(seats, 1, []).view.order
    with pytest.raises(AlreadyRegistered) as refused:
        registrations.enter(order, lines_of(order))
    assert refused.value.members["lines"][0]["order_code"] == later.code


def test_an_order_without_registrations_enters_none(database):
    order = place_one([(make_product(on_hand=5), 1)], ASHA)

    registrations.enter(order, lines_of(order))

    assert registered(order.merchant_id) == set()
