"""Registrations: seats for people with names, one open registration per person and product."""

import pytest

from merchant_api.catalog.models import WhenShort
from merchant_api.core.actor import Role
from merchant_api.core.ids import new_id
from merchant_api.orders.errors import (
    AlreadyRegistered,
    GuestsMismatch,
    NotARegistration,
    OverLimit,
    RegistrationSplit,
)
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import CustomerWanted, LineWanted, Placed, Placement
from merchant_api.orders.states import State
from merchant_api.stock.errors import InsufficientStock
from tests.make.orders import place_one, wanted
from tests.make.people import make_actor, make_merchant
from tests.make.registrations import lines_of, make_class, registered
from tests.make.registrations import registers as registers_for
from tests.make.snapshot import check_books, everything
from tests.make.stock import balances, make_product

SELLER, ASHA = make_actor(), make_actor(Role.CUSTOMER)


def registers(product, quantity, guests, actor=ASHA, is_limited=True):
    return registers_for(product, quantity, guests, actor, is_limited=is_limited)


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
