"""Whoever's registration ended is free to register again; whoever's stands is not, whatever way it went."""

from datetime import timedelta

import pytest

from merchant_api.catalog.models import WhenShort
from merchant_api.core import clock
from merchant_api.core.actor import Role, job
from merchant_api.core.db import session
from merchant_api.orders import registrations
from merchant_api.orders.due import expire_payments, expire_requests
from merchant_api.orders.errors import AlreadyRegistered
from merchant_api.orders.place.placement import Placed
from merchant_api.orders.states import DeclineReason, State
from merchant_api.orders.steps import cancel, decide, pickup
from tests.make.orders import place_one, reread
from tests.make.people import make_actor, make_merchant
from tests.make.registrations import lines_of, make_class, registered
from tests.make.registrations import registers as registers_for
from tests.make.snapshot import check_books
from tests.make.stock import make_product

SELLER, ASHA = make_actor(), make_actor(Role.CUSTOMER)


def registers(product, quantity, guests, actor=ASHA):
    return registers_for(product, quantity, guests, actor)


def declined(order):
    decide.decline(order.merchant_id, order.id, decide.Decline(DeclineReason.TOO_BUSY), SELLER)


def expired(order):
    with clock.clock.pinned(clock.now() + timedelta(days=2)):
        assert expire_requests.run(order.merchant_id, [order.id], job("tests")) == 1


def withdrawn(order):
    cancel.cancel(order.merchant_id, order.id, cancel.Cancel("no"), ASHA)


def overdue_after_accepting(order):
    decide.accept(order.merchant_id, order.id, decide.Accept(), SELLER)
    session().commit()
    with clock.clock.pinned(clock.now() + timedelta(days=2)):
        assert expire_payments.run(order.merchant_id, [order.id], job("tests")) == 1


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
    pickup.pick_up(merchant.id, order.id, pickup.HandOver(), SELLER)
    session().commit()

    pickup.fail(merchant.id, order.id, "nobody home", SELLER)
    session().commit()

    assert registered(merchant.id) == set()
    assert isinstance(registers(seats, 1, []), Placed)


def test_a_registration_that_was_fulfilled_stands(database):
    seats = make_class()
    order = registers(seats, 1, []).view.order

    pickup.deliver(order.merchant_id, order.id, pickup.HandOver(), SELLER)
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
