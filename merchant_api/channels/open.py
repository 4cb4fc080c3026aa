"""Open the shop of a channel: from its row, its credentials and its merchant's currency.

What is read is read in the transaction that is open; the shop itself is asked after its end. Each pass has its own
deadline, which begins when the shop is opened.
"""

from collections.abc import Callable
from functools import cache

from merchant_api.channels import connectors, dial
from merchant_api.channels.connector import PASS_S, WebShop
from merchant_api.channels.models import Channel
from merchant_api.channels.wire import ShopWire
from merchant_api.core.installed import settings
from merchant_api.shop.find import currency
from outside.calls import Calls
from outside.exchange import Outside
from outside.reach import Reach


def opener(channel: Channel) -> Callable[[], WebShop]:
    """Opens the shop for one pass, again and again, on any thread. Raises Unsealable."""
    access = dial.access_of(channel, currency(channel.merchant_id))
    outside, connector = _outside(dial.reach(settings())), connectors.of(channel.kind)
    return lambda: connector.open(access, ShopWire(Calls(outside, PASS_S), access.address, {}))


def open_shop(channel: Channel) -> WebShop:
    """The shop for one pass, which begins now. Raises Unsealable."""
    return opener(channel)()


@cache
def _outside(within: Reach) -> Outside:
    return Outside(within)
