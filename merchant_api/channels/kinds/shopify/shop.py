"""A Shopify shop, opened for one pass."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from merchant_api.channels.connector import Checked, ShopAccess
from merchant_api.channels.faults import ShopOdd
from merchant_api.channels.kinds.shopify import feed, items, listen, locations, look, read_levels, set_levels
from merchant_api.channels.kinds.shopify.graph import AdminGraph
from merchant_api.channels.kinds.shopify.read_orders import OrderReader
from merchant_api.channels.kinds.shopify.tokens import Token
from merchant_api.channels.shop_items import ItemPage
from merchant_api.channels.shop_levels import ItemGone, ItemRef, LevelOutcome, LevelWanted, ShopLevel
from merchant_api.channels.shop_orders import OrderFeed, ShopOrder
from merchant_api.channels.wire import ShopWire

NEWEST_VERSION = "2026-10"
OLDEST_VERSION = "2026-01"  # the first that compares a level as we ask for it
_VERSION = re.compile(r"20\d\d-(01|04|07|10)")


class ShopifyShop:
    """See the port."""

    def __init__(self, access: ShopAccess, wire: ShopWire) -> None:
        self._access = access
        self._wire = wire
        self._opened: AdminGraph | None = None

    @property
    def _graph(self) -> AdminGraph:
        if self._opened is None:
            address = self._access.address
            token = Token(self._wire, address, self._access.credentials)
            self._opened = AdminGraph(self._wire, address, token, _version(self._access.options))
        return self._opened

    def check(self) -> Checked:
        return look.check(self._graph, self._access)

    def read_levels(self, refs: Sequence[ItemRef]) -> Sequence[ShopLevel | ItemGone]:
        return read_levels.at_places(self._graph, refs, self._place)

    def set_levels(self, wanted: Sequence[LevelWanted]) -> Sequence[LevelOutcome]:
        return set_levels.at_places(self._graph, wanted, self._place)

    def items(self, cursor: str | None) -> ItemPage:
        return items.page(self._graph, cursor, self._place(None))

    def orders(self, mark: Mapping[str, Any]) -> OrderFeed:
        return feed.feed(OrderReader(self._graph), mark)

    def orders_by_id(self, external_ids: Sequence[str]) -> Sequence[ShopOrder]:
        return feed.by_id(OrderReader(self._graph), external_ids)

    def listen(self, url: str, secret: str) -> None:
        """See the port; Shopify signs with the app's own secret."""
        listen.listen(self._graph, url)

    def _place(self, of: str | None) -> str:
        return locations.choose(self._graph, of or self._access.location)


def _version(options: Mapping[str, Any]) -> str:
    version = str(options.get("version") or NEWEST_VERSION)
    if not _VERSION.fullmatch(version) or version < OLDEST_VERSION:
        raise ShopOdd(
            f"The version «{version}» is none of Shopify since {OLDEST_VERSION}: say one as {NEWEST_VERSION}."
        )
    return version
