"""A channel's shop, opened for one pass; asks nobody yet."""

from merchant_api.channels import dial
from merchant_api.channels.connector import WebShop
from merchant_api.channels.models import Channel
from merchant_api.shop import find


def opened(channel: Channel) -> WebShop:
    """The shop, with our credentials. Raises Unsealable."""
    return dial.open_shop(channel.kind, dial.access_of(channel, find.currency(channel.merchant_id)))
