"""Where the reading of orders begins: with what changes from now on, by the shop's own stamps and not by our clock.

Orders that carry the newest stamp were there before, though others may still get the same one: they are remembered by
what they are, until the reading has left their second behind. Totals are no part of that, for they are written anew
when the shop's decimals change.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from merchant_api.channels.kinds.woocommerce.order import FIELDS, held
from merchant_api.channels.kinds.woocommerce.reading import stamp, written
from merchant_api.channels.kinds.woocommerce.rest import ROWS, Row, WooRest
from merchant_api.core import clock

PAST = timedelta(seconds=10)  # behind the beginning; the overlap is shorter


def begin(rest: WooRest) -> dict[str, Any]:
    """The first mark; `newest` is None where the shop has no order yet."""
    query = {"orderby": "modified", "order": "desc", "per_page": ROWS, "_fields": FIELDS}
    stamped = [(at, row) for row in rest.rows("/orders", query) if (at := stamp(row.get("date_modified_gmt")))]
    if not stamped:
        return {"newest": None}
    first = min(max(at for at, _ in stamped), clock.now().replace(microsecond=0))
    known = {str(row["id"]): _print(row) for at, row in stamped if at >= first}
    return {"newest": written(first), "start": written(first), "known": known}


def is_old(row: Row, mark: Mapping[str, Any]) -> bool:
    """Whether an order is as it was when the reading began."""
    known = mark.get("known")
    return isinstance(known, dict) and known.get(str(row["id"])) == _print(row)


def kept(mark: Mapping[str, Any], newest: datetime | None) -> dict[str, Any]:
    """What the next mark still has to know of the beginning."""
    first = stamp(mark.get("start"))
    if first is None or (newest is not None and newest > first + PAST):
        return {}
    return {"start": mark["start"], "known": mark.get("known", {})}


def _print(row: Row) -> str:
    lines = [[line.get("id"), line.get("quantity"), held(line)] for line in row.get("line_items") or []]
    refunds = [each.get("id") for each in row.get("refunds") or []]
    known = json.dumps([row.get("status"), row.get("date_modified_gmt"), lines, refunds], default=str)
    return hashlib.sha256(known.encode()).hexdigest()[:16]
