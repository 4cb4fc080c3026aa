"""What the scheduled jobs do to overdue orders, many of one merchant at a time.

Orders are locked in the order of their ids and those that somebody holds are left for the next round; then the clock
is read and the deadline tested again; then everything is written set-based.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_

from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.orders import move
from merchant_api.orders.models import Order
from merchant_api.orders.move import Locked
from merchant_api.orders.states import State
from merchant_api.stock import holds


@dataclass(frozen=True, slots=True)
class Overdue:
    """A kind of overdue order: the state it waits in, its deadline, and how it ends."""

    waits_in: State
    deadline: Callable[[Order], datetime | None]
    end: Callable[[Locked, Actor], None]


def end_overdue(merchant_id: UUID, ids: Sequence[UUID], kind: Overdue, actor: Actor) -> int:
    """End those of the orders that are overdue and give back what they held; gives their number."""
    which = and_(Order.id.in_(sorted(ids)), Order.state == kind.waits_in)
    locked = move.lock_many(merchant_id, which, limit=len(ids))
    at = clock.now()
    due = [each for each in locked if (deadline := kind.deadline(each.order)) is not None and deadline <= at]
    if not due:
        return 0
    book, held = holds.lock_for_orders(merchant_id, [each.order.id for each in due])
    holds.release(book, held, actor)
    book.write()
    for each in due:
        each.at = at
        kind.end(each, actor)
    move.write(merchant_id, due)
    return len(due)
