"""Levels are set by name "available", so that the shop sells just them, and only where nobody sold in between.

Each row is compared with what was read in the same pass; what the shop sells already is acknowledged by the reading.
"""

from collections.abc import Callable, Sequence

from merchant_api.channels.faults import ShopAway, ShopBusy
from merchant_api.channels.kinds.shopify import locations, read_levels
from merchant_api.channels.kinds.shopify.by_place import by_place
from merchant_api.channels.kinds.shopify.graph import AdminGraph
from merchant_api.channels.kinds.shopify.send_rows import LevelPass, send_rows
from merchant_api.channels.shop_levels import (
    Acknowledged,
    ItemGone,
    ItemLater,
    ItemRefused,
    LevelOutcome,
    LevelWanted,
    Response,
    ShopLevel,
)


def at_places(
    graph: AdminGraph, wanted: Sequence[LevelWanted], choose: Callable[[str | None], str]
) -> list[LevelOutcome]:
    """Make the shop sell these levels, each at its own place or the one chosen; one value for each."""
    return by_place(wanted, lambda row: row.ref.location, choose, lambda some, place: set_levels(graph, some, place))


def set_levels(graph: AdminGraph, wanted: Sequence[LevelWanted], location: str) -> list[LevelOutcome]:
    """Make the shop sell these levels at a location; one value for each. Raises a ShopFault where nothing was set."""
    now = LevelPass(graph, location)
    rows = _to_set(now, list({row.ref: row for row in wanted}.values()))
    try:
        send_rows(now, rows)
    except (ShopBusy, ShopAway) as fault:
        if not any(row.ref in now.outcomes for row in rows):
            raise
        response = Response(fault.text or str(fault), fault.status)
        for row in rows:
            now.outcomes.setdefault(row.ref, ItemLater(row.ref, response, fault.after_s))
    return [now.outcomes[row.ref] for row in wanted]


def _to_set(now: LevelPass, rows: Sequence[LevelWanted]) -> list[LevelWanted]:
    """The rows that differ from what the shop sells; what is so already is acknowledged by the reading."""
    left = []
    read = read_levels.read(now.graph, [row.ref for row in rows], now.location)
    response = now.graph.last
    if any(isinstance(level, ShopLevel) and level.why == read_levels.NOT_STOCKED for level in read):
        locations.find(now.graph, now.location)  # at one that was closed nothing is stocked: no fault of the items
    for row, level in zip(rows, read, strict=True):
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
