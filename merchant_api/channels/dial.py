"""How a shop is reached from here: within which hosts, with which credentials, within one deadline.

Who stores an address and who calls it ask the same `reach`. Nothing here may run in a transaction but `access_of`,
which asks nobody.
"""

from collections.abc import Callable
from functools import cache
from typing import TypeVar

from merchant_api.channels import connectors, sealed
from merchant_api.channels.connector import PASS_S, ShopAccess, WebShop
from merchant_api.channels.faults import ShopOdd
from merchant_api.channels.models import Channel
from merchant_api.channels.states import ChannelKind
from merchant_api.channels.wire import ShopWire
from merchant_api.core.installed import settings
from merchant_api.core.log import log
from merchant_api.core.settings import Settings
from outside.calls import Calls
from outside.exchange import Outside
from outside.reach import Reach

T = TypeVar("T")
# What reading an answer of another shape raises, where a connector did not look for it.
_ODD = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
_log = log(__name__)


def reach(of: Settings) -> Reach:
    """The public internet, and the hosts that ORDERBELL_SHOP_HOSTS names."""
    return Reach(opened=of.shop_hosts)


def access_of(channel: Channel, currency: str) -> ShopAccess:
    """How a channel's shop is reached; `currency` is the merchant's. Raises Unsealable."""
    return ShopAccess(
        address=channel.address,
        credentials=sealed.credentials_of(channel),
        currency=currency,
        location=channel.settings.get("shop_location"),
        options=channel.settings.get("options", {}),
    )


def open_shop(kind: ChannelKind, access: ShopAccess, deadline_s: float = PASS_S) -> WebShop:
    """A shop for one pass: all that is asked of it ends within the deadline. Asks nobody yet."""
    return opener(kind, access, deadline_s)()


def opener(kind: ChannelKind, access: ShopAccess, deadline_s: float = PASS_S) -> Callable[[], WebShop]:
    """Opens a shop again and again, on any thread; each pass begins when it is opened."""
    outside, connector = _outside(reach(settings())), connectors.of(kind)
    return lambda: connector.open(access, ShopWire(Calls(outside, deadline_s), access.address, {}))


def asked(work: Callable[[], T]) -> T:
    """Ask a shop something; raises ShopFault, whatever the shop answers."""
    try:
        return work()
    except _ODD as odd:
        _log.warning("channel.odd_answer", error=type(odd).__name__, exc_info=True)
        raise ShopOdd("The shop answers something that shops of its kind do not.") from odd


@cache
def _outside(within: Reach) -> Outside:
    return Outside(within)
