"""A Medusa that was opened: the port's calls, each by the file that knows how."""

from collections.abc import Mapping, Sequence
from typing import Any

from merchant_api.channels.connector import Checked, ShopAccess
from merchant_api.channels.faults import ShopOdd
from merchant_api.channels.kinds.medusa import checking, feed, items, levels, orders
from merchant_api.channels.kinds.medusa.admin import MedusaAdmin
from merchant_api.channels.kinds.medusa.places import choose_place, read_places
from merchant_api.channels.shop_items import ItemPage
from merchant_api.channels.shop_levels import ItemGone, ItemRef, LevelOutcome, LevelWanted, ShopLevel
from merchant_api.channels.shop_orders import OrderFeed, ShopOrder


class MedusaShop:
    """One shop, for one pass."""

    def __init__(self, access: ShopAccess, admin: MedusaAdmin) -> None:
        self._access = access
        self._admin = admin
        self._location = access.location

    def check(self) -> Checked:
        """Sign in."""
        return checking.check_shop(self._admin, self._access)

    def read_levels(self, refs: Sequence[ItemRef]) -> Sequence[ShopLevel | ItemGone]:
        """What is sold of these."""
        return levels.read_levels(self._admin, refs, self._place())

    def set_levels(self, wanted: Sequence[LevelWanted]) -> Sequence[LevelOutcome]:
        """Have these sold."""
        return levels.set_levels(self._admin, wanted, self._place())

    def items(self, cursor: str | None) -> ItemPage:
        """All variants."""
        return items.read_items(self._admin, cursor, self._place(), self._access.currency)

    def orders(self, mark: Mapping[str, Any]) -> OrderFeed:
        """Orders that are new or changed."""
        return feed.read_feed(self._admin, mark)

    def orders_by_id(self, external_ids: Sequence[str]) -> Sequence[ShopOrder]:
        """These orders."""
        return orders.read_orders(self._admin, list(external_ids))

    def listen(self, url: str, secret: str) -> None:
        """Core has no webhooks; orders come by asking."""
        raise ShopOdd("Medusa sends no events: its orders are asked for once a minute.")

    def _place(self) -> str:
        """Where levels go: the chosen location, or the shop's only one, asked for once."""
        if self._location is None:
            self._location = choose_place(read_places(self._admin), None)
        return self._location
