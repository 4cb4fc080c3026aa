"""What the kit does in a shop as its merchant and its shoppers would: by the ways of the shop, not our connector."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from merchant_api.channels.connector import WebShop
from merchant_api.channels.states import ChannelKind


class ShopDriver(Protocol):
    """A shop under test. Items are named by the id that a listing keeps, orders by the id that connectors give them.

    `abilities` are what the platform offers at all: `cancel`, `cancel_part`, `edit`, `fulfil`, `stop`. `most_set` and
    `rereads_open` are those of the connector; `unknown_order` is an id that no order has.
    """

    kind: ChannelKind
    address: str
    credentials: Mapping[str, str]
    currency: str
    abilities: frozenset[str]
    wrong_credentials: Mapping[str, str]
    unknown_order: str
    most_set: int
    rereads_open: bool

    def open(self) -> WebShop:
        """The shop by our connector, signed in with `credentials`."""
        ...

    def open_with(self, credentials: Mapping[str, str]) -> WebShop:
        """The shop by our connector, with these credentials."""
        ...

    def add_item(self, sku: str | None, name: str, level: int, price: int = 1500) -> str:
        """Put something up for sale with a level, at a price in minor units; gives the listing's id."""
        ...

    def level(self, shop_id: str) -> int:
        """What a shopper can buy now."""
        ...

    def put_level(self, shop_id: str, level: int) -> None:
        """The merchant sets what can be bought, in the shop."""
        ...

    def order(self, lines: Mapping[str, int]) -> str:
        """A shopper orders and pays; gives the order's id."""
        ...

    def cancel(self, external_id: str, lines: Mapping[str, int] | None = None) -> None:
        """Cancel an order, or units of it, giving them back to stock."""
        ...

    def edit(self, external_id: str, lines: Mapping[str, int]) -> None:
        """Change the quantities of a taken order."""
        ...

    def fulfil(self, external_id: str) -> None:
        """Send all of an order out."""
        ...

    def remove(self, shop_id: str) -> None:
        """Take an item away for good."""
        ...

    def calls(self) -> Sequence[str]:
        """What our connector asked so far, as "METHOD /path"; empty where the platform can't tell."""
        ...

    def stop(self) -> None:
        """The shop is away."""
        ...

    def start(self) -> None:
        """It is back."""
        ...
