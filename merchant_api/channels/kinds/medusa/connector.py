"""Shops of Medusa: what they can do, what is asked of an address and a key, and how one is opened."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from merchant_api.channels.connector import Abilities, CredentialField, ShopAccess
from merchant_api.channels.faults import BadShopSignature
from merchant_api.channels.kinds.medusa.admin import MedusaAdmin
from merchant_api.channels.kinds.medusa.medusa_shop import MedusaShop
from merchant_api.channels.shop_orders import Heard
from merchant_api.channels.wire import ShopWire
from merchant_api.core.endpoint import Incoming

DASHBOARDS = ("/app", "/admin")  # what merchants see in their browser's address bar


class MedusaConnector:
    """The kind `medusa`. Core has no webhooks, and taking money moves no stamp: open orders are read again."""

    abilities = Abilities(
        credentials=(CredentialField("secret_key", "Secret API key (sk_…)"),),
        most_set=50,
        most_read=100,
        calls_at_once=4,
        has_locations=True,
        rereads_open=True,
    )

    def check_address(self, address: str) -> str:
        """The address of the server without the path of its dashboard."""
        parts = urlsplit(address.strip())
        if parts.scheme not in ("https", "http") or not parts.hostname or parts.username is not None:
            raise ValueError("Give the address of the Medusa server, such as https://shop.example.com.")
        if parts.query or parts.fragment:
            raise ValueError("Give the address of the Medusa server alone, without ? and #.")
        path = parts.path.rstrip("/")
        for dashboard in DASHBOARDS:
            path = path.removesuffix(dashboard)
        return f"{parts.scheme}://{parts.netloc.lower()}{path}"

    def check_credentials(self, credentials: Mapping[str, str]) -> None:
        """A secret key is made in Medusa under Settings, Secret API keys, and is shown there once."""
        key = credentials["secret_key"]
        if key.startswith("pk_"):
            raise ValueError("This is a publishable key, for shoppers. Make a secret API key in Medusa: it begins sk_.")
        if not (key.startswith("sk_") and key.isascii() and key.isprintable() and " " not in key):
            raise ValueError("Give a secret API key of Medusa: it begins sk_.")

    def open(self, access: ShopAccess, wire: ShopWire) -> MedusaShop:
        """The key is the user, with no password; Medusa refuses it as a Bearer."""
        user = b64encode(f"{access.credentials['secret_key']}:".encode()).decode()
        return MedusaShop(access, MedusaAdmin(wire, {"Authorization": f"Basic {user}"}))

    def hear(self, incoming: Incoming, secret: str, now: datetime) -> Heard:
        """Nobody signs for Medusa."""
        raise BadShopSignature


CONNECTOR = MedusaConnector()
