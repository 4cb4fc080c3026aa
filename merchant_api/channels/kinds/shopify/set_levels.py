"""Levels are set by name "available", so that the shop sells just them, and only where nobody sold in between.

Each row is compared with what was read in the same pass. A call is made under a key of its own; where nobody knows what
became of it, it is made once more under that key, which has no second effect. A refused row makes Shopify refuse the
whole call, so the others are sent again without it, as far as `MOST_CALLS` goes.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from merchant_api.channels.faults import ShopAway, ShopBusy, ShopOdd
from merchant_api.channels.kinds.shopify import read_levels, row_errors
from merchant_api.channels.kinds.shopify.by_place import by_place
from merchant_api.channels.kinds.shopify.gids import gid
from merchant_api.channels.kinds.shopify.graph import AdminGraph
from merchant_api.channels.kinds.shopify.proved import proved
from merchant_api.channels.kinds.shopify.queries import SET_LEVELS
from merchant_api.channels.shop_levels import (
    Acknowledged,
    ItemGone,
    ItemLater,
    ItemRef,
    ItemRefused,
    LevelOutcome,
    LevelWanted,
    Response,
)

MOST_CALLS = 12
REASON = "correction"
NOT_THERE = "The shop has not the location that levels are written to: choose another."


@dataclass(slots=True)
class Pass:
    """One pass over some rows of a location: what each was read to sell, and what came of it."""

    graph: AdminGraph
    location: str
    read: dict[ItemRef, int] = field(default_factory=dict)
    outcomes: dict[ItemRef, LevelOutcome] = field(default_factory=dict)
    calls: int = 0


def at_places(
    graph: AdminGraph, wanted: Sequence[LevelWanted], choose: Callable[[str | None], str]
) -> list[LevelOutcome]:
    """Make the shop sell these levels, each at its own place or the one chosen; one value for each."""
    return by_place(wanted, lambda row: row.ref.location, choose, lambda some, place: set_levels(graph, some, place))


def set_levels(graph: AdminGraph, wanted: Sequence[LevelWanted], location: str) -> list[LevelOutcome]:
    """Make the shop sell these levels at a location; one value for each. Raises a ShopFault where nothing was set."""
    now = Pass(graph, location)
    rows = _to_set(now, list({row.ref: row for row in wanted}.values()))
    try:
        _send(now, rows)
    except (ShopBusy, ShopAway) as fault:
        if not any(row.ref in now.outcomes for row in rows):
            raise
        response = Response(fault.text or str(fault), fault.status)
        for row in rows:
            now.outcomes.setdefault(row.ref, ItemLater(row.ref, response, fault.after_s))
    return [now.outcomes[row.ref] for row in wanted]


def _to_set(now: Pass, rows: Sequence[LevelWanted]) -> list[LevelWanted]:
    """The rows that differ from what the shop sells; what is so already is acknowledged by the reading."""
    left = []
    for row, level in zip(rows, read_levels.read(now.graph, [row.ref for row in rows], now.location), strict=True):
        response = now.graph.last
        if isinstance(level, ItemGone):
            now.outcomes[row.ref] = level
        elif level.sells is None:
            now.outcomes[row.ref] = ItemRefused(row.ref, read_levels.NOT_COUNTED, response, is_ignored=True)
        elif level.sells == row.level:
            now.outcomes[row.ref] = Acknowledged(row.ref, row.level, row.level, response)
        elif level.stands is None:
            now.outcomes[row.ref] = ItemRefused(row.ref, read_levels.NOT_STOCKED, response)
        else:
            now.read[row.ref] = level.sells
            left.append(row)
    return left


def _send(now: Pass, rows: Sequence[LevelWanted]) -> None:
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
            raise ShopOdd(
                "The shop has not the location that levels are written to: choose another.", now.graph.last.text
            )
        bad = {place: error for error in errors if (place := row_errors.place_of(error, len(rows))) is not None}
        if not bad and len(rows) > 1:
            _send(now, rows[: len(rows) // 2])
            rows = rows[len(rows) // 2 :]
            continue
        bad = bad or {0: errors[0]}
        for place, error in bad.items():
            now.outcomes[rows[place].ref] = row_errors.outcome(error, rows[place], now.graph.last)
        rows = [row for place, row in enumerate(rows) if place not in bad]


def _called(now: Pass, rows: Sequence[LevelWanted]) -> dict[str, Any]:
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


def _call(now: Pass, rows: Sequence[LevelWanted], key: str) -> dict[str, Any]:
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
