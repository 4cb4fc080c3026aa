"""Orders of a Vendure: found by when they were placed, as carts are in the same list and nothing else moves for sure.

`updatedAt` stands still when an order is paid or sent out, so open orders are read again by id. The mark is a stamp of
the shop, never of our clock. What is written at a stamp may be seen after what has a later one: a stretch before the
newest order is asked for each time, and those of it that were there at the first mark are left out.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from merchant_api.channels.kinds.vendure.admin_api import AdminApi
from merchant_api.channels.kinds.vendure.documents import READ_ORDERS, READ_PLACED
from merchant_api.channels.kinds.vendure.order import is_sale, order
from merchant_api.channels.shop_orders import OrderFeed, ShopOrder

PAGE = 50
OVERLAP = timedelta(minutes=2)
_MOST = 1000  # of a list, in one answer
_ANY = {"isNull": False}


def orders(api: AdminApi, mark: Mapping[str, Any]) -> OrderFeed:
    """A page of what was placed after `after`; `skip` rows of it were given, up to the stamp `newest`."""
    if not mark:
        return OrderFeed([], _from_now_on(api))
    skip = int(mark.get("skip", 0))
    placed = {"after": mark["after"]} if mark["after"] else _ANY
    sort = {"orderPlacedAt": "ASC", "id": "ASC"}
    found, rows = _read(api, {"filter": {"orderPlacedAt": placed}, "sort": sort, "skip": skip, "take": PAGE})
    newest = rows[-1]["orderPlacedAt"] if rows else mark.get("newest")
    page = [each for each in found if each.external_id not in mark.get("before", ())]
    if len(rows) == PAGE:
        return OrderFeed(page, {**mark, "skip": skip + PAGE, "newest": newest}, has_more=True)
    return OrderFeed(page, _moved(mark, newest))


def orders_by_id(api: AdminApi, external_ids: Sequence[str]) -> list[ShopOrder]:
    """These orders as they are now."""
    ids = list(dict.fromkeys(external_ids))
    if not ids:
        return []
    found, _ = _read(api, {"filter": {"id": {"in": ids}}, "sort": {"id": "ASC"}, "take": len(ids)})
    return found


def _read(api: AdminApi, options: Mapping[str, Any]) -> tuple[list[ShopOrder], Sequence[Mapping[str, Any]]]:
    data = api.ask(READ_ORDERS, options=options)
    digits = int(data["globalSettings"]["serverConfig"]["moneyStrategyPrecision"])
    rows = data["orders"]["items"]
    return [order(row, digits) for row in rows if is_sale(row)], rows


def _from_now_on(api: AdminApi) -> dict[str, Any]:
    """A mark at the newest order, with the ids of those `before` it that the stretch will show once more."""
    newest = _placed(api, _ANY, 1)
    if not newest:
        return {"after": None}
    after = _back(newest[0]["orderPlacedAt"])
    before = _placed(api, {"after": after}, _MOST)
    return {"after": after, "before": [each["id"] for each in before], "until": before[0]["orderPlacedAt"]}


def _placed(api: AdminApi, stamps: Mapping[str, Any], take: int) -> Sequence[Mapping[str, Any]]:
    options = {"filter": {"orderPlacedAt": stamps}, "sort": {"orderPlacedAt": "DESC"}, "take": take}
    rows: Sequence[Mapping[str, Any]] = api.ask(READ_PLACED, options=options)["orders"]["items"]
    return rows


def _moved(mark: Mapping[str, Any], newest: str | None) -> dict[str, Any]:
    after = mark["after"]
    if newest is not None and (after is None or _moment(_back(newest)) > _moment(after)):
        after = _back(newest)
    until = mark.get("until")
    if until is None or _moment(after) > _moment(until):
        return {"after": after}
    return {"after": after, "before": mark["before"], "until": until}


def _back(stamp: str) -> str:
    return (_moment(stamp) - OVERLAP).isoformat()


def _moment(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp)
