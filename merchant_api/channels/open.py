"""A channel's shop, opened for one pass: reads the row and its merchant's currency, and asks nobody."""

from sqlalchemy import select

from merchant_api.accounts.models import Merchant
from merchant_api.channels import connectors
from merchant_api.channels.connector import PASS_S, ShopAccess, WebShop
from merchant_api.channels.models import Channel
from merchant_api.channels.sealed import credentials_of
from merchant_api.channels.wire import ShopWire
from merchant_api.core.db import session
from outside.calls import Calls
from outside.exchange import Outside
from outside.reach import Reach


def open_shop(channel: Channel) -> WebShop:
    """The shop of a channel that has not ended; raises Unsealable."""
    currency = session().execute(select(Merchant.currency).where(Merchant.id == channel.merchant_id)).scalar_one()
    access = ShopAccess(
        address=channel.address,
        credentials=credentials_of(channel),
        currency=currency,
        location=channel.settings.get("shop_location"),
        options=channel.settings.get("options", {}),
    )
    wire = ShopWire(Calls(Outside(Reach()), PASS_S), channel.address, {})
    return connectors.of(channel.kind).open(access, wire)
