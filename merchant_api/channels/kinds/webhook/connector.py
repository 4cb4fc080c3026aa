"""Any shop, by Standard Webhooks both ways: what it can do, what it wants, and what its events tell."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from marshmallow import fields

from merchant_api.channels.connector import Abilities, CredentialField, ShopAccess
from merchant_api.channels.faults import BadShopSignature
from merchant_api.channels.kinds.webhook.bodies import CANCELLED, LEVELS, TYPES, OrderToldIn, ShopTellsIn, order_of
from merchant_api.channels.kinds.webhook.shop import WebhookShop
from merchant_api.channels.shop_orders import Heard
from merchant_api.channels.wire import ShopWire
from merchant_api.core.endpoint import Incoming
from merchant_api.core.errors import Invalid
from merchant_api.providers import standard_webhooks
from merchant_api.providers.errors import BadSignature
from merchant_api.providers.signed import object_of


class WebhookConnector:
    """The kind `webhook`: docs/channels.md is its protocol."""

    abilities = Abilities(
        credentials=(CredentialField("secret", "Signing secret (whsec_…), the same on both sides"),),
        most_set=100,
        most_read=100,
        calls_at_once=4,
        has_locations=True,
        hears_events=True,
        tells_whole_orders=True,
        signs_with="secret",
    )

    def check_address(self, address: str) -> str:
        """The one address that is called, with its path."""
        parts = urlsplit(address.strip())
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("Say the address that takes our calls, as https://shop.example.com/orderbell.")
        if parts.fragment:
            raise ValueError("Say the address without what follows a #.")
        return address.strip()

    def check_credentials(self, credentials: Mapping[str, str]) -> None:
        """A secret as the standard has it; two, parted by a blank, while one takes the other's place."""
        for secret in credentials["secret"].split():
            standard_webhooks.check_secret(secret)

    def open(self, access: ShopAccess, wire: ShopWire) -> WebhookShop:
        """A shop; asks nobody."""
        return WebhookShop(access, wire)

    def hear(self, incoming: Incoming, secret: str, now: datetime) -> Heard:
        """A signed event: a whole order, or items whose level moved. Raises also Invalid, field by field."""
        try:
            standard_webhooks.verified(incoming, secret.split(), now)
        except BadSignature as error:
            raise BadShopSignature from error
        event = ShopTellsIn().load(object_of(incoming))
        if event["type"] not in TYPES:
            return Heard()
        if event["type"] == LEVELS:
            ids = event["data"].get("shop_ids")
            if not isinstance(ids, list):
                raise Invalid(errors={"data": {"shop_ids": [fields.List.default_error_messages["invalid"]]}})
            return Heard(item_ids=[str(each) for each in ids])
        told = OrderToldIn().load(event["data"])
        order = order_of(told, is_cancelled=event["type"] == CANCELLED)
        return Heard(orders=[order], told_at=event["timestamp"])


CONNECTOR = WebhookConnector()
