"""What an answer to a setting shows for each row: the change to the level wanted, or else what is read once more."""

from collections.abc import Mapping, Sequence
from typing import Any

from merchant_api.channels.kinds.shopify import read_levels
from merchant_api.channels.kinds.shopify.gids import gid
from merchant_api.channels.kinds.shopify.graph import AdminGraph
from merchant_api.channels.shop_levels import (
    Acknowledged,
    ItemGone,
    ItemRef,
    ItemRefused,
    LevelOutcome,
    LevelWanted,
    Overtaken,
)

IGNORED = "Shopify said yes and changed nothing: see at the item in Shopify how its stock is counted."


def proved(
    graph: AdminGraph,
    location: str,
    rows: Sequence[LevelWanted],
    before: Mapping[ItemRef, int],
    told: Mapping[str, Any],
) -> dict[ItemRef, LevelOutcome]:
    """What came of rows that Shopify took."""
    shown, response = _shown(told, location), graph.last
    outcomes: dict[ItemRef, LevelOutcome] = {}
    unshown = []
    for row in rows:
        after, delta = shown.get(gid("InventoryItem", row.ref.shop_id), (None, None))
        if row.level in (after, before[row.ref] + (delta or 0)):
            outcomes[row.ref] = Acknowledged(row.ref, row.level, row.level, response)
        else:
            unshown.append(row)
    return outcomes | _read_again(graph, location, unshown, before) if unshown else outcomes


def _shown(told: Mapping[str, Any], location: str) -> dict[str | None, tuple[int | None, int | None]]:
    group = told.get("inventoryAdjustmentGroup") or {"changes": []}
    return {
        change["item"]["id"]: (change["quantityAfterChange"], change["delta"])
        for change in group["changes"]
        if change["name"] == "available"
        and change["item"]
        and (change["location"] or {"id": location})["id"] == location
    }


def _read_again(
    graph: AdminGraph, location: str, rows: Sequence[LevelWanted], before: Mapping[ItemRef, int]
) -> dict[ItemRef, LevelOutcome]:
    outcomes: dict[ItemRef, LevelOutcome] = {}
    for row, level in zip(rows, read_levels.read(graph, [row.ref for row in rows], location), strict=True):
        response = graph.last
        if isinstance(level, ItemGone):
            outcomes[row.ref] = level
        elif level.sells == row.level:
            outcomes[row.ref] = Acknowledged(row.ref, row.level, row.level, response)
        elif level.sells == before[row.ref]:
            outcomes[row.ref] = ItemRefused(row.ref, IGNORED, response, is_ignored=True)
        else:
            outcomes[row.ref] = Overtaken(row.ref, response)
    return outcomes
