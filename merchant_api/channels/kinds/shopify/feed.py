"""Orders that are new or changed, by the stamp of their last change, from a little before the last one that was seen.

Stamps are whole seconds, and what is searched for is found a moment later than it happens: so the feed goes back
`OVERLAP` each time, and orders come again. Pages follow a cursor; the stamp moves on only behind the last of them. An
order from before the beginning is part of the level that the shop then had, and is no order of ours: `from` is the
stamp of the newest one, `not` those that share it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from merchant_api.channels.faults import ShopOdd
from merchant_api.channels.kinds.shopify.gids import gid
from merchant_api.channels.kinds.shopify.queries import NEWEST, ORDERS, ORDERS_BY_ID
from merchant_api.channels.kinds.shopify.read_orders import OrderReader
from merchant_api.channels.kinds.shopify.refusals import TooDear
from merchant_api.channels.kinds.shopify.smaller import in_smaller
from merchant_api.channels.shop_orders import OrderFeed, ShopOrder

A_PAGE = 20
OVERLAP = timedelta(seconds=60)


def feed(reader: OrderReader, mark: Mapping[str, Any]) -> OrderFeed:
    """The next page of orders after a mark."""
    if "from" not in mark:
        return OrderFeed([], _beginning(reader))
    page = _page(reader, mark)
    nodes = page["nodes"]
    orders = [reader.order(node) for node in nodes if _is_ours(node, mark)]
    newest = max([node["updatedAt"] for node in nodes] + [mark["top"] or ""], key=_instant) or None
    ends = page["pageInfo"]
    begun = {"from": mark["from"], "not": mark["not"], "top": newest}
    if ends["hasNextPage"]:
        return OrderFeed(orders, {**begun, "since": mark["since"], "after": ends["endCursor"]}, has_more=True)
    return OrderFeed(orders, {**begun, "since": newest, "after": None})


def by_id(reader: OrderReader, external_ids: Sequence[str]) -> list[ShopOrder]:
    """These orders, without those that the shop has not."""
    ids = [known for each in external_ids if (known := gid("Order", each))]
    orders = []
    while ids:
        nodes = in_smaller(f"{reader.graph.address} orders", A_PAGE, partial(_named, reader, ids))["nodes"]
        orders += [reader.order(node) for node in nodes if node and "lineItems" in node]
        ids = ids[len(nodes) :]
    return orders


def _named(reader: OrderReader, ids: Sequence[str], first: int) -> dict[str, Any]:
    return reader.ask(ORDERS_BY_ID, ids=ids[:first])


def _beginning(reader: OrderReader) -> dict[str, Any]:
    nodes = reader.graph.ask(NEWEST)["orders"]["nodes"]
    newest = max((node["createdAt"] for node in nodes), key=_instant, default=None)
    known = [node["id"] for node in nodes if node["createdAt"] == newest]
    return {"from": newest, "not": known, "since": newest, "top": newest, "after": None}


def _page(reader: OrderReader, mark: Mapping[str, Any]) -> dict[str, Any]:
    since = None
    if mark["since"]:
        since = f"updated_at:>='{(_instant(mark['since']) - OVERLAP).isoformat()}'"
    try:
        return _asked(reader, since, mark["after"])
    except TooDear:
        raise
    except ShopOdd:
        if mark["after"] is None:
            raise
        return _asked(reader, since, None)  # a cursor that Shopify takes no more: the pages once again


def _asked(reader: OrderReader, since: str | None, after: str | None) -> dict[str, Any]:
    data = in_smaller(
        f"{reader.graph.address} orders",
        A_PAGE,
        lambda first: reader.ask(ORDERS, first=first, after=after, since=since),
    )
    page: dict[str, Any] = data["orders"]
    return page


def _is_ours(node: Mapping[str, Any], mark: Mapping[str, Any]) -> bool:
    if mark["from"] is None:
        return True
    return _instant(node["createdAt"]) >= _instant(mark["from"]) and node["id"] not in mark["not"]


def _instant(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp or "1970-01-01T00:00:00Z")
