"""Levels as connectors read and set them: of which item, what the shop sells, and what came of setting it.

`sells` is what a shopper can buy, `stands` the figure as it is set in the shop, which includes what the shop has
promised (`reserved`) where the platform sets on hand.
"""

from dataclasses import dataclass

from merchant_api.channels.told import readable


@dataclass(frozen=True, slots=True)
class ItemRef:
    """An item of a shop, by the id that a listing keeps (opaque to all but the kind), and a place of the shop."""

    shop_id: str
    location: str | None = None


@dataclass(frozen=True, slots=True)
class ShopLevel:
    """The level of an item as it was read. None: the shop does not count it, and `why` says so."""

    ref: ItemRef
    sells: int | None
    stands: int | None
    reserved: int = 0
    why: str | None = None


@dataclass(frozen=True, slots=True)
class LevelWanted:
    """The level that the shop shall sell; `known` is what it was last known to sell, for kinds that compare."""

    ref: ItemRef
    level: int
    known: int | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What a shop answered, for people: the status where there was one, and the text as received, cut."""

    text: str
    status: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", readable(self.text))


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The shop sells this level now; `stands` is the figure in the shop."""

    ref: ItemRef
    level: int
    stands: int
    response: Response


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A sale or somebody else came between reading and setting: the same again, on what is read then."""

    ref: ItemRef
    response: Response


@dataclass(frozen=True, slots=True)
class ItemGone:
    """The shop does not have the item any more."""

    ref: ItemRef
    response: Response


@dataclass(frozen=True, slots=True)
class ItemRefused:
    """The shop refuses it until somebody does what `why` says. `is_ignored`: it said yes, and did not."""

    ref: ItemRef
    why: str
    response: Response
    is_ignored: bool = False


@dataclass(frozen=True, slots=True)
class ItemLater:
    """It failed and may pass later: at fault is the item or the moment, not the shop."""

    ref: ItemRef
    response: Response
    after_s: float = 0.0


LevelOutcome = Acknowledged | Overtaken | ItemGone | ItemRefused | ItemLater
