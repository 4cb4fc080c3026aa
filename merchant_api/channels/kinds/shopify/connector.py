"""Shopify: what it can do, what its addresses and credentials look like, and how a shop is opened."""

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from merchant_api.channels.connector import Abilities, CredentialField, ShopAccess
from merchant_api.channels.kinds.shopify import events
from merchant_api.channels.kinds.shopify.shop import NEWEST_VERSION, ShopifyShop
from merchant_api.channels.shop_orders import Heard
from merchant_api.channels.wire import ShopWire
from merchant_api.core.endpoint import Incoming

SIGNED_WITH = "client_secret"
_SHOP = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")


class Shopify:
    """The kind `shopify`."""

    abilities = Abilities(
        credentials=(
            CredentialField("access_token", "Access token of the app (shpat_…), if it has one", is_optional=True),
            CredentialField("client_id", "Client id of the app, if it has no access token", is_optional=True),
            CredentialField(
                SIGNED_WITH,
                "Client secret of the app, for its events; after a change the new and the old one, parted by a space",
                is_optional=True,
            ),
        ),
        most_set=100,
        most_read=100,
        calls_at_once=2,
        compares=True,
        has_locations=True,
        hears_events=True,
        options={"version": f"Version of the Admin API, else {NEWEST_VERSION}"},
        signs_with=SIGNED_WITH,
    )

    def check_address(self, address: str) -> str:
        """As https://my-shop.myshopify.com, however it is written; raises ValueError."""
        text = address.strip().lower()
        parts = urlsplit(text if "://" in text else f"https://{text}")
        if parts.scheme != "https" or not _SHOP.fullmatch(parts.netloc):
            raise ValueError("The address that Shopify gave the shop, as my-shop.myshopify.com.")
        return f"https://{parts.netloc}"

    def check_credentials(self, credentials: Mapping[str, str]) -> None:
        """A token, or what one is asked for with; raises ValueError."""
        token = credentials.get("access_token", "")
        if token and not re.fullmatch(r"shp[a-z]{2}_\w+", token, re.ASCII):
            raise ValueError("An access token for the Admin API begins with shpat_.")
        if not token and not (credentials.get("client_id") and credentials.get(SIGNED_WITH)):
            raise ValueError("Either an access token, or a client id and a client secret.")

    def open(self, access: ShopAccess, wire: ShopWire) -> ShopifyShop:
        """See the port."""
        return ShopifyShop(access, wire)

    def hear(self, incoming: Incoming, secret: str, now: datetime) -> Heard:
        """See the port. Shopify signs no time, so old deliveries are heard too: they only say what to read again."""
        return events.hear(incoming, secret)


CONNECTOR = Shopify()
