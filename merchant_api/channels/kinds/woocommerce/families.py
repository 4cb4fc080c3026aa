"""Which item a line of an order sold: an order names product and variation, and not whose stock it took.

A variation that sells from its parent's stock is the parent's listing. A line shows the parent's SKU where the
variation has none: that would name another item, and is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from merchant_api.channels.kinds.woocommerce.item import is_inherited
from merchant_api.channels.kinds.woocommerce.reading import is_id
from merchant_api.channels.kinds.woocommerce.rest import ROWS, Row, WooRest
from merchant_api.channels.kinds.woocommerce.variations import read_variations
from merchant_api.channels.kinds.woocommerce.woo_id import WooId


@dataclass(slots=True)
class Families:
    """What is known of the variations that a page of orders has sold."""

    variations: dict[int, Row] = field(default_factory=dict)
    parents: dict[int, Row] = field(default_factory=dict)

    def item(self, line: Row) -> tuple[str | None, str | None]:
        """The listing's id and the SKU of what a line sold; no id where the product was deleted for good."""
        found, sku = sold_item(line), line.get("sku") or None
        if found is None or not found.variation:
            return (str(found) if found else None), sku
        if self.variations.get(found.variation, {}).get("manage_stock") == "parent":
            return str(found.product), sku
        parents = self.parents.get(found.product, {}).get("sku")
        return str(found), None if is_inherited(sku, parents) else sku


def sold_item(line: Row) -> WooId | None:
    """What a line names; None where it names nothing any more."""
    product, variation = line.get("product_id"), line.get("variation_id")
    if not is_id(product):
        return None
    return WooId(int(str(product)), int(str(variation)) if is_id(variation) else None)


def families(rest: WooRest, orders: Iterable[Row]) -> Families:
    """All that is needed for these orders: a call or two, and none where they sold no variation."""
    lines = (line for order in orders for line in order.get("line_items") or [])
    ids = {found for found in map(sold_item, lines) if found and found.variation}
    if not ids:
        return Families()
    known = Families(read_variations(rest, ids, "id,manage_stock"))
    parents = sorted({found.product for found in ids})
    for start in range(0, len(parents), ROWS):
        query = {"include": parents[start : start + ROWS], "per_page": ROWS, "_fields": "id,sku"}
        known.parents |= {row["id"]: row for row in rest.rows("/products", query)}
    return known
