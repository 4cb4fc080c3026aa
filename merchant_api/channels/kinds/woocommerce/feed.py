"""Orders that are new or changed, none missed: by `modified_after`, in the order of the change.

Never by the date of creation: the checkout makes an order when its page opens, and keeps that date when it is placed.
`modified_after` is exclusive, has whole seconds, and is the shop's local time unless it ends in Z; several changes
share a stamp. So each round begins five seconds early, and a full page is followed by one that begins at the stamp of
its last row; page numbers, under which rows move, are counted only while all of a page has one stamp.
"""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from merchant_api.channels.kinds.woocommerce import start
from merchant_api.channels.kinds.woocommerce.families import families
from merchant_api.channels.kinds.woocommerce.order import FIELDS, read_order
from merchant_api.channels.kinds.woocommerce.orders import is_draft, refunded
from merchant_api.channels.kinds.woocommerce.reading import stamp, written
from merchant_api.channels.kinds.woocommerce.rest import ROWS, Row, WooRest, listed
from merchant_api.channels.shop_orders import OrderFeed, ShopOrder
from merchant_api.core import clock

OVERLAP, SECOND = timedelta(seconds=5), timedelta(seconds=1)
SLICE_S = 8.0  # after which a page ends where it can, for refunds are a call each


def read(rest: WooRest, mark: Mapping[str, Any]) -> OrderFeed:
    """See the port. A mark is where the next round begins, or where the walk of this one goes on (`after`, `page`)."""
    if not mark:
        return OrderFeed((), start.begin(rest))
    after = stamp(mark.get("after")) if "after" in mark else _beginning(mark)
    number = int(mark.get("page", 1))
    rows, has_more = _page(rest, after, number)
    orders, rest_of = _read(rest, [row for row in rows if not start.is_old(row, mark)], after)
    newest = max(filter(None, (stamp(mark.get("newest")), *map(_stamp, rows))), default=None)
    kept = {"newest": written(newest) if newest else None} | start.kept(mark, newest)
    if rest_of is not None:
        return OrderFeed(orders, {**kept, "after": written(rest_of - SECOND)}, has_more=True)
    last = _stamp(rows[-1]) if rows else None
    if not has_more or last is None:
        # A stamp from the future would hide all that comes before it.
        settled = written(min(newest, clock.now())) if newest else None
        return OrderFeed(orders, {**kept, "newest": settled})
    if after is None or last - SECOND > after:
        return OrderFeed(orders, {**kept, "after": written(last - SECOND)}, has_more=True)
    return OrderFeed(orders, {**kept, "after": written(after), "page": number + 1}, has_more=True)


def _beginning(mark: Mapping[str, Any]) -> datetime | None:
    newest = stamp(mark.get("newest"))
    if newest is None:
        return None  # the shop had no order yet
    first = stamp(mark.get("start"))
    return newest - OVERLAP if first is None else max(newest - OVERLAP, first - SECOND)


def _page(rest: WooRest, after: datetime | None, number: int) -> tuple[list[Row], bool]:
    query: dict[str, Any] = {"orderby": "modified", "order": "asc", "per_page": ROWS, "page": number, "_fields": FIELDS}
    if after is not None:
        query["modified_after"] = f"{written(after)}Z"
    answer = rest.ask("GET", "/orders", query)
    rows, total = listed(answer), answer.headers.get("x-wp-total", "")
    # Totals of pages behind the first one may be 0; rows that the account may not read are missing in a page.
    has_more = int(total) > ROWS if number == 1 and total.isdecimal() else len(rows) >= ROWS
    return rows, has_more


def _read(rest: WooRest, rows: list[Row], after: datetime | None) -> tuple[list[ShopOrder], datetime | None]:
    """The orders, and the stamp at which the page was cut, if it took too long: never inside of a stamp."""
    placed = [row for row in rows if not is_draft(row)]
    known, until, orders = families(rest, placed), time.monotonic() + SLICE_S, list[ShopOrder]()
    for row in placed:
        at = _stamp(row)
        if orders and time.monotonic() > until and at and (after is None or at - SECOND > after):
            return orders, at
        orders.append(read_order(row, known, refunded(rest, row), clock.now()))
    return orders, None


def _stamp(row: Row) -> datetime | None:
    return stamp(row.get("date_modified_gmt"))
