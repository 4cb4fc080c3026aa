"""Cancelling, and bringing back what could not be delivered: units go back once, whatever the path."""

from datetime import timedelta

import pytest

from merchant_api.accounts.models import Terms
from merchant_api.catalog.models import WhenShort
from merchant_api.core import clock
from merchant_api.core.actor import Role
from merchant_api.core.db import session
from merchant_api.core.errors import Forbidden, NotFound
from merchant_api.core.money import Money
from merchant_api.orders import find
from merchant_api.orders.errors import CancelWindowOver, WrongState
from merchant_api.orders.money import pay
from merchant_api.orders.states import State
from merchant_api.orders.steps import cancel, pickup
from merchant_api.orders.steps.cancel import Cancel
from tests.make.orders import events_of, holds_of, make_order, place_one, reread, settle_all
from tests.make.people import make_actor, make_merchant
from tests.make.snapshot import check_books, everything
from tests.make.stock import balances, make_product

SELLER = make_actor()
MICROSECOND = timedelta(microseconds=1)


def call_off(order, actor=SELLER, **wish):
    shown = cancel.cancel(order.merchant_id, order.id, Cancel("changed my mind", **wish), actor)
    session().commit()
    return shown


@pytest.mark.parametrize("on_hand", [0, 5])
def test_a_customer_withdraws_an_unconfirmed_order_at_any_time(database, on_hand):
    customer, product = make_actor(Role.CUSTOMER), make_product(on_hand=on_hand)
    order = place_one([(product, 2)], customer, terms=Terms.AFTER_ACCEPTANCE)

    with clock.clock.pinned(clock.now() + timedelta(days=9)):
        shown = call_off(order, customer)

    assert order.state is (State.AWAITING_PAYMENT if on_hand else State.REQUESTED)
    assert (shown.order.state, shown.order.reason) == (State.CANCELLED, "changed my mind")
    assert balances(product) == (on_hand, 0, 0)


def test_a_customer_cancels_a_confirmed_order_within_the_window_and_not_at_its_end(database):
    customer, merchant = make_actor(Role.CUSTOMER), make_merchant(cancel_window_s=600)
    first, second = (place_one([(make_product(merchant, on_hand=5), 2)], customer) for _ in range(2))

    with clock.clock.pinned(first.confirmed_at + timedelta(seconds=600) - MICROSECOND):
        assert call_off(first, customer).order.state is State.CANCELLED
    with clock.clock.pinned(second.confirmed_at + timedelta(seconds=600)), pytest.raises(CancelWindowOver):
        call_off(second, customer)
    session().rollback()

    assert reread(second).state is State.CONFIRMED
    check_books(merchant.id)


def test_a_seller_cancels_a_confirmed_order_after_the_window_too(database):
    order = place_one([(make_product(on_hand=5), 2)])

    with clock.clock.pinned(clock.now() + timedelta(days=9)):
        assert call_off(order).order.state is State.CANCELLED


def test_a_customer_does_not_choose_where_the_units_go(database):
    customer = make_actor(Role.CUSTOMER)
    order = place_one([(make_product(on_hand=5), 2)], customer)
    before = everything(order.merchant_id)

    for restock in (True, False):
        with pytest.raises(Forbidden):
            call_off(order, customer, restock=restock)
        session().rollback()

    assert everything(order.merchant_id) == before


def test_another_customer_s_order_is_not_there(database):
    order = place_one([(make_product(on_hand=5), 2)], make_actor(Role.CUSTOMER))
    stranger = make_actor(Role.CUSTOMER)

    for verb in (
        lambda: call_off(order, stranger),
        lambda: find.order(order.merchant_id, order.id, stranger),
        lambda: find.history(order.merchant_id, order.id, stranger),
    ):
        with pytest.raises(NotFound):
            verb()
        session().rollback()
    assert reread(order).state is State.CONFIRMED


def test_another_merchant_s_order_is_not_there(database):
    order, other = place_one([(make_product(on_hand=5), 2)]), make_merchant()

    with pytest.raises(NotFound):
        cancel.cancel(other.id, order.id, Cancel("not mine"), SELLER)
    session().rollback()

    assert reread(order).state is State.CONFIRMED


@pytest.mark.parametrize("is_settled", [False, True])
def test_units_go_back_whether_they_were_settled_or_not(database, is_settled):
    product = make_product(on_hand=5)
    order = place_one([(product, 2)])
    if is_settled:
        settle_all(order)
        assert balances(product) == (3, 0, 2)

    call_off(order)

    assert balances(product) == (5, 0, 0)
    assert holds_of(order) == [(2, "restored" if is_settled else "released")]
    check_books(order.merchant_id)


@pytest.mark.parametrize("is_settled", [False, True])
def test_without_restock_units_are_gone_whether_they_were_settled_or_not(database, is_settled):
    product = make_product(on_hand=5)
    order = place_one([(product, 2)])
    if is_settled:
        settle_all(order)

    call_off(order, restock=False)

    assert balances(product) == (3, 0, 2)
    assert holds_of(order) == [(2, "settled")]
    check_books(order.merchant_id)


def test_without_restock_what_was_never_there_is_given_up(database):
    product = make_product(on_hand=1, when_short=WhenShort.BACKORDER)
    order = place_one([(product, 4)])

    call_off(order, restock=False)

    assert balances(product) == (1, 0, 0)
    assert holds_of(order) == [(4, "released")]
    check_books(order.merchant_id)


def test_cancelling_twice_gives_nothing_back_twice(database):
    product = make_product(on_hand=5)
    order = place_one([(product, 2)])
    settle_all(order)
    call_off(order)
    before = everything(order.merchant_id)

    with pytest.raises(WrongState):
        call_off(order)
    session().rollback()

    assert everything(order.merchant_id) == before


def test_the_courier_of_a_cancelled_order_is_not_asked_any_more(database):
    product = make_product(on_hand=1, when_short=WhenShort.BACKORDER)
    order = place_one([(product, 4)])
    assert order.pickup_due_at is not None

    after = call_off(order).order

    assert after.pickup_due_at is None


@pytest.mark.parametrize(
    ("role", "side"),
    [(Role.CUSTOMER, "customer"), (Role.OWNER, "merchant"), (Role.CLERK, "merchant"), (Role.STAFF, "staff")],
)
def test_the_event_says_which_side_cancelled(database, role, side):
    customer = make_actor(Role.CUSTOMER)
    order = place_one([(make_product(on_hand=5), 2)], customer)

    call_off(order, customer if role is Role.CUSTOMER else make_actor(role))

    event = events_of(order)[-1]
    assert (event.type, event.payload["reason"], event.payload["note"]) == ("order.cancelled", side, "changed my mind")
    assert event.payload["was_requested"] is False


@pytest.mark.parametrize("is_paid", [False, True])
def test_cancelling_says_whether_money_is_due_back(database, is_paid):
    order = make_order(State.CONFIRMED, [(make_product(on_hand=5), 2)])
    if is_paid:
        pay.pay(order.merchant_id, order.id, pay.PaymentReport(Money(order.total, "NPR"), "ref-1"), SELLER)
        session().commit()

    after = call_off(order).order

    assert after.refund_due is is_paid
    assert events_of(order)[-1].payload["refund_due"] is is_paid


@pytest.mark.parametrize("is_settled", [False, True])
def test_what_could_not_be_delivered_goes_back_once(database, is_settled):
    product = make_product(on_hand=5)
    order = make_order(State.PICKED_UP, [(product, 2)])
    if is_settled:
        settle_all(order)

    shown = pickup.fail(order.merchant_id, order.id, "nobody at home", SELLER)
    session().commit()
    with pytest.raises(WrongState):
        pickup.fail(order.merchant_id, order.id, "nobody at home", SELLER)
    session().rollback()

    assert (shown.order.state, shown.order.reason) == (State.CANCELLED, "undelivered")
    assert balances(product) == (5, 0, 0)
    assert find.history(order.merchant_id, order.id, SELLER)[-1].note == "nobody at home"
    check_books(order.merchant_id)


def test_a_failed_delivery_keeps_what_the_merchant_had_said(database):
    order = make_order(State.PICKED_UP, [(make_product(on_hand=0), 2)])
    said = order.answer_note

    shown = pickup.fail(order.merchant_id, order.id, "nobody at home", SELLER)

    assert shown.order.answer_note == said
    session().commit()
    assert events_of(order)[-1].payload["note"] == "nobody at home"
