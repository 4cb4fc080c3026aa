"""The inventory log of orders: a record for each line of a tracked product, with the units it still stands for.

0 once the order ended undelivered; less what was cancelled of it or came back (features C8).
"""

import base64
import binascii
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, case, select, tuple_

from merchant_api.core.db import session
from merchant_api.core.ids import first_id
from merchant_api.core.paging import BadCursor, Page
from merchant_api.orders.models import Order, OrderLine
from merchant_api.orders.states import ENDED_UNDELIVERED

_CURSOR = struct.Struct(">16sI")
_LAST_LINE = 2**31 - 1
_SLACK = timedelta(minutes=1)  # an order's id is made a moment after the instant of its placing was read


@dataclass(frozen=True, slots=True)
class RecordsWanted:
    """Which records: of one product, of orders placed from `since` (inclusive) until `until` (exclusive)."""

    product_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


def page(merchant_id: UUID, wanted: RecordsWanted, limit: int, cursor: str | None) -> Page[Row[Any]]:
    """Records, the newest order first; raises BadCursor."""
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
    if cursor is not None:
        rows = rows.where(tuple_(OrderLine.order_id, OrderLine.line) < _opened(cursor))
    found = session().execute(rows.limit(limit + 1)).all()
    return Page(found[:limit], _cursor_of(found[limit - 1]) if len(found) > limit else None)


def _opened(cursor: str) -> tuple[UUID, int]:
    try:
        raw, line = _CURSOR.unpack(base64.urlsafe_b64decode(cursor.encode("ascii")))
    except (ValueError, binascii.Error, struct.error) as error:
        raise BadCursor from error
    return UUID(bytes=raw), min(line, _LAST_LINE)


def _cursor_of(row: Row[Any]) -> str:
    return base64.urlsafe_b64encode(_CURSOR.pack(row.order_id.bytes, row.line)).decode()
