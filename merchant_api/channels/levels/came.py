"""What becomes of a record after it was sent: a pure decision from the outcome that the connector gave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from merchant_api.channels.faults import ShopFault
from merchant_api.channels.levels import again
from merchant_api.channels.levels.claim import PackedLevel
from merchant_api.channels.shop_levels import (
    Acknowledged,
    ItemGone,
    ItemLater,
    ItemRefused,
    LevelOutcome,
    Overtaken,
    Response,
)
from merchant_api.channels.states import LevelState, ListingFault
from merchant_api.channels.told import readable

IS_GONE = "The shop does not have this item any more. List the product again, or take the listing away."
NO_WORD = Response("The shop said nothing of this item.")


@dataclass(frozen=True, slots=True)
class Came:
    """What is recorded of one try: `acknowledged` what the shop sells since, `fault` and `why` of the listing.

    One that does not count was not the record's: its attempt is taken back.
    """

    packed: PackedLevel
    state: LevelState
    due_at: datetime
    response: Response
    acknowledged: int | None = None
    fault: ListingFault | None = None
    why: str | None = None
    counts: bool = True

    @property
    def id(self) -> UUID:
        """Of the record."""
        return self.packed.id


def after(packed: PackedLevel, outcome: LevelOutcome | None, at: datetime, chance: float) -> Came:
    """What becomes of a record whose call the shop answered; None where it said nothing of its item."""
    tries, level = packed.attempts, packed.level
    match outcome:
        case Acknowledged(level=sells, response=response):
            if sells == level:
                return Came(packed, LevelState.DONE, at, response, sells)
            wait = again.wait_s(tries, level, chance)
            return Came(packed, LevelState.PENDING, _in(at, wait), response, sells)
        case Overtaken(response=response):
            wait = again.wait_overtaken_s(tries, level, chance)
            return Came(packed, LevelState.PENDING, _in(at, wait), response)
        case ItemGone(response=response):
            return Came(packed, LevelState.HELD, at, response, None, ListingFault.GONE, IS_GONE)
        case ItemRefused(why=why, response=response, is_ignored=is_ignored):
            fault = ListingFault.IGNORED if is_ignored else ListingFault.REFUSED
            return Came(packed, LevelState.HELD, at, response, None, fault, readable(why))
        case ItemLater(response=response, after_s=after_s):
            wait = again.wait_s(tries, level, chance, after_s)
            return Came(packed, LevelState.PENDING, _in(at, wait), response)
    return Came(packed, LevelState.PENDING, _in(at, again.wait_s(tries, level, chance)), NO_WORD)


def untried(packed: PackedLevel, fault: ShopFault, at: datetime, wait_s: float) -> Came:
    """What becomes of a record whose call failed as a whole: it waits as it did."""
    response = Response(fault.text or str(fault), fault.status)
    return Came(packed, LevelState.PENDING, _in(at, wait_s), response, counts=False)


def columns(some: "list[Came]") -> Mapping[str, list[Any]]:
    """The values of many, column by column, as the statement takes them that records them."""
    return {
        "ids": [each.packed.id for each in some],
        "tokens": [each.packed.token for each in some],
        "states": [each.state.value for each in some],
        "dues": [each.due_at for each in some],
        "texts": [each.response.text for each in some],
        "statuses": [each.response.status for each in some],
        "sells": [each.acknowledged for each in some],
        "faults": [None if each.fault is None else each.fault.value for each in some],
        "whys": [each.why for each in some],
        "counted": [each.counts for each in some],
        "solds": [each.packed.sold for each in some],
    }


def _in(at: datetime, seconds: float) -> datetime:
    return at + timedelta(seconds=seconds)
