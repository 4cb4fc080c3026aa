"""What a shop sells of its items at a location: their `available`, which what is promised to orders is not part of."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from merchant_api.channels.kinds.shopify.by_place import by_place
from merchant_api.channels.kinds.shopify.gids import gid
from merchant_api.channels.kinds.shopify.graph import AdminGraph
from merchant_api.channels.kinds.shopify.queries import LEVELS
from merchant_api.channels.kinds.shopify.smaller import in_smaller
from merchant_api.channels.shop_levels import ItemGone, ItemRef, ShopLevel

NOT_COUNTED = "Shopify does not count the stock of it: switch on «Track quantity» there, or pause the listing."
NOT_STOCKED = "It is not stocked at this location: tick the location at the item in Shopify, then try again."


def at_places(
    graph: AdminGraph, refs: Sequence[ItemRef], choose: Callable[[str | None], str]
) -> list[ShopLevel | ItemGone]:
    """Their levels now, each at its own place or the one chosen. Raises a ShopFault."""
    return by_place(refs, lambda ref: ref.location, choose, lambda some, place: read(graph, some, place))


def read(graph: AdminGraph, refs: Sequence[ItemRef], location: str) -> list[ShopLevel | ItemGone]:
    """Their levels now, in their order. Raises a ShopFault."""
    ids = {ref: gid("InventoryItem", ref.shop_id) for ref in refs}
    nodes = _nodes(graph, sorted({known for known in ids.values() if known}), location)
    return [_level(ref, nodes[known]) if (known := ids[ref]) in nodes else ItemGone(ref, graph.last) for ref in refs]


def _nodes(graph: AdminGraph, ids: Sequence[str], location: str) -> dict[str | None, dict[str, Any]]:
    found: dict[str | None, dict[str, Any]] = {}
    while ids:
        asked = partial(_asked, graph, location, ids)
        told = in_smaller(f"{graph.address} levels", len(ids), asked)["nodes"]
        found |= {node["id"]: node for node in told if node and "tracked" in node}
        ids = ids[len(told) :]
    return found


def _asked(graph: AdminGraph, location: str, ids: Sequence[str], first: int) -> dict[str, Any]:
    return graph.ask(LEVELS, ids=ids[:first], location=location)


def available(level: Mapping[str, Any] | None) -> int | None:
    """What can be bought of it; None where it isn't stocked."""
    return None if level is None else _of(level, "available")


def _level(ref: ItemRef, node: Mapping[str, Any]) -> ShopLevel:
    if not node["tracked"]:
        return ShopLevel(ref, None, None, why=NOT_COUNTED)
    level = node["inventoryLevel"]
    if level is None:
        return ShopLevel(ref, 0, None, why=NOT_STOCKED)
    sells = _of(level, "available")
    return ShopLevel(ref, sells, sells, reserved=_of(level, "committed"))


def _of(level: Mapping[str, Any], name: str) -> int:
    return sum(each["quantity"] for each in level["quantities"] if each["name"] == name)
