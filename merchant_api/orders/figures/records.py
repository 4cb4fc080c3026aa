"""The inventory log of orders: a record for each line of a tracked product, with the units it still stands for.

0 once the order ended undelivered; less what was cancelled of it or came back (features C8).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, case, select, tuple_

from merchant_api.core.db import session
from merchant_api.core.ids import first_id
from merchant_api.core.paging import Page, Window, cut
from merchant_api.orders.models import Order, OrderLine
from merchant_api.orders.states import ENDED_UNDELIVERED

KEY = (UUID, int)  # order and line
_SLACK = timedelta(minutes=1)  # an order's id is made a moment after the instant of its placing was read


@dataclass(frozen=True, slots=True)
class RecordsWanted:
    """Which records: of one product, of orders placed from `since` (inclusive) until `until` (exclusive)."""

    product_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


def page(merchant_id: UUID, wanted: RecordsWanted, at: Window) -> Page[Row[Any]]:
    """Records, the newest order first."""
    stands = OrderLine.quantity - OrderLine.cancelled - OrderLine.returned
    rows = (
        select(
            OrderLine.order_id,
            OrderLine.line,
            OrderLine.product_id,
            OrderLine.sku,
            OrderLine.name,
            OrderLine.quantity.label("ordered"),
            OrderLine.cancelled,
            OrderLine.returned,
            case((Order.state.in_(sorted(ENDED_UNDELIVERED)), 0), else_=stands).label("quantity"),
            Order.code,
            Order.state,
            Order.customer_name,
            Order.placed_at,
        )
        .join(Order, and_(Order.merchant_id == merchant_id, Order.id == OrderLine.order_id))
        .where(OrderLine.merchant_id == merchant_id, OrderLine.is_tracked)
        .order_by(OrderLine.order_id.desc(), OrderLine.line.desc())
    )
    if wanted.product_id is not None:
        rows = rows.where(OrderLine.product_id == wanted.product_id)
    if wanted.since is not None:
        rows = rows.where(OrderLine.order_id >= first_id(wanted.since), Order.placed_at >= wanted.since)
    if wanted.until is not None:
        rows = rows.where(OrderLine.order_id < first_id(wanted.until + _SLACK), Order.placed_at < wanted.until)
    if at.after is not None:
        rows = rows.where(tuple_(OrderLine.order_id, OrderLine.line) < at.after)
    found = session().execute(rows.limit(at.limit + 1)).all()
    return cut(found, at, lambda row: (row.order_id, row.line))
