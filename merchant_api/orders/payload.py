"""What events say of an order, version 1: frozen when it happens; ids and facts, not people's data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from merchant_api.core.actor import Actor
from merchant_api.core.schema import rfc3339
from merchant_api.orders.models import Order, OrderLine
from merchant_api.orders.unproven import code_of


@dataclass(frozen=True, slots=True)
class Shop:
    """What events say of the merchant, so that a message can be worded without reading it again."""

    name: str
    locale: str
    time_zone: str


def payload(order: Order, lines: Sequence[OrderLine], shop: Shop, actor: Actor) -> dict[str, Any]:
    """The payload of an event about an order as it is now."""
    return {
        "order_id": str(order.id),
        "code": order.code,
        "state": order.state.value,
        "mode": order.mode,
        "terms": order.payment_terms.value,
        "total": {"amount": order.total, "currency": order.currency},
        "placed_at": _text(order.placed_at),
        "respond_by": _text(order.respond_by),
        "pay_by": _text(order.pay_by),
        "ready_at": _text(order.ready_at),
        "confirmed_at": _text(order.confirmed_at),
        "pickup_asked_at": _text(order.pickup_asked_at),
        "reason": order.reason,
        "note": order.answer_note,
        "left_to_pay": {"amount": order.left_to_pay, "currency": order.currency},
        "refund_due": order.refund_due,
        "refund_owed": {"amount": order.refund_owed.amount, "currency": order.currency},
        "cancel_respond_by": _text(order.cancel_respond_by),
        "customer_id": str(order.customer_id),
        "merchant_name": shop.name,
        "merchant_locale": shop.locale,
        "merchant_time_zone": shop.time_zone,
        "actor": {"kind": actor.role.value, "id": actor.id},
        "lines": [
            {
                "product_id": str(line.product_id),
                "sku": line.sku,
                "name": line.name,
                "quantity": line.kept,
                "verdict": line.verdict.value,
                "verdict_code": code_of(line.verdict_code),
            }
            for line in lines
            if line.kept
        ],
    }


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else rfc3339(instant)
