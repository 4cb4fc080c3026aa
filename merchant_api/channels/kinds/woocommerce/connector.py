"""The kind `woocommerce`: shops on WordPress, by their REST API v3.

It has webhooks, which are hints, and no compare-and-set, no locations and no limits of its own. Open orders are read
again: what lies in the bin is in no list.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from merchant_api.channels.connector import Abilities, Checked, CredentialField, ShopAccess
from merchant_api.channels.kinds.woocommerce import check, feed, hear, items, levels, listen, orders, set_levels
from merchant_api.channels.kinds.woocommerce.rest import WooRest
from merchant_api.channels.shop_items import ItemPage
from merchant_api.channels.shop_levels import ItemGone, ItemRef, LevelOutcome, LevelWanted, ShopLevel
from merchant_api.channels.shop_orders import Heard, OrderFeed, ShopOrder
from merchant_api.channels.wire import ShopWire
from merchant_api.core.endpoint import Incoming

BEHIND_THE_ADDRESS = ("/wp-json", "/wp-admin", "/index.php")
PREFIXES = {"consumer_key": "ck_", "consumer_secret": "cs_"}


class WooShop:
    """A WooCommerce shop that was opened."""

    def __init__(self, rest: WooRest) -> None:
        self._rest = rest

    def check(self) -> Checked:
        """See the port."""
        return check.check(self._rest)

    def read_levels(self, refs: Sequence[ItemRef]) -> Sequence[ShopLevel | ItemGone]:
        """See the port."""
        return levels.read(self._rest, refs)

    def set_levels(self, wanted: Sequence[LevelWanted]) -> Sequence[LevelOutcome]:
        """See the port."""
        return set_levels.write(self._rest, wanted)

    def items(self, cursor: str | None) -> ItemPage:
        """See the port."""
        return items.page(self._rest, cursor)

    def orders(self, mark: Mapping[str, Any]) -> OrderFeed:
        """See the port."""
        return feed.read(self._rest, mark)

    def orders_by_id(self, external_ids: Sequence[str]) -> Sequence[ShopOrder]:
        """See the port."""
        return orders.by_id(self._rest, external_ids)

    def listen(self, url: str, secret: str) -> None:
        """See the port."""
        listen.listen(self._rest, url, secret)


class WooCommerce:
    """The kind `woocommerce`."""

    abilities = Abilities(
        credentials=(
            CredentialField("consumer_key", "Consumer key (ck_...), with the permission Read/Write"),
            CredentialField("consumer_secret", "Consumer secret (cs_...)"),
        ),
        most_set=100,
        most_read=100,
        rereads_open=True,
        hears_events=True,
    )

    def check_address(self, address: str) -> str:
        """Where the shop's WordPress lies; by https, as Basic is ignored without it (the guard of `outside/` asks)."""
        text = address.strip()
        parts = urlsplit(text if "://" in text else f"https://{text}")
        if parts.scheme not in ("https", "http") or not parts.hostname:
            raise ValueError("The address of a WooCommerce shop begins with https://.")
        path = parts.path
        for tail in BEHIND_THE_ADDRESS:
            path = path.partition(tail)[0]
        return f"{parts.scheme}://{parts.netloc}{path.rstrip('/')}"

    def check_credentials(self, credentials: Mapping[str, str]) -> None:
        """Keys of WooCommerce begin with ck_, secrets with cs_."""
        for name, prefix in PREFIXES.items():
            value = credentials[name]
            if not value.startswith(prefix) or not value.isascii() or not value.replace("_", "").isalnum():
                title = name.replace("_", " ")
                raise ValueError(f"A {title} of WooCommerce is {prefix} and 40 letters and digits.")

    def open(self, access: ShopAccess, wire: ShopWire) -> WooShop:
        """See the port."""
        return WooShop(WooRest(access, wire))

    def hear(self, incoming: Incoming, secret: str, now: datetime) -> Heard:
        """See the port. The shop's events carry no time."""
        return hear.hear(incoming, secret)


CONNECTOR = WooCommerce()
