"""Rows of one location, sent together: a refused one makes Shopify refuse the whole call.

A call is made under a key of its own; where nobody knows what became of it, it is made once more under that key, which
has no second effect. What was not refused is sent again without what was, as far as `MOST_CALLS` goes.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from merchant_api.channels.faults import ShopAway, ShopOdd
from merchant_api.channels.kinds.shopify import row_errors
from merchant_api.channels.kinds.shopify.gids import gid
from merchant_api.channels.kinds.shopify.graph import AdminGraph
from merchant_api.channels.kinds.shopify.proved import proved
from merchant_api.channels.kinds.shopify.queries import SET_LEVELS
from merchant_api.channels.shop_levels import ItemLater, ItemRef, LevelOutcome, LevelWanted

MOST_CALLS = 12
AGAIN_S = 1.0
REASON = "correction"
NOT_THERE = "The shop has not the location that levels are written to: choose another."


@dataclass(slots=True)
class LevelPass:
    """One pass over some rows of a location: what each was read to sell, and what came of it."""

    graph: AdminGraph
    location: str
    read: dict[ItemRef, int] = field(default_factory=dict)
    outcomes: dict[ItemRef, LevelOutcome] = field(default_factory=dict)
    calls: int = 0


def send_rows(now: LevelPass, rows: Sequence[LevelWanted]) -> None:
    """Send rows together, and without those that are refused; in halves where nothing says which those are."""
    while rows:
        if now.calls >= MOST_CALLS:
            now.outcomes |= {row.ref: ItemLater(row.ref, now.graph.last) for row in rows}
            return
        told = _called(now, rows)
        errors = told["userErrors"]
        if not errors:
            now.outcomes |= proved(now.graph, now.location, rows, now.read, told)
            return
        if any(error.get("code") == row_errors.NO_LOCATION for error in errors):
            raise ShopOdd(NOT_THERE, now.graph.last.text)
        if any(error.get("code") in row_errors.NOT_YET for error in errors):
            now.outcomes |= {row.ref: ItemLater(row.ref, now.graph.last, AGAIN_S) for row in rows}
            return
        bad = {place: error for error in errors if (place := row_errors.place_of(error, len(rows))) is not None}
        if not bad and len(rows) > 1:
            send_rows(now, rows[: len(rows) // 2])
            rows = rows[len(rows) // 2 :]
            continue
        bad = bad or {0: errors[0]}
        for place, error in bad.items():
            now.outcomes[rows[place].ref] = row_errors.outcome(error, rows[place], now.graph.last)
        rows = [row for place, row in enumerate(rows) if place not in bad]


def _called(now: LevelPass, rows: Sequence[LevelWanted]) -> dict[str, Any]:
    """The answer to a call under a new key; again under the same one where it got none or is still at work."""
    key = str(uuid.uuid4())
    try:
        told = _call(now, rows, key)
    except ShopAway:
        told = _call(now, rows, key)
    codes = {error.get("code") for error in told["userErrors"]}
    if row_errors.SAME_KEY_LATER in codes:
        return _call(now, rows, key)
    return _call(now, rows, str(uuid.uuid4())) if codes & row_errors.NEW_KEY else told


def _call(now: LevelPass, rows: Sequence[LevelWanted], key: str) -> dict[str, Any]:
    now.calls += 1
    quantities = [
        {
            "inventoryItemId": gid("InventoryItem", row.ref.shop_id),
            "locationId": now.location,
            "quantity": row.level,
            "changeFromQuantity": now.read[row.ref],
        }
        for row in rows
    ]
    asked = {"name": "available", "reason": REASON, "quantities": quantities}
    told: dict[str, Any] = now.graph.ask(SET_LEVELS, input=asked, key=key)["inventorySetQuantities"]
    return told
