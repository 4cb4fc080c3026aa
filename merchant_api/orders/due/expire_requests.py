"""Requests that nobody answered: `expired`, which is never called a decline; the merchant is told what was missed."""

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

INDEX = "ix_orders_requested"


def merchants_due(at: datetime, limit: int) -> list[UUID]:
    """Merchants with a request past its deadline."""
    return waiting.merchants(Order, INDEX, at, limit)


def due(merchant_id: UUID, at: datetime, limit: int) -> list[UUID]:
    """Ids of requests past their deadline, the longest overdue first."""
    return waiting.ids(Order, INDEX, merchant_id, at, limit)


def run(merchant_id: UUID, ids: Sequence[UUID], actor: Actor) -> int:
    """Expire those that are still unanswered."""
    return end_overdue(merchant_id, ids, _KIND, actor)


def _end(locked: Locked, actor: Actor) -> None:
    locked.order.ended_at = locked.at
    locked.order.reason = "no_answer"
    move.enter(locked, Step.EXPIRE, State.EXPIRED, actor)
    move.tell(locked, "order.expired", actor)


_KIND = Overdue(State.REQUESTED, lambda order: order.respond_by, _end)
