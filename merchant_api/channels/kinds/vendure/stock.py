"""Stock of variants as one read shows it: settings, locations and levels together, so that they belong together.

Vendure tells nobody what it sells: that is on hand - allocated - the threshold of the variant or, if it has none of its
own, of the shop. A variant whose inventory is not tracked keeps levels that nothing moves. Orders that are placed at
once lose each other's allocation: what is allocated says what the shop holds back, and never what it has sold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from merchant_api.channels.faults import ShopOdd
from merchant_api.channels.kinds.vendure.admin_api import AdminApi, VendureError
from merchant_api.channels.kinds.vendure.documents import READ_PLACES, READ_STOCK

NOT_COUNTED = "The shop does not count stock of this item: track its inventory there, or unlink it here."
_NO_ID = ("out of range", "invalid input syntax")  # the words of its database for what can be no id of an item


@dataclass(frozen=True, slots=True)
class ShopPlaces:
    """What holds for all of a shop: locations by id, the default first, and the settings that variants inherit."""

    locations: Mapping[str, str]
    is_tracked: bool
    threshold: int
    digits: int

    def place(self, wanted: str | None) -> str:
        """The location that is meant: this one, or the default. Raises ShopOdd where there is none at all."""
        if wanted is not None:
            return wanted
        if not self.locations:
            raise ShopOdd("The shop has no stock location: make one there.")
        return next(iter(self.locations))

    def no_such(self, place: str) -> str:
        """What to do about a location that is not there any more."""
        return f"The shop has no stock location {place}; it has {self.names()}: choose one."

    def names(self) -> str:
        """For people."""
        return ", ".join(f"{name} ({key})" for key, name in self.locations.items())


@dataclass(frozen=True, slots=True)
class VariantStock:
    """A variant's stock at one location."""

    on_hand: int
    allocated: int
    threshold: int
    is_counted: bool

    @property
    def sells(self) -> int:
        """What a shopper can buy; below 0 where more was promised than is there."""
        return self.on_hand - self.allocated - self.threshold


def places(data: Mapping[str, Any]) -> ShopPlaces:
    """From an answer with settings and locations."""
    settings = data["globalSettings"]
    return ShopPlaces(
        locations={str(each["id"]): str(each["name"]) for each in data["stockLocations"]["items"]},
        is_tracked=bool(settings["trackInventory"]),
        threshold=int(settings["outOfStockThreshold"]),
        digits=int(settings["serverConfig"]["moneyStrategyPrecision"]),
    )


def at(variant: Mapping[str, Any], location: str, found: ShopPlaces) -> VariantStock:
    """A variant's stock at a location; one that it was never at is empty."""
    on_hand, allocated = level_at(variant, location)
    own = not variant["useGlobalOutOfStockThreshold"]
    tracked = variant["trackInventory"]
    return VariantStock(
        on_hand=on_hand,
        allocated=allocated,
        threshold=int(variant["outOfStockThreshold"]) if own else found.threshold,
        is_counted=tracked == "TRUE" or (tracked == "INHERIT" and found.is_tracked),
    )


def level_at(variant: Mapping[str, Any], location: str) -> tuple[int, int]:
    """On hand and allocated at a location."""
    for level in variant["stockLevels"]:
        if str(level["stockLocationId"]) == location:
            return int(level["stockOnHand"]), int(level["stockAllocated"])
    return 0, 0


def read(api: AdminApi, ids: Sequence[str]) -> tuple[ShopPlaces, dict[str, Mapping[str, Any]]]:
    """The variants that the shop has of these; deleted ones are not among them."""
    if not ids:
        return places(api.ask(READ_PLACES)), {}
    try:
        data = api.ask(READ_STOCK, ids=list(dict.fromkeys(ids)), take=len(ids))
    except VendureError as error:
        if error.code is not None or not any(words in error.message for words in _NO_ID):
            raise
        return _apart(api, ids)
    return places(data), {str(each["id"]): each for each in data["productVariants"]["items"]}


def _apart(api: AdminApi, ids: Sequence[str]) -> tuple[ShopPlaces, dict[str, Mapping[str, Any]]]:
    """One that can be no id refuses the whole question: halves of it, until it is alone and left out."""
    if len(ids) == 1:
        return read(api, [])
    middle = len(ids) // 2
    found, first = read(api, ids[:middle])
    return found, {**first, **read(api, ids[middle:])[1]}
