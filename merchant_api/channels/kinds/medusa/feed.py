"""Orders that are new or changed, by `updated_at` from the shop's own clock; none missed, some told twice.

A pass begins a little before the newest stamp that was seen, as a transaction may end later than the stamp that it
wrote. Pages go on by stamp and never by offset, which moves under an edit; where a whole page has one stamp, by id.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from merchant_api.channels.kinds.medusa.admin import MedusaAdmin, require_row
from merchant_api.channels.kinds.medusa.orders import FIELDS, PATH, as_order, read_stamp
from merchant_api.channels.shop_orders import OrderFeed

PAGE = 50
OVERLAP_S = 10
MOST_TOLD = 500  # in a mark; more in one overlap are told again
NEVER = "1970-01-01T00:00:00.000Z"
FIRST = "0"  # before every id


def read_feed(admin: MedusaAdmin, mark: Mapping[str, Any]) -> OrderFeed:
    """One page; an empty mark begins now."""
    if not mark:
        return OrderFeed((), _begin(admin))
    since, past = mark.get("from") or _earlier(mark["at"]), mark.get("past")
    query: dict[str, Any] = {"updated_at[$gte]": since, "order": "updated_at", "limit": PAGE, "fields": FIELDS}
    if past:
        query |= {"updated_at[$lte]": since, "order": "id", "id[$gt]": past}
    rows = admin.get(PATH, query, "orders")
    new = [row for row in rows if mark.get("told", {}).get(row.get("id")) != row.get("updated_at")]
    after = _advance(dict(mark), rows, since)
    return OrderFeed([as_order(row) for row in new], after, "from" in after)


def _begin(admin: MedusaAdmin) -> dict[str, Any]:
    """The newest stamp, and what is told already of the time that the next pass looks at again."""
    newest = {"order": "-updated_at", "limit": 1, "fields": "id,updated_at"}
    rows = admin.get(PATH, newest, "orders")
    if not rows:
        return {"at": NEVER, "told": {}}
    at = str(require_row(rows[0], "updated_at"))
    query = {"updated_at[$gte]": _earlier(at), "order": "-updated_at", "limit": MOST_TOLD, "fields": "id,updated_at"}
    return {"at": at, "told": _told(admin.get(PATH, query, "orders"))}


def _advance(mark: dict[str, Any], rows: list[Any], since: str) -> dict[str, Any]:
    """Where the next page begins; without `from` the pass is over."""
    past = mark.pop("past", None)
    mark.pop("from", None)
    stamps = [str(require_row(row, "updated_at")) for row in rows]
    at = max([str(mark["at"]), *stamps])
    told = {**mark.get("told", {}), **_told(rows)}
    fresh = sorted((stamp, order) for order, stamp in told.items() if stamp >= _earlier(at))[-MOST_TOLD:]
    mark |= {"at": at, "told": {order: stamp for stamp, order in fresh}}
    if past:
        goes_on = {"from": since, "past": rows[-1]["id"]} if len(rows) == PAGE else {"from": _moved(since, 0.001)}
    elif len(rows) < PAGE:
        goes_on = {}
    else:
        goes_on = {"from": stamps[-1]} if stamps[-1] != since else {"from": since, "past": FIRST}
    return mark | goes_on


def _told(rows: list[Any]) -> dict[str, str]:
    return {str(require_row(row, "id")): str(require_row(row, "updated_at")) for row in rows}


def _earlier(stamp: str) -> str:
    return _moved(stamp, -OVERLAP_S)


def _moved(stamp: str, by_s: float) -> str:
    moved = read_stamp(stamp) + timedelta(seconds=by_s)
    return f"{moved:%Y-%m-%dT%H:%M:%S}.{moved.microsecond // 1000:03d}Z"
