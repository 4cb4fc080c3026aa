"""Who hears of what: every event type, pure."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from merchant_api.alerts.hears import HEARS, LASTS, plan, tag
from merchant_api.outbox.models import Audience

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RESPOND_BY, PAY_BY = NOON + timedelta(minutes=30), NOON + timedelta(minutes=60)
M, C = Audience.MERCHANT, Audience.CUSTOMER
PAYLOAD = {"respond_by": "2026-11-22T12:30:00Z", "pay_by": "2026-11-22T13:00:00Z", "state": "confirmed"}
UNPAID = {**PAYLOAD, "state": "awaiting_payment"}
DAY, WISH_BY = NOON + LASTS, NOON + timedelta(minutes=45)
WISHED = {**PAYLOAD, "cancel_respond_by": "2026-11-22T12:45:00Z"}

TABLE = {
    "order.requested": (PAYLOAD, {M: RESPOND_BY, C: RESPOND_BY}),
    "order.confirmed": (PAYLOAD, {M: DAY, C: DAY}),
    "order.accepted": (UNPAID, {C: PAY_BY}),
    "order.declined": (PAYLOAD, {C: DAY}),
    "order.expired": (PAYLOAD, {M: DAY, C: DAY}),
    "order.cancelled": (PAYLOAD, {M: DAY, C: DAY}),
    "order.awaiting_payment": (UNPAID, {C: PAY_BY}),
    "order.paid": (PAYLOAD, {M: DAY, C: DAY}),
    "order.part_paid": (UNPAID, {M: DAY, C: PAY_BY}),
    "order.pickup_requested": (PAYLOAD, {M: DAY, C: DAY}),
    "order.picked_up": (PAYLOAD, {M: DAY, C: DAY}),
    "order.delivered": (PAYLOAD, {M: DAY, C: DAY}),
    "order.undelivered": (PAYLOAD, {M: DAY, C: DAY}),
    "order.revived": (PAYLOAD, {M: DAY, C: DAY}),
    "payment.parked": (PAYLOAD, {M: DAY}),
    "order.reduced": (PAYLOAD, {M: DAY, C: DAY}),
    "order.in_stock": (PAYLOAD, {C: DAY}),
    "order.cancel_requested": (WISHED, {M: WISH_BY}),
    "order.cancel_refused": (PAYLOAD, {M: DAY, C: DAY}),
    "order.returned": (PAYLOAD, {M: DAY, C: DAY}),
    "payment.refunded": (PAYLOAD, {C: DAY}),
    "payment.refund_failed": (PAYLOAD, {M: DAY}),
    "payment.questioned": (PAYLOAD, {M: DAY}),
    "payment.disputed": (PAYLOAD, {M: DAY}),
    "channel.failing": (PAYLOAD, {M: DAY}),
    "channel.ready": (PAYLOAD, {M: DAY}),
    "channel.drift": (PAYLOAD, {M: DAY}),
    "payment.dispute_won": (PAYLOAD, {M: DAY}),
    "payment.dispute_lost": (PAYLOAD, {M: DAY}),
}


def test_the_table_knows_every_type():
    assert TABLE.keys() == HEARS.keys()


@pytest.mark.parametrize("event_type", TABLE)
def test_each_event_is_heard_by_its_audiences_as_long_as_it_has_a_point(event_type):
    payload, expected = TABLE[event_type]

    planned = plan(event_type, payload, NOON)

    assert {each.audience: each.expires_at for each in planned.tellings} == expected


def test_an_acceptance_with_nothing_left_to_pay_lasts_a_day():
    (telling,) = plan("order.accepted", PAYLOAD, NOON).tellings

    assert telling.expires_at == DAY


@pytest.mark.parametrize(
    ("event_type", "was_requested", "is_withdrawn"),
    [
        ("order.accepted", True, True),
        ("order.declined", True, True),
        ("order.expired", True, True),
        ("order.cancelled", True, True),
        ("order.cancelled", False, False),
        ("order.requested", False, False),
        ("order.paid", False, False),
    ],
)
def test_what_ends_a_request_takes_its_notification_back(event_type, was_requested, is_withdrawn):
    planned = plan(event_type, {**PAYLOAD, "was_requested": was_requested}, NOON)

    assert planned.withdraw_until == (RESPOND_BY + timedelta(hours=1) if is_withdrawn else None)


@pytest.mark.parametrize("event_type", ["order.cancel_refused", "order.cancelled"])
def test_what_ends_a_wish_to_cancel_takes_its_notification_back(event_type):
    planned = plan(event_type, {**WISHED, "was_cancel_requested": True}, NOON)

    assert (planned.withdraws, planned.withdraw_until) == ("order.cancel_requested", WISH_BY + timedelta(hours=1))


def test_nobody_hears_of_what_the_table_does_not_name():
    assert plan("channel.pushed", {}, NOON).tellings == ()


@pytest.mark.parametrize("event_type", ["order.paid", "order.part_paid"])
def test_money_for_a_request_does_not_take_the_place_of_what_rings(event_type):
    event_id, order_id = UUID(int=1), UUID(int=2)

    assert tag("order.requested", event_id, order_id, "requested") == str(order_id)
    assert tag(event_type, event_id, order_id, "requested") == str(event_id)
    assert tag(event_type, event_id, order_id, "awaiting_payment") == str(order_id)
