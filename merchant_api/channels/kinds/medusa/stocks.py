"""Reads what Medusa counts of items: stocked and reserved at a location, and whether it counts them at all.

The saleable number is stocked - reserved, figured here: the answer to a change tells the available of before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from merchant_api.channels.kinds.medusa.admin import MedusaAdmin, read_row, require_row
from merchant_api.channels.kinds.medusa.amounts import read_figure, whole_units

NOT_COUNTED = (
    "Medusa does not count the stock of this variant: switch on “Manage inventory” there, then import it again."
)
VARIANT = "variant_"
RESERVED = "reserved_quantity"
FIELDS = "id,*location_levels,variants.id,variants.manage_inventory"


@dataclass(frozen=True, slots=True)
class MedusaStock:
    """An inventory item at one location; `has_level` false: it was never stocked there."""

    is_counted: bool = True
    has_level: bool = False
    stocked: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)

    @property
    def sells(self) -> int:
        """What a shopper can buy; reserved may exceed what is stocked."""
        return max(0, whole_units(self.stocked - self.reserved))


UNCOUNTED = MedusaStock(is_counted=False)


def stock_at(location: str, levels: Sequence[Mapping[str, Any]], *, is_counted: bool = True) -> MedusaStock:
    """The stock at a location, of all the levels of an item."""
    for level in levels:
        if read_row(level, "location_id") == location:
            return MedusaStock(is_counted, True, read_figure(level, "stocked_quantity"), read_figure(level, RESERVED))
    return MedusaStock(is_counted)


def read_stocks(admin: MedusaAdmin, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], MedusaStock]:
    """The stock of items at locations; without those that the shop has not, or that no variant sells.

    Switching “Manage inventory” off parts a variant from its item, and switching it on makes another: the old one
    stays, takes every level and sells nothing.
    """
    ids = sorted({item for item, _ in wanted if not item.startswith(VARIANT)})
    rows = _rows(admin, "/admin/inventory-items", ids, FIELDS, "inventory_items")
    variants = sorted({item for item, _ in wanted if item.startswith(VARIANT)})
    there = {require_row(row, "id") for row in _rows(admin, "/admin/product-variants", variants, "id", "variants")}
    found = {(item, location): UNCOUNTED for item, location in wanted if item in there}
    items = {require_row(row, "id"): row for row in rows}
    for item, location in wanted:
        if item in items and read_row(items[item], "variants"):
            levels = read_row(items[item], "location_levels") or ()
            found[item, location] = stock_at(location, levels, is_counted=_is_counted(items[item]))
    return found


def _is_counted(item: Any) -> bool:
    return any(read_row(each, "manage_inventory") for each in read_row(item, "variants"))


def _rows(admin: MedusaAdmin, path: str, ids: Sequence[str], fields: str, rows: str) -> list[Any]:
    if not ids:
        return []
    return admin.get(path, {"id[]": list(ids), "limit": len(ids), "fields": fields}, rows)
