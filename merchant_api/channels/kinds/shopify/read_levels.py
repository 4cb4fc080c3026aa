"""What a shop sells of its items at a location: their `available`, which what is promised to orders is not part of."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from merchant_api.channels.kinds.shopify.by_place import by_place
from merchant_api.channels.kinds.shopify.graph import AdminGraph
from merchant_api.channels.kinds.shopify.queries import LEVELS
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
    nodes: dict[str, dict[str, Any]] = {}
    ids = sorted({ref.shop_id for ref in refs if ref.shop_id.startswith("gid://shopify/InventoryItem/")})
    for node in graph.ask(LEVELS, ids=ids, location=location)["nodes"] if ids else ():
        if node and "tracked" in node:
            nodes[node["id"]] = node
    return [_level(ref, nodes[ref.shop_id]) if ref.shop_id in nodes else ItemGone(ref, graph.last) for ref in refs]


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
