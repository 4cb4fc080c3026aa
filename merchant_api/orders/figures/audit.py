"""The audit of orders: no unit stays promised to an order that is over, and none that is sold waits for ever.

A tripwire beside the audit of stock, which knows no orders: an open hold must belong to an order that still wants it,
and be due exactly if its order is confirmed. Nothing is repaired here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, or_, select

from merchant_api.core.db import session
from merchant_api.orders.models import Order
from merchant_api.orders.states import State
from merchant_api.stock.models import Hold
from merchant_api.stock.states import HoldState

SOLD = (State.CONFIRMED, State.PICKED_UP, State.DELIVERED)
WAITING = (State.REQUESTED, State.AWAITING_PAYMENT)


@dataclass(frozen=True, slots=True)
class Stray:
    """An open hold that its order does not want, or of which it wants something else."""

    hold_id: UUID
    order: str
    what: str
    compensation: str

    def lines(self) -> Iterator[str]:
        """For people, line by line."""
        yield f"  order {self.order}: {self.what} (hold {self.hold_id})"
        yield f"    compensation: {self.compensation}"


def audit(merchant_id: UUID) -> list[Stray]:
    """A merchant's open holds that do not fit their orders, oldest first; one read."""
    is_due = Hold.settle_at.is_not(None)
    fits = or_(and_(Order.state.in_(SOLD), is_due), and_(Order.state.in_(WAITING), ~is_due))
    strays = (
        select(Hold.id, Hold.order_id, (Hold.quantity - Hold.back).label("quantity"), Order.code, Order.state)
        .outerjoin(Order, and_(Order.merchant_id == merchant_id, Order.id == Hold.order_id))
        .where(Hold.merchant_id == merchant_id, Hold.state == HoldState.OPEN, or_(Order.id.is_(None), ~fits))
        .order_by(Hold.id)
    )
    return [_stray(row) for row in session().execute(strays)]


def _stray(row: Row[*tuple[Any, ...]]) -> Stray:
    what, compensation = _worded(row)
    return Stray(row.id, row.code or str(row.order_id), what, compensation)


def _worded(row: Row[*tuple[Any, ...]]) -> tuple[str, str]:
    if row.state is None:
        return f"{row.quantity} units are held for an order that does not exist", "release the hold"
    if row.state in SOLD:
        return f"{row.quantity} units are sold and never settled", "make the hold due"
    if row.state in WAITING:
        return f"{row.quantity} units are about to be settled, but it is {row.state}", "put the hold off"
    return f"{row.quantity} units are held, but it is {row.state}", "release the hold"
