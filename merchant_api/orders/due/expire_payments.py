"""Accepted orders that nobody paid: cancelled for `payment_overdue`, after the grace that late reports get."""

from collections.abc import Sequence
from uuid import UUID

from merchant_api.core.actor import Actor
from merchant_api.core.due import Due
from merchant_api.orders import move
from merchant_api.orders.due.end import Overdue, end_overdue
from merchant_api.orders.models import Order
from merchant_api.orders.move import Locked
from merchant_api.orders.states import Cause, State, Step
from merchant_api.orders.steps.cancel import end

DUE = Due(Order, "ix_orders_awaiting_payment")


def run(merchant_id: UUID, ids: Sequence[UUID], actor: Actor) -> int:
    """Cancel those that are still unpaid."""
    return end_overdue(merchant_id, ids, _KIND, actor)


def _end(locked: Locked, actor: Actor) -> None:
    end(locked, Step.OVERDUE, Cause.PAYMENT_OVERDUE, actor)
    move.tell(locked, "order.cancelled", actor, note=None)


_KIND = Overdue(State.AWAITING_PAYMENT, lambda order: order.sweep_at, _end)
