"""Who hears of what, and until when it has a point: a pure plan from an event's type and frozen payload.

One table says it. A request rings the merchant until its deadline, and so does a customer's wish to cancel; a message
that asks the customer to pay has a point until he has to; everything else for a day. What ends a ring also takes its
notification back.

How an order stands is told under one tag, the order's: the newest replaces what came before, also in the line of
a phone that is offline. News beside that (a courier is asked for, a payment needs somebody) has a tag of its own,
because it is born in the same step and must neither replace how the order stands nor be replaced by it. So has money
that comes for a request: what rings goes on ringing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from merchant_api.outbox.models import Audience

MERCHANT, CUSTOMER = (Audience.MERCHANT,), (Audience.CUSTOMER,)
BOTH = MERCHANT + CUSTOMER
REQUESTED = "order.requested"
CANCEL_REQUESTED = "order.cancel_requested"
RINGS = (REQUESTED, CANCEL_REQUESTED)
WITHDRAWN = "order.withdrawn"

HEARS: dict[str, tuple[Audience, ...]] = {
    REQUESTED: BOTH,
    "order.confirmed": BOTH,
    "order.accepted": CUSTOMER,
    "order.declined": CUSTOMER,
    "order.expired": BOTH,
    "order.cancelled": BOTH,
    "order.awaiting_payment": CUSTOMER,
    "order.paid": BOTH,
    "order.part_paid": BOTH,
    "order.pickup_requested": BOTH,
    "order.picked_up": BOTH,
    "order.delivered": BOTH,
    "order.undelivered": BOTH,
    "order.reduced": BOTH,
    "order.in_stock": CUSTOMER,
    CANCEL_REQUESTED: MERCHANT,
    "order.cancel_refused": BOTH,
    "order.returned": BOTH,
    "order.revived": BOTH,
    "payment.parked": MERCHANT,
    "payment.refunded": CUSTOMER,
    "payment.refund_failed": MERCHANT,
    "payment.questioned": MERCHANT,
    "payment.disputed": MERCHANT,
    "payment.dispute_won": MERCHANT,
    "payment.dispute_lost": MERCHANT,
    "channel.failing": MERCHANT,
    "channel.ready": MERCHANT,
    "channel.drift": MERCHANT,
}
ENDS_REQUEST = frozenset({"order.accepted", "order.declined", "order.expired"})
BESIDE = frozenset({"order.pickup_requested"}) | {name for name in HEARS if name.startswith("payment.")}
MONEY_CAME = frozenset({"order.paid", "order.part_paid"})
ASKS_TO_PAY = frozenset({"order.accepted", "order.awaiting_payment", "order.part_paid"})
LASTS = timedelta(hours=24)
_DEADLINES = {REQUESTED: "respond_by", CANCEL_REQUESTED: "cancel_respond_by"}
WITHDRAWAL_LASTS = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Telling:
    """One audience to be told, as long as it has a point; urgently what rings, and what ends a ring."""

    audience: Audience
    expires_at: datetime
    is_urgent: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is told of an event, which ring it ended, and until when its withdrawal is worth sending."""

    tellings: tuple[Telling, ...]
    withdraws: str | None = None
    withdraw_until: datetime | None = None


def plan(event_type: str, payload: Mapping[str, Any], happened_at: datetime) -> Plan:
    """The plan of an event; nobody hears of types that the table does not name. ValueError for a broken payload."""
    audiences = HEARS.get(event_type, ())
    ring = _ring_ended(event_type, payload)
    is_of_a_ring = event_type in RINGS or ring is not None
    tellings = tuple(
        Telling(
            each,
            _expires_at(event_type, each, payload, happened_at),
            is_urgent=is_of_a_ring and each is Audience.MERCHANT,
        )
        for each in audiences
    )
    if ring is None:
        return Plan(tellings)
    begin = max(happened_at, _instant(payload, _DEADLINES[ring]) or happened_at)
    return Plan(tellings, ring, begin + WITHDRAWAL_LASTS)


def tag(event_type: str, event_id: UUID, order_id: UUID | None, state: str | None = None) -> str:
    """Under what a message is shown: one of the same tag replaces it. `state` is the order's."""
    is_beside = event_type in BESIDE or (event_type in MONEY_CAME and state == "requested")
    return str(event_id if is_beside or order_id is None else order_id)


def _expires_at(event_type: str, audience: Audience, payload: Mapping[str, Any], happened_at: datetime) -> datetime:
    deadline = None
    if event_type in RINGS:
        deadline = _instant(payload, _DEADLINES[event_type])
    elif event_type in ASKS_TO_PAY and audience is Audience.CUSTOMER and payload.get("state") == "awaiting_payment":
        deadline = _instant(payload, "pay_by")
    return deadline or happened_at + LASTS


def _ring_ended(event_type: str, payload: Mapping[str, Any]) -> str | None:
    if event_type in ENDS_REQUEST:
        return REQUESTED
    if event_type == "order.cancel_refused":
        return CANCEL_REQUESTED
    if event_type != "order.cancelled":
        return None
    if payload.get("was_requested") is True:
        return REQUESTED
    return CANCEL_REQUESTED if payload.get("was_cancel_requested") is True else None


def _instant(payload: Mapping[str, Any], name: str) -> datetime | None:
    text = payload.get(name)
    return None if text is None else datetime.fromisoformat(text)
