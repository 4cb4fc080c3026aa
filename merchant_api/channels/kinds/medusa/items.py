"""What a Medusa sells: variants by id, a page at a time, each with the stock, the SKU and the price of the variant.

The inventory item has a SKU of its own that does not follow a rename: the variant's counts. When something before was
deleted, pages move: the page before is told again then, rather than a row missed.
"""

from collections.abc import Mapping
from typing import Any

from merchant_api.channels.kinds.medusa.admin import MedusaAdmin, read_row, require_row
from merchant_api.channels.kinds.medusa.amounts import read_figure, to_money
from merchant_api.channels.kinds.medusa.parts import MedusaPart, is_plain, read_parts
from merchant_api.channels.kinds.medusa.stocks import NOT_COUNTED, stock_at
from merchant_api.channels.shop_items import ItemPage, ShopItem
from merchant_api.channels.shop_levels import ItemRef
from merchant_api.core.money import Money

PAGE = 100
UNNAMED = "default"  # what Medusa's dashboard calls the only variant of a product
FIELDS = (
    "id,title,sku,manage_inventory,allow_backorder,*prices,product.title,product.status,product.categories.name,"
    "inventory_items.inventory_item_id,inventory_items.required_quantity,inventory_items.inventory.sku,"
    "inventory_items.inventory.title,inventory_items.inventory.location_levels.*"
)


def read_items(admin: MedusaAdmin, cursor: str | None, location: str, currency: str) -> ItemPage:
    """A page, from `offset:last id` on."""
    offset, _, last = (cursor or "0:").partition(":")
    before = 1 if last else 0
    query = {"order": "id", "limit": PAGE + before, "offset": int(offset) - before, "fields": FIELDS}
    rows, count = admin.page("/admin/product-variants", query, "variants")
    start = int(offset)
    if last:
        if not rows or require_row(rows[0], "id") != last:
            return read_items(admin, f"{max(0, start - PAGE)}:", location, currency)
        rows = rows[1:]
    end = start + len(rows)
    items = [item for row in rows for item in _read_variant(row, location, currency)]
    return ItemPage(items, f"{end}:{rows[-1]['id']}" if len(rows) == PAGE else None, count)


def _read_variant(variant: Mapping[str, Any], location: str, currency: str) -> list[ShopItem]:
    parts = read_parts(variant)
    is_counted = bool(variant.get("manage_inventory")) and bool(variant.get("inventory_items"))
    if not is_plain(parts) and is_counted:
        return [_read_part(part, variant, location) for part in parts]
    price = _price(variant, currency)
    problems = [] if is_counted else [NOT_COUNTED]
    if price is None:
        problems.append(f"Medusa has no price in {currency} for it.")
    if variant.get("allow_backorder"):
        problems.append("Medusa sells it beyond its stock: switch off “Allow backorders” there.")
    return [
        ShopItem(
            ItemRef(parts[0].shop_id, location),
            variant.get("sku"),
            _name(variant),
            price,
            _sells(parts[0], location) if is_counted else None,
            read_row(variant, "product", "status") == "published",
            _categories(variant),
            problems,
        )
    ]


def _read_part(part: MedusaPart, variant: Mapping[str, Any], location: str) -> ShopItem:
    """A part has a stock level and no price: that is the bundle's."""
    problem = f"It is a part of “{_name(variant)}”, of which one takes {part.units}."
    name = str(read_row(part.item, "title") or _name(variant))
    is_for_sale = read_row(variant, "product", "status") == "published"
    sku, sells = read_row(part.item, "sku"), _sells(part, location)
    ref = ItemRef(part.shop_id, location)
    return ShopItem(ref, sku, name, None, sells, is_for_sale, _categories(variant), [problem])


def _sells(part: MedusaPart, location: str) -> int:
    return stock_at(location, read_row(part.item, "location_levels") or ()).sells


def _name(variant: Mapping[str, Any]) -> str:
    product, own = str(read_row(variant, "product", "title") or ""), str(variant.get("title") or "")
    if not own or own == product or own.lower().startswith(UNNAMED):
        return product or own
    return f"{product}, {own}"


def _categories(variant: Mapping[str, Any]) -> list[str]:
    return [each["name"] for each in read_row(variant, "product", "categories") or () if read_row(each, "name")]


def _price(variant: Mapping[str, Any], currency: str) -> Money | None:
    """The price for anybody who buys one."""
    for price in variant.get("prices") or ():
        is_general = not any(read_row(price, narrows) for narrows in ("rules", "min_quantity", "max_quantity"))
        if is_general and str(read_row(price, "currency_code")).upper() == currency:
            return to_money(read_figure(price, "amount"), currency)
    return None
