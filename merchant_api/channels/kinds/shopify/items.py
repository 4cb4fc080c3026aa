"""What a shop sells, variant by variant in pages by cursor; a listing is kept by the inventory item of a variant."""

from collections.abc import Mapping
from typing import Any

from merchant_api.channels.kinds.shopify import read_levels
from merchant_api.channels.kinds.shopify.amounts import money
from merchant_api.channels.kinds.shopify.graph import AdminGraph
from merchant_api.channels.kinds.shopify.queries import ITEMS
from merchant_api.channels.kinds.shopify.smaller import in_smaller
from merchant_api.channels.shop_items import ItemPage, ShopItem
from merchant_api.channels.shop_levels import ItemRef

A_PAGE = 100
SOLD_AT_ZERO = "Shopify goes on selling it at zero: switch off «Continue selling when out of stock» there."
FOR_SALE = frozenset({"ACTIVE", "UNLISTED"})


def page(graph: AdminGraph, cursor: str | None, location: str) -> ItemPage:
    """The page that follows a cursor."""
    told = in_smaller(
        f"{graph.address} items", A_PAGE, lambda first: graph.ask(ITEMS, first=first, after=cursor, location=location)
    )
    variants, count, currency = told["productVariants"], told["productVariantsCount"], told["shop"]["currencyCode"]
    items = {item.ref: item for node in variants["nodes"] if (item := _item(node, currency)) is not None}
    ends = variants["pageInfo"]
    return ItemPage(
        items=list(items.values()),
        cursor=ends["endCursor"] if ends["hasNextPage"] else None,
        of=count["count"] if count and count["precision"] == "EXACT" else None,
    )


def _item(node: Mapping[str, Any], currency: str) -> ShopItem | None:
    product, counted = node["product"], node["inventoryItem"]
    if product["isGiftCard"]:
        return None
    level, is_tracked = counted["inventoryLevel"], counted["tracked"]
    problems = [read_levels.NOT_STOCKED] if is_tracked and level is None else []
    if is_tracked and node["inventoryPolicy"] == "CONTINUE":
        problems.append(SOLD_AT_ZERO)
    return ShopItem(
        ref=ItemRef(counted["id"]),
        sku=node["sku"],
        name=product["title"] if product["hasOnlyDefaultVariant"] else f"{product['title']}, {node['title']}",
        price=money(node["price"], currency),
        sells=(read_levels.available(level) or 0) if is_tracked else None,
        is_for_sale=product["status"] in FOR_SALE,
        categories=_categories(product),
        problems=problems,
    )


def _categories(product: Mapping[str, Any]) -> list[str]:
    """The merchant's own word for what it is, else Shopify's."""
    own, theirs = (product["productType"] or "").strip(), (product["category"] or {"name": ""})["name"].strip()
    return [own or theirs] if own or theirs else []
