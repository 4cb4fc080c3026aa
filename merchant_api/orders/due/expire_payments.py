"""Accepted orders that nobody paid: cancelled for `payment_overdue`, after the grace that late reports get."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from merchant_api.core import due as waiting
from merchant_api.core.actor import Actor
from merchant_api.orders import move
from merchant_api.orders.due.end import Overdue, end_overdue
from merchant_api.orders.models import Order
from merchant_api.orders.move import Locked
from merchant_api.orders.states import State, Step
from merchant_api.orders.steps.cancel import end

INDEX = "ix_orders_awaiting_payment"


def merchants_due(at: datetime, limit: int) -> list[UUID]:
    """Merchants with an order unpaid past its deadline and the grace."""
    return waiting.merchants(Order, INDEX, at, limit)


def due(merchant_id: UUID, at: datetime, limit: int) -> list[UUID]:
    """Ids of orders unpaid past their deadline and the grace."""
    return waiting.ids(Order, INDEX, merchant_id, at, limit)


def run(merchant_id: UUID, ids: Sequence[UUID], actor: Actor) -> int:
    """Cancel those that are still unpaid."""
    return end_overdue(merchant_id, ids, _KIND, actor)


def _end(locked: Locked, actor: Actor) -> None:
    end(locked, Step.OVERDUE, "payment_overdue", actor)
    move.tell(locked, "order.cancelled", actor, note=None)


_KIND = Overdue(State.AWAITING_PAYMENT, lambda order: order.sweep_at, _end)
