"""The courier is asked once, when nothing is owed and the goods are ready; what needs no courier goes without."""

from datetime import timedelta

import pytest

from merchant_api.catalog.models import Fulfilment, ProductKind, WhenShort
from merchant_api.core import clock
from merchant_api.core.actor import job
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.orders.due import ask_pickup
from merchant_api.orders.money import pay
from merchant_api.orders.states import State
from merchant_api.orders.steps import decide, pickup
from merchant_api.stock.adjust import Adjustment, adjust
from merchant_api.stock.states import Reason
from tests.make.orders import events_of, place_one, reread, settle_all, steps_of
from tests.make.people import make_actor, make_merchant
from tests.make.stock import balances, make_product

SELLER = make_actor()


def asked(order):
    return [event.type for event in events_of(order)].count("order.pickup_requested")


def ask(order):
    done = ask_pickup.run(order.merchant_id, [order.id], job("ask_pickup"))
    session().commit()
    return done


def accepted(product, **answer):
    order = place_one([(product, 2)])
    decide.accept(order.merchant_id, order.id, decide.Accept(**answer), SELLER)
    session().commit()
    return order


def paid(order):
    pay.pay(order.merchant_id, order.id, pay.PaymentReport(Money(order.total, "NPR"), "ref-1"), SELLER)
    session().commit()
    return reread(order)


def test_an_order_that_stock_covers_asks_the_courier_at_once_and_once(database):
    order = place_one([(make_product(on_hand=5), 2)])

    assert order.pickup_asked_at == order.placed_at
    assert steps_of(order) == [("place", "confirmed"), ("ask_pickup", "confirmed")]
    assert ask_pickup.DUE.ids(order.merchant_id, clock.now() + timedelta(days=1), 10) == []
    assert ask(order) == 0
    assert asked(order) == 1


def test_nothing_is_asked_before_the_order_is_confirmed(database):
    order = accepted(make_product(on_hand=0))

    assert order.state is State.REQUESTED
    assert reread(order).pickup_due_at is None
    assert asked(order) == 0
    assert paid(order).pickup_asked_at is not None
    assert asked(order) == 1


def test_the_courier_is_asked_when_the_goods_are_ready(database):
    ready_at = clock.now() + timedelta(hours=5)
    order = paid(accepted(make_product(on_hand=0), ready_at=ready_at))

    assert (order.pickup_asked_at, order.pickup_due_at, asked(order)) == (None, ready_at, 0)
    assert ask_pickup.DUE.ids(order.merchant_id, ready_at - timedelta(microseconds=1), 10) == []
    with clock.clock.pinned(ready_at):
        assert ask_pickup.DUE.merchants(clock.now(), 10) == [order.merchant_id]
        assert ask_pickup.DUE.ids(order.merchant_id, clock.now(), 10) == [order.id]
        settle_all(order)
        assert [ask(order), ask(order)] == [1, 0]

    assert (reread(order).pickup_asked_at, reread(order).pickup_due_at, asked(order)) == (ready_at, None, 1)


def test_goods_that_were_ready_before_are_asked_for_at_once(database):
    ready_at = clock.now() + timedelta(minutes=5)
    order = accepted(make_product(on_hand=0), ready_at=ready_at)

    with clock.clock.pinned(ready_at + timedelta(minutes=5)):
        order = paid(order)

    assert asked(order) == 1
    assert order.pickup_asked_at == order.confirmed_at


def test_a_backorder_asks_the_courier_when_nothing_is_owed_any_more(database):
    product = make_product(on_hand=1, when_short=WhenShort.BACKORDER)
    order = place_one([(product, 4)])
    settle_all(order)
    assert (balances(product), ask(order), asked(order)) == ((1, 4, 0), 0, 0)
    assert reread(order).pickup_due_at > clock.now()

    adjust(product.merchant_id, Adjustment(product.id, Reason.RECEIVED, increase=3), SELLER)
    session().commit()
    settle_all(order)

    assert (balances(product), ask(order), asked(order)) == ((0, 0, 4), 1, 1)


def test_what_needs_no_courier_is_delivered_from_confirmed_without_asking_one(database):
    merchant = make_merchant()
    seat = make_product(merchant, on_hand=5, kind=ProductKind.REGISTRATION, fulfilment=Fulfilment.NONE)
    order = place_one([(seat, 2)])

    shown = pickup.deliver(merchant.id, order.id, pickup.HandOver(), SELLER)
    session().commit()

    assert (order.pickup_asked_at, order.pickup_due_at, asked(order)) == (None, None, 0)
    assert (shown.order.state, shown.order.ended_at is not None) == (State.DELIVERED, True)
    assert steps_of(order) == [("place", "confirmed"), ("deliver", "delivered")]


def test_one_line_by_courier_makes_it_an_order_by_courier(database):
    merchant = make_merchant()
    mug, seat = make_product(merchant, on_hand=5), make_product(merchant, on_hand=5, fulfilment=Fulfilment.NONE)

    order = place_one([(seat, 1), (mug, 1)])

    assert asked(order) == 1


@pytest.mark.parametrize("is_settled_first", [False, True])
def test_units_that_left_the_house_are_settled_whenever_the_job_comes(database, is_settled_first):
    product = make_product(on_hand=5)
    order = place_one([(product, 2)])
    verbs = [lambda: pickup.pick_up(order.merchant_id, order.id, pickup.HandOver(), SELLER), lambda: settle_all(order)]
    for verb in reversed(verbs) if is_settled_first else verbs:
        verb()
        session().commit()

    pickup.deliver(order.merchant_id, order.id, pickup.HandOver(), SELLER)
    session().commit()

    assert balances(product) == (3, 0, 2)
