"""Levels as the shop has them now.

`stock_quantity` is what the shop sells. It does not subtract the units that unpaid checkouts hold for an hour, and
neither do we: shoppers are refused against the level less the holds, so a level that we lowered for a hold would count
it twice in its own shop. Negative figures are legal (the shop oversold) and are told as they are, for a difference
between two readings must come out right.
"""

from collections.abc import Sequence

from merchant_api.channels.kinds.woocommerce.reading import is_broken, whole
from merchant_api.channels.kinds.woocommerce.rest import ROWS, Row, WooRest
from merchant_api.channels.kinds.woocommerce.variations import read_variations
from merchant_api.channels.kinds.woocommerce.woo_id import FORM_WANTED, WooId, instead, woo_id
from merchant_api.channels.shop_levels import ItemGone, ItemRef, Response, ShopLevel

FIELDS = "id,status,manage_stock,stock_quantity"
NOT_COUNTED = "The shop does not count stock of it."
BROKEN = "The shop counts it in fractions: it is rounded down."


def read(rest: WooRest, refs: Sequence[ItemRef]) -> list[ShopLevel | ItemGone]:
    """One value for each; what lies in the shop's bin is gone."""
    ids = {ref: woo_id(ref.shop_id) for ref in refs}
    products = [found.product for found in ids.values() if found and not found.variation]
    rows = {row["id"]: row for row in _products(rest, products)}
    rows |= read_variations(rest, (found for found in ids.values() if found and found.variation), FIELDS)
    return [_level(ref, ids[ref], rows) for ref in refs]


def _products(rest: WooRest, ids: list[int]) -> list[Row]:
    found: list[Row] = []
    for start in range(0, len(ids), ROWS):
        query = {"include": ids[start : start + ROWS], "per_page": ROWS, "_fields": FIELDS}
        found += rest.rows("/products", query)
    return found


def _level(ref: ItemRef, found: WooId | None, rows: dict[int, Row]) -> ShopLevel | ItemGone:
    if found is None:
        return ShopLevel(ref, None, None, why=FORM_WANTED)
    row = rows.get(found.own)
    if row is None or row.get("status") == "trash":
        return ItemGone(ref, Response("The shop does not list it." if row is None else "It lies in the shop's bin."))
    if row.get("manage_stock") == "parent":
        return ShopLevel(ref, None, None, why=instead(found))
    figure, why = sold(row)
    return ShopLevel(ref, figure, figure, why=why)


def sold(row: Row) -> tuple[int | None, str | None]:
    """What a row says the shop sells, and what is odd about it. A shop that counts nothing still shows old figures."""
    figure = whole(row.get("stock_quantity")) if row.get("manage_stock") is True else None
    if figure is None:
        return None, NOT_COUNTED
    return figure, BROKEN if is_broken(row["stock_quantity"]) else None
