"""Which instants follow from a merchant's windows, and what an order gets that is confirmed or waits for its money."""

from datetime import UTC, datetime, timedelta

import pytest

from merchant_api.orders import deadlines
from merchant_api.orders.confirm import stand_confirmed, stand_unpaid
from merchant_api.orders.deadlines import Windows
from merchant_api.orders.models import Order

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
WINDOWS = Windows(respond_s=60, pay_s=600, grace_s=5, cancel_s=3600)


def later(seconds):
    return AT + timedelta(seconds=seconds)


def test_each_deadline_is_its_window_after_the_instant():
    assert deadlines.respond_by(WINDOWS, AT) == later(60)
    assert deadlines.pay_by(WINDOWS, AT) == later(600)
    assert deadlines.cancel_by(WINDOWS, AT) == later(3600)
    assert deadlines.cancel_respond_by(WINDOWS, AT) == later(60)


def test_an_unpaid_order_ends_only_after_the_grace():
    order = Order()

    stand_unpaid(order, AT, WINDOWS)

    assert (order.pay_by, order.sweep_at) == (later(600), later(605))


@pytest.mark.parametrize(
    ("is_owed", "by_courier", "ready_in", "asks_courier", "looks_again_in"),
    [
        (False, False, None, False, None),
        (True, False, None, False, 0),
        (False, True, None, True, None),
        (True, True, None, False, 0),
        (False, True, 90, False, 90),
        (True, True, 90, False, 90),
        (False, True, -90, True, None),
        (False, False, 90, False, None),
    ],
)
def test_the_courier_is_asked_once_all_is_there_and_ready(is_owed, by_courier, ready_in, asks_courier, looks_again_in):
    order = Order(ready_at=None if ready_in is None else later(ready_in), sweep_at=AT)

    asks = stand_confirmed(order, AT, WINDOWS, is_owed=is_owed, by_courier=by_courier)

    assert asks is asks_courier
    assert order.pickup_due_at == (None if looks_again_in is None else later(looks_again_in))
    assert (order.confirmed_at, order.cancel_by, order.sweep_at) == (AT, later(3600), None)
