"""A Vendure that was opened: one pass over its Admin API. What can't be read of an answer is told, and not guessed."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from merchant_api.channels.connector import Checked, ShopAccess
from merchant_api.channels.faults import ShopOdd
from merchant_api.channels.kinds.vendure import account, items, levels, orders
from merchant_api.channels.kinds.vendure.admin_api import AdminApi
from merchant_api.channels.kinds.vendure.tokens import ShopTokens
from merchant_api.channels.shop_items import ItemPage
from merchant_api.channels.shop_levels import ItemGone, ItemRef, LevelOutcome, LevelWanted, ShopLevel
from merchant_api.channels.shop_orders import OrderFeed, ShopOrder
from merchant_api.channels.wire import ShopWire


class VendureShop:
    """What the port asks of a shop (`channels/connector.py`)."""

    def __init__(self, access: ShopAccess, wire: ShopWire, tokens: ShopTokens) -> None:
        self._access = access
        self._api = AdminApi(access, wire, tokens)

    def check(self) -> Checked:
        """Sign in and say what the account may do."""
        with _readable():
            return account.check(self._api, self._access)

    def read_levels(self, refs: Sequence[ItemRef]) -> Sequence[ShopLevel | ItemGone]:
        """What the shop sells of these items."""
        with _readable():
            return levels.read_levels(self._api, refs, self._access.location)

    def set_levels(self, wanted: Sequence[LevelWanted]) -> Sequence[LevelOutcome]:
        """Make the shop sell these levels."""
        with _readable():
            return levels.set_levels(self._api, wanted, self._access.location)

    def items(self, cursor: str | None) -> ItemPage:
        """A page of what the shop sells."""
        with _readable():
            return items.items(self._api, self._access, cursor)

    def orders(self, mark: Mapping[str, Any]) -> OrderFeed:
        """Orders that were placed since."""
        with _readable():
            return orders.orders(self._api, mark)

    def orders_by_id(self, external_ids: Sequence[str]) -> Sequence[ShopOrder]:
        """These orders as they are now."""
        with _readable():
            return orders.orders_by_id(self._api, external_ids)

    def listen(self, url: str, secret: str) -> None:
        """Vendure sends no events."""
        raise ShopOdd("Vendure sends no events: it is asked once a minute.")


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise ShopOdd("The shop answered something that Vendure does not.") from None
