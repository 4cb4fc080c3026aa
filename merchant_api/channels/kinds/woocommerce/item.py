"""A product or a variation as an item of the shop. Grouped and external products have no stock, so are none."""

from merchant_api.channels.kinds.woocommerce.levels import sold
from merchant_api.channels.kinds.woocommerce.reading import money, plain
from merchant_api.channels.kinds.woocommerce.rest import Row
from merchant_api.channels.kinds.woocommerce.woo_id import WooId
from merchant_api.channels.shop_items import ShopItem
from merchant_api.channels.shop_levels import ItemRef

WITHOUT_STOCK = frozenset({"grouped", "external"})
WILL_COUNT = "The shop does not count its stock; the first level that is sent switches that on."
BACKORDERS = "The shop takes backorders of it, so it sells more than its level."
NO_PRICE = "It has no price, so nobody can buy it."


def of_product(row: Row, currency: str) -> ShopItem | None:
    """None for what has no stock level of its own; a product with variations has one where they sell from it."""
    is_family = row.get("type") == "variable"
    if row.get("type") in WITHOUT_STOCK or (is_family and row.get("manage_stock") is not True):
        return None
    return _item(WooId(row["id"]), row, plain(row.get("name")), _categories(row), currency)


def of_variation(row: Row, parent: Row | None, currency: str) -> ShopItem | None:
    """None for one that sells from its parent's stock, or whose parent is gone."""
    if parent is None or row.get("manage_stock") == "parent":
        return None
    chosen = [plain(each.get("option")) for each in row.get("attributes") or []]
    name = plain(parent.get("name")) + (f" - {', '.join(filter(None, chosen))}" if any(chosen) else "")
    is_for_sale = row.get("status") == "publish" and parent.get("status") == "publish"
    own = {**row, "status": "publish" if is_for_sale else "draft"}
    if is_inherited(row.get("sku"), parent.get("sku")):
        own["sku"] = ""
    return _item(WooId(parent["id"], row["id"]), own, name, _categories(parent), currency)


def is_inherited(sku: object, parents: object) -> bool:
    """Whether a variation shows its parent's SKU: no two things in a shop have the same, so it has none of its own."""
    return isinstance(sku, str) and isinstance(parents, str) and sku.strip().casefold() == parents.strip().casefold()


def _item(found: WooId, row: Row, name: str, categories: tuple[str, ...], currency: str) -> ShopItem:
    level, why = sold(row)
    problems = [WILL_COUNT if level is None else why or ""]
    problems += [BACKORDERS] if row.get("backorders") in ("yes", "notify") else []
    price = money(row.get("price"), currency)
    problems += [NO_PRICE] if price is None else []
    return ShopItem(
        ItemRef(str(found)),
        row.get("sku") or None,
        name,
        price,
        level,
        row.get("status") == "publish",
        categories,
        tuple(filter(None, problems)),
    )


def _categories(row: Row) -> tuple[str, ...]:
    return tuple(filter(None, (plain(each.get("name")) for each in row.get("categories") or [])))
