"""What a shop changed itself: its level beside what it should sell by the orders that we know.

A level is compared only between two polls of its orders that saw the same: read at an instant, it is kept as a suspect,
and believed once the orders until then are known, none of them was of this item, and a second read shows it still. So
neither a sale that is not imported yet nor one between reading and importing looks like the merchant's hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from merchant_api.channels.models import Listing
from merchant_api.channels.rules import LARGEST_LEVEL
from merchant_api.channels.runs.listed import Listed
from merchant_api.channels.shop_levels import ItemGone, ShopLevel
from merchant_api.channels.states import ListingFault
from merchant_api.core import clock

MOST_LOOKS = 5
Suspects = dict[str, list[Any]]  # by product: what the shop sells, `sold` then, and how often it was looked at


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of a read: who is suspected, what is certain, and what can't be compared."""

    suspects: Suspects
    changes: list[dict[str, Any]]
    problems: list[dict[str, Any]]


def compare(
    rows: Sequence[Listed],
    read: Mapping[str, ShopLevel | ItemGone],
    before: Suspects,
    behind: set[Any],
) -> Compared:
    """Locked listings beside what was read of them; notes on each what the shop sells. Pure but for that."""
    found = Compared({}, [], [])
    for row in rows:
        listing, key = row.Listing, str(row.Listing.product_id)
        if key in read:
            _one(found, row, read[key], before.get(key), listing.product_id in behind)
    return found


def _one(found: Compared, row: Listed, level: ShopLevel | ItemGone, before: list[Any] | None, is_behind: bool) -> None:
    listing, key = row.Listing, str(row.Listing.product_id)
    problem = _problem(listing, level)
    if problem is not None or not isinstance(level, ShopLevel):
        found.problems.append({"product_id": key, "sku": row.sku, "why": problem})
        return
    theirs, ours = within(level.sells or 0), listing.expected
    listing.shop_level, listing.read_at = theirs, clock.now()
    if ours is None or ours == theirs:
        return
    if before is not None and before[:2] == [theirs, listing.sold] and not is_behind:
        change = {"product_id": key, "sku": row.sku, "ours": ours, "theirs": theirs, "change": theirs - ours}
        found.changes.append(change)
    elif before is not None and before[2] >= MOST_LOOKS:
        why = "Its level moves while it is read: pull again when the shop is quieter."
        found.problems.append({"product_id": key, "sku": row.sku, "why": why})
    else:
        found.suspects[key] = [theirs, listing.sold, 1 if before is None else before[2] + 1]


def _problem(listing: Listing, level: ShopLevel | ItemGone) -> str | None:
    if isinstance(level, ItemGone):
        listing.fault, listing.why = ListingFault.GONE, "The shop does not have this item any more."
        return listing.why
    if level.sells is None:
        return level.why or "The shop does not count stock of this item."
    return None


def within(level: int) -> int:
    """A level as a column takes it: a shop may say any number."""
    return max(-LARGEST_LEVEL, min(level, LARGEST_LEVEL))


def is_settled(read_at: datetime, known_until: datetime | None) -> bool:
    """Whether the orders of the shop are known until a read, so that its levels can be compared."""
    return known_until is None or known_until > read_at


def acknowledge(listing: Listing, level: int) -> None:
    """From here on the shop is known to sell this level, and nothing of it is adrift."""
    listing.acknowledged, listing.acknowledged_at = level, clock.now()
    listing.sold_then = listing.sold
    listing.drift_ours = listing.drift_theirs = listing.drift_since = None
