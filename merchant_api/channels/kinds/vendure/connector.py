"""Vendure as a kind of shop: what it can do, which fields it wants, and how it is opened."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from merchant_api.channels.connector import Abilities, CredentialField, ShopAccess
from merchant_api.channels.faults import BadShopSignature
from merchant_api.channels.kinds.vendure.shop import VendureShop
from merchant_api.channels.kinds.vendure.tokens import ShopTokens
from merchant_api.channels.shop_orders import Heard
from merchant_api.channels.wire import ShopWire
from merchant_api.core.endpoint import Incoming

_API = "/admin-api"


class VendureConnector:
    """Opens shops; keeps the tokens of those that were opened, so that a pass need not sign in."""

    abilities = Abilities(
        credentials=(
            CredentialField("username", "User name of an administrator"),
            CredentialField("password", "Password"),
        ),
        most_set=25,
        most_read=500,
        calls_at_once=4,
        has_locations=True,
        rereads_open=True,
        options={
            "path": "Where the Admin API lies below the address, if not at /admin-api",
            "channel": "The token of the channel of the shop, where it has several",
        },
    )

    def __init__(self) -> None:
        self._tokens = ShopTokens()

    def check_address(self, address: str) -> str:
        """The address without what people copy along: a trailing slash, or the path that the API has by default."""
        parts = urlsplit(address.strip())
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("Say the address of the shop's server as https://shop.example.com.")
        if parts.query or parts.fragment:
            raise ValueError("Say the address of the shop's server without what follows a ? or a #.")
        return address.strip().rstrip("/").removesuffix(_API).rstrip("/")

    def check_credentials(self, credentials: Mapping[str, str]) -> None:
        """A name and a password are whatever the shop takes, but not nothing."""
        if not credentials["username"].strip() or not credentials["password"]:
            raise ValueError("Say the user name and the password of an administrator of the shop.")

    def open(self, access: ShopAccess, wire: ShopWire) -> VendureShop:
        """A shop; asks nobody."""
        return VendureShop(access, wire, self._tokens)

    def hear(self, incoming: Incoming, secret: str, now: datetime) -> Heard:
        """Vendure signs nothing and sends nothing."""
        raise BadShopSignature


CONNECTOR = VendureConnector()
