"""The stand-in's Admin API: questions are checked against the published types and answered from the shop.

What is asked for costs by how many rows it may give.
"""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from graphql import build_schema, graphql_sync

from tests.channels.shopify import stand_in_views as views
from tests.channels.shopify.stand_in_bucket import Bucket
from tests.channels.shopify.stand_in_goods import Order
from tests.channels.shopify.stand_in_stock import Stock
from tests.channels.shopify.stand_in_trade import Trade

SCHEMA = build_schema((Path(__file__).parent / "schema.graphql").read_text())
SCOPES = ("write_inventory", "read_orders", "read_products")


class Graph:
    """Answers questions; `denied` are fields that the app has no right to, with the scope that they want."""

    def __init__(self, trade: Trade) -> None:
        self.trade, self.stock, self.bucket = trade, Stock(trade), Bucket()
        self.scopes: tuple[str, ...] = SCOPES
        self.denied: dict[str, str] = {}
        self.dearest = 1000
        self.hides_customers = False
        self.hidden_fields: tuple[str, ...] = ()

    def answer(self, question: str, variables: dict[str, Any]) -> dict[str, Any]:
        """The body of an answer."""
        cost = variables.get("first", 1) * 5 + len(variables.get("ids", ())) * 3
        if cost > self.dearest:
            return {"errors": [_error(f"Query cost is {cost}, which exceeds the limit", "MAX_COST_EXCEEDED")]}
        if not self.bucket.spend(cost):
            return {"errors": [_error("Throttled", "THROTTLED")], "extensions": self.bucket.told(cost)}
        for field, scope in self.denied.items():
            if re.search(rf"\b{field}\b", question):
                message = f"Access denied for {field} field. Required access: `{scope}` access scope."
                error = _error(message, "ACCESS_DENIED", requiredAccess=f"`{scope}` access scope.")
                return {"errors": [error], "data": None, "extensions": self.bucket.told(cost)}
        if self.hides_customers and variables.get("who"):
            return {"errors": [_error("This app is not approved to access the Customer object.", "ACCESS_DENIED")]}
        with self.trade.lock:
            result = graphql_sync(SCHEMA, question, self._root(), variable_values=variables)
        told: dict[str, Any] = {**result.formatted, "extensions": self.bucket.told(cost)}
        hidden = self.hidden_fields and [_hide(told["data"]["nodes"], field) for field in self.hidden_fields]
        return {**told, "errors": hidden} if hidden else told

    def _root(self) -> dict[str, Any]:
        goods = self.trade.goods
        return {
            "shop": {"name": "Himal Crafts", "currencyCode": "NPR"},
            "currentAppInstallation": {"accessScopes": [{"handle": scope, "description": ""} for scope in self.scopes]},
            "locations": self._places,
            "productVariants": self._variants,
            "productVariantsCount": {"count": len(goods.items), "precision": "EXACT"},
            "nodes": lambda _info, ids: [self._node(each) for each in ids],
            "node": lambda _info, **named: self._node(named["id"]),
            "order": lambda _info, **named: self._node(named["id"]),
            "orders": self._orders,
            "webhookSubscriptions": self.trade.events.listed,
            "inventorySetQuantities": self.stock.set_quantities,
            "webhookSubscriptionCreate": self._subscribe,
        }

    def _places(self, _info: Any, first: int, after: str | None = None, **_: Any) -> Any:
        rows = [{"id": place, "name": name, "isActive": on} for place, (name, on) in self.trade.goods.places.items()]
        return views.connection(rows, dict, lambda row: row["id"], first, after)

    def _variants(self, _info: Any, first: int, after: str | None = None, **_: Any) -> Any:
        goods = self.trade.goods
        rows = list(goods.items.values())
        return views.connection(
            rows, lambda row: views.of_variant(goods, row), lambda row: f"{row.number:09}", first, after
        )

    def _node(self, id_: str) -> dict[str, Any] | None:
        goods, number = self.trade.goods, int(id_.rpartition("/")[2])
        if "/InventoryItem/" in id_:
            item = goods.items.get(number)
            return views.of_item(goods, item) if item else None
        if "/Refund/" in id_:
            found = [each for order in goods.orders.values() for each in order.refunds if each.number == number]
            return views.of_refund(goods, found[0]) if found else None
        order = goods.orders.get(number)
        return views.of_order(goods, order) if order else None

    def _orders(self, _info: Any, first: int, after: str | None = None, **asked: Any) -> Any:
        goods, field = self.trade.goods, str(asked["sortKey"]).lower()

        def key(order: Order) -> str:
            return f"{getattr(order, field)} {order.number:09}"

        since = re.fullmatch(r"updated_at:>='(.+)'", asked.get("query") or "")
        start = datetime.fromisoformat(since[1]) if since else datetime.min.replace(tzinfo=UTC)
        rows = sorted((order for order in goods.orders.values() if order.updated_at >= start), key=key)
        rows = rows[-first:] if asked.get("reverse") else rows
        return views.connection(rows, lambda order: views.of_order(goods, order), key, first, after)

    def _subscribe(self, _info: Any, topic: str, webhookSubscription: dict[str, Any]) -> dict[str, Any]:  # noqa: N803
        uri = webhookSubscription["uri"]
        message = "" if uri.startswith("https://") else "Address protocol http:// is not supported"
        if any((each["topic"], each["uri"]) == (topic, uri) for each in self.trade.events.subscriptions):
            message = "Address for this topic has already been taken"
        if message:
            return {"userErrors": [{"field": ["webhookSubscription", "uri"], "message": message}]}
        made = {"id": f"gid://shopify/WebhookSubscription/{self.trade.goods.number()}", "topic": topic, "uri": uri}
        self.trade.events.subscriptions.append(made)
        return {"webhookSubscription": made, "userErrors": []}


def _hide(nodes: list[dict[str, Any]], field: str) -> dict[str, Any]:
    for node in nodes:
        node[field] = None
    message = f"This app is not approved to use the {field} field."
    return {**_error(message, "ACCESS_DENIED"), "path": ["nodes", 0, field]}


def _error(message: str, code: str, **more: Any) -> dict[str, Any]:
    return {"message": message, "extensions": {"code": code, **more}}
