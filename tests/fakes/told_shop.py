"""A web shop that says what a test tells it to say: the port to shops, without a shop."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from merchant_api.channels.connector import Abilities, ShopAccess
from merchant_api.channels.faults import BadShopSignature, ShopFault
from merchant_api.channels.shop_orders import Heard, OrderFeed, ShopOrder
from merchant_api.channels.wire import ShopWire
from merchant_api.core.endpoint import Incoming

SECRET = "what the shop signs with"


class ToldShop:
    """Connector and shop in one. Its feed gives the orders that were put into it, `page` at a time."""

    def __init__(self, **abilities: Any) -> None:
        self.abilities = Abilities(credentials=(), **abilities)
        self.feed: list[ShopOrder] = []
        self.orders_now: dict[str, ShopOrder] = {}
        self.page = 100
        self.fault: ShopFault | None = None
        self.heard = Heard()
        self.asked: list[Any] = []
        self.before: Callable[[], None] = lambda: None

    def put(self, *orders: ShopOrder) -> None:
        """These are new, or changed, in the shop."""
        self.feed.extend(orders)
        self.orders_now |= {order.external_id: order for order in orders}

    def open(self, _access: ShopAccess, _wire: ShopWire) -> "ToldShop":
        """The shop itself."""
        return self

    def orders(self, mark: Mapping[str, Any]) -> OrderFeed:
        """The next page after a mark."""
        self._answer(("orders", dict(mark)))
        start = mark.get("after", 0)
        found = self.feed[start : start + self.page]
        return OrderFeed(found, {"after": start + len(found)}, has_more=start + len(found) < len(self.feed))

    def orders_by_id(self, external_ids: Sequence[str]) -> Sequence[ShopOrder]:
        """Those that it has."""
        self._answer(("by_id", list(external_ids)))
        return [self.orders_now[each] for each in external_ids if each in self.orders_now]

    def hear(self, incoming: Incoming, secret: str, _now: datetime) -> Heard:
        """What the test lets it tell."""
        if incoming.headers.get("signed") != secret:
            raise BadShopSignature
        if self.fault is not None:
            raise self.fault
        return self.heard

    def _answer(self, question: Any) -> None:
        self.asked.append(question)
        self.before()
        if self.fault is not None:
            raise self.fault
