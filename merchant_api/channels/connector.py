"""The port to web shops: what each kind can do for us. Nothing here knows the database.

A connector lies in `kinds/<kind>/connector.py` as `CONNECTOR`, is imported when first used, and opens shops. All calls
of a shop go out by its `ShopWire` (`wire.py`), which keeps one deadline for the pass and the guard of `outside/`.
What a shop says is read as it is: a platform's traps are told in its own folder.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from merchant_api.channels.shop_items import ItemPage
from merchant_api.channels.shop_levels import ItemGone, ItemRef, LevelOutcome, LevelWanted, ShopLevel
from merchant_api.channels.shop_orders import Heard, OrderFeed, ShopOrder
from merchant_api.channels.wire import ShopWire
from merchant_api.core.endpoint import Incoming

PASS_S = 20.0  # the most that one call of a `WebShop` takes, whatever the shop does


@dataclass(frozen=True, slots=True)
class CredentialField:
    """A credential that a kind wants; `is_optional` where it may be left out."""

    name: str
    title: str
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a kind can do, and how it wants it done.

    `most_set` rows fit in one call of `set_levels`, `most_read` in one of `read_levels`, and at most `calls_at_once`
    calls are on their way to one shop. `rereads_open`: its feed of orders misses later steps, so that open orders are
    read again by id. `hears_events`: it sends events that tell of orders; `tells_whole_orders` if they carry them.
    `options` are settings of this kind alone, by name, with what each is for. `signs_with` names the credential that
    events are signed with, where the platform takes no secret of ours: then that is what `hear` and `listen` are given.
    """

    credentials: Sequence[CredentialField]
    most_set: int = 1
    most_read: int = 100
    calls_at_once: int = 4
    compares: bool = False
    has_locations: bool = False
    has_orders: bool = True
    has_items: bool = True
    rereads_open: bool = False
    hears_events: bool = False
    tells_whole_orders: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    signs_with: str | None = None


@dataclass(frozen=True, slots=True)
class ShopAccess:
    """How a shop is reached. `location` is the place in the shop that levels are written to, where it has several."""

    address: str
    credentials: Mapping[str, str] = field(repr=False)
    currency: str
    location: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a shop says of our account: its name, where levels are written, what the account may do (`levels`, `orders`,
    `items`, `events`), the shop's currency, and in sentences what is in the way.
    """

    account: str | None
    location: str | None
    can: frozenset[str]
    currency: str | None = None
    problems: Sequence[str] = ()


class WebShop(Protocol):
    """A shop that was opened. Every call may raise a ShopFault (`faults.py`), and takes PASS_S at the most."""

    def check(self) -> Checked:
        """Sign in and say what the account may do."""
        ...

    def read_levels(self, refs: Sequence[ItemRef]) -> Sequence[ShopLevel | ItemGone]:
        """What the shop sells of these items, one value for each, at most `most_read`."""
        ...

    def set_levels(self, wanted: Sequence[LevelWanted]) -> Sequence[LevelOutcome]:
        """Make the shop sell these levels, at most `most_set`; one value for each.

        Where the platform sets on hand, what it has promised is read in the same pass and added. An acknowledgement is
        what the answer showed, never that there was one.
        """
        ...

    def items(self, cursor: str | None) -> ItemPage:
        """All that the shop sells, a page at a time, from the beginning or from where a page ended."""
        ...

    def orders(self, mark: Mapping[str, Any]) -> OrderFeed:
        """Orders that are new or changed since; an empty mark: from now on."""
        ...

    def orders_by_id(self, external_ids: Sequence[str]) -> Sequence[ShopOrder]:
        """These orders as they are now, at most 50; without those that the shop has not."""
        ...

    def listen(self, url: str, secret: str) -> None:
        """See to it that the shop sends its events to this address, signed with the secret; again and again."""
        ...


class Connector(Protocol):
    """One kind of shop."""

    abilities: Abilities

    def check_address(self, address: str) -> str:
        """The address as it is kept; ValueError, with a sentence, for what can be none of this kind."""
        ...

    def check_credentials(self, credentials: Mapping[str, str]) -> None:
        """ValueError, with a sentence, for what can be none of this kind; which fields there are was checked."""
        ...

    def open(self, access: ShopAccess, wire: ShopWire) -> WebShop:
        """A shop; asks nobody."""
        ...

    def hear(self, incoming: Incoming, secret: str, now: datetime) -> Heard:
        """What a signed call tells; raises BadShopSignature, or ShopFault for what was signed and can't be read."""
        ...
