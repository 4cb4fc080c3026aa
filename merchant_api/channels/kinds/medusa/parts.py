"""What a variant is made of: mostly one unit of one inventory item, in a bundle several, or several units."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from merchant_api.channels.kinds.medusa.admin import read_row
from merchant_api.channels.kinds.medusa.amounts import read_figure, whole_units


@dataclass(frozen=True, slots=True)
class MedusaPart:
    """An inventory item in a variant, and how many units of it one variant takes."""

    shop_id: str
    units: int = 1
    item: Mapping[str, Any] | None = None


def read_parts(variant: Any) -> list[MedusaPart]:
    """The parts of a variant; itself, by its own id, where Medusa counts nothing of it; none without a variant."""
    linked = [each for each in read_row(variant, "inventory_items") or () if read_row(each, "inventory_item_id")]
    if linked:
        linked.sort(key=lambda each: str(each["inventory_item_id"]))
        units = [max(1, whole_units(read_figure(each, "required_quantity"))) for each in linked]
        return [
            MedusaPart(each["inventory_item_id"], takes, each.get("inventory"))
            for each, takes in zip(linked, units, strict=True)
        ]
    return [MedusaPart(variant["id"])] if read_row(variant, "id") else []


def is_plain(parts: list[MedusaPart]) -> bool:
    """One unit of one item: what is said of the variant is said of the item."""
    return len(parts) == 1 and parts[0].units == 1
