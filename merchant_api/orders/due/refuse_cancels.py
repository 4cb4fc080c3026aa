"""Wishes to cancel that nobody answered in time: the order stays, and both sides are told (DESIGN.md 2)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_

from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.due import Due
from merchant_api.orders import move
from merchant_api.orders.models import Order
from merchant_api.orders.move import Locked
from merchant_api.orders.states import State
from merchant_api.orders.steps.cancel_request import keep

DUE = Due(Order, "ix_orders_cancel_asked")


def run(merchant_id: UUID, ids: Sequence[UUID], actor: Actor) -> int:
    """Refuse the wishes that are still unanswered; the clock is read under the locks."""
    which = and_(Order.id.in_(sorted(ids)), Order.state == State.CONFIRMED, Order.cancel_respond_by.is_not(None))
    locked = move.lock_many(merchant_id, which, limit=len(ids))
    at = clock.now()
    overdue = [each for each in locked if _is_over(each, at)]
    for each in overdue:
        each.at = at
        keep(each, actor)
    if overdue:
        move.write(merchant_id, overdue)
    return len(overdue)


def _is_over(locked: Locked, at: datetime) -> bool:
    return locked.order.cancel_respond_by is not None and locked.order.cancel_respond_by <= at
