"""Requests that nobody answered: `expired`, which is never called a decline; the merchant is told what was missed."""

from collections.abc import Sequence
from uuid import UUID

from merchant_api.core.actor import Actor
from merchant_api.core.due import Due
from merchant_api.orders import move
from merchant_api.orders.due.end import Overdue, end_overdue
from merchant_api.orders.models import Order
from merchant_api.orders.move import Locked
from merchant_api.orders.states import Cause, State, Step

DUE = Due(Order, "ix_orders_requested")


def run(merchant_id: UUID, ids: Sequence[UUID], actor: Actor) -> int:
    """Expire those that are still unanswered."""
    return end_overdue(merchant_id, ids, _KIND, actor)


def _end(locked: Locked, actor: Actor) -> None:
    locked.order.ended_at = locked.at
    locked.order.reason = Cause.NO_ANSWER.value
    locked.order.cause = Cause.NO_ANSWER
    move.enter(locked, Step.EXPIRE, State.EXPIRED, actor)
    move.tell(locked, "order.expired", actor)


_KIND = Overdue(State.REQUESTED, lambda order: order.respond_by, _end)
