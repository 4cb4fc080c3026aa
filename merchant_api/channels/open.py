"""Open the shop of a channel: from its row, its credentials and its merchant's currency.

What is read is read in the transaction that is open; the shop itself is asked after its end. Each pass has its own
deadline, which begins when the shop is opened.
"""

from collections.abc import Callable

from merchant_api.channels import dial
from merchant_api.channels.connector import WebShop
from merchant_api.channels.models import Channel
from merchant_api.shop.find import currency


def opener(channel: Channel) -> Callable[[], WebShop]:
    """Opens the shop for one pass, again and again, on any thread. Raises Unsealable."""
    return dial.opener(channel.kind, dial.access_of(channel, currency(channel.merchant_id)))


def open_shop(channel: Channel) -> WebShop:
    """The shop for one pass, which begins now. Raises Unsealable."""
    return opener(channel)()
