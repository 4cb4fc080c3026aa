"""Orders of shops that are told by several ways at once: each has its effect once, and the books agree."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from merchant_api.channels.sales import cancel
from merchant_api.channels.sales.report import LineTold, OrderTold, report
from merchant_api.channels.states import SaleState
from merchant_api.core.db import session
from merchant_api.orders.models import Order
from tests.make.channels import make_channel, make_listing
from tests.make.orders import place_one
from tests.make.sales import sale_of, shop_line, shop_order, sold_of, told
from tests.make.stock import available, make_product
from tests.races.rivals import at_once, in_own, said

RIVALS = 8


@pytest.fixture
def channel(shop):
    return make_channel(shop, name="Corner")


@pytest.fixture
def mug(shop):
    return make_product(shop, on_hand=50, sku="MUG")


@pytest.fixture
def listing(channel, mug):
    return make_listing(channel, mug, acknowledged=50)


def orders():
    session().rollback()
    return session().execute(select(func.count()).select_from(Order)).scalar_one()


def test_the_poll_and_the_events_bring_an_order_at_once(crowd, channel, mug, listing):
    order = shop_order(shop_line(mug, 3), is_paid=True)

    results = at_once(crowd, [lambda: told(channel, order)] * RIVALS)

    assert {result.state for result in results} == {SaleState.TAKEN}
    assert sum(result.is_new for result in results) == 1
    assert (orders(), available(mug), sold_of(listing)) == (1, 47, 3)


def test_a_call_and_the_poll_bring_it_at_once_under_other_keys(crowd, channel, mug, listing):
    polled = shop_order(shop_line(mug, 3, key="line-77"))
    called = OrderTold("#1001", [LineTold(3, sku="mug")])

    at_once(
        crowd,
        [lambda: told(channel, polled), lambda: report(channel.merchant_id, channel.id, called)] * (RIVALS // 2),
    )

    assert (orders(), available(mug), sold_of(listing)) == (1, 47, 3)


def test_many_orders_by_two_ways_at_once(crowd, channel, mug, listing):
    told_twice = [shop_order(shop_line(mug), external_id=f"#{number}") for number in range(RIVALS)] * 2

    at_once(crowd, [lambda order=order: told(channel, order) for order in told_twice])

    assert (orders(), available(mug), sold_of(listing)) == (RIVALS, 50 - RIVALS, RIVALS)


def test_a_cancellation_comes_by_two_ways_at_once(crowd, channel, mug, listing):
    order = shop_order(shop_line(mug, 3))
    told(channel, order)
    less = replace(order, lines=(shop_line(mug, 3, taken=1, cancelled=2),))

    at_once(crowd, [lambda: told(channel, less)] * RIVALS)

    assert (available(mug), sold_of(listing)) == (49, 1)


def test_calls_that_cancel_a_unit_each_cancel_as_many_as_there_are(crowd, channel, mug):
    told(channel, shop_order(shop_line(mug, 3)))
    one = cancel.CancelTold([LineTold(1, sku="MUG")])
    cancels = in_own(lambda: cancel.cancel(channel.merchant_id, channel.id, "#1001", one))

    results = at_once(crowd, [cancels] * 5)

    assert said(results) == {"ok": 3, "more_than_left": 2}
    assert available(mug) == 50


def test_the_last_unit_is_sold_here_and_there_at_once(crowd, shop, channel):
    last = make_product(shop, on_hand=1)

    at_once(crowd, [lambda: told(channel, shop_order(shop_line(last))), lambda: place_one([(last, 1)])])

    assert orders() == 2
    assert sale_of(channel).state is SaleState.TAKEN
    assert available(last) in (-1, 0)


def test_an_edit_and_a_flip_at_once_end_as_one_of_them(crowd, channel, mug, listing):
    order = shop_order(shop_line(mug, 3))
    told(channel, order)
    more = replace(order, lines=(shop_line(mug, 5),))
    none = replace(order, lines=(shop_line(mug, 3, taken=0, cancelled=3),))

    at_once(crowd, [lambda: told(channel, more), lambda: told(channel, none)] * 3)

    assert (available(mug), sold_of(listing)) in [(45, 5), (50, 0)]
