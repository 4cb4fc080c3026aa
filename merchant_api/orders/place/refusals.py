"""How a refusal names a product, and a line that stock does not cover."""

from typing import Any

from merchant_api.orders.place.ground import Item
from merchant_api.orders.route import Routed


def named(item: Item) -> dict[str, Any]:
    """A product."""
    return {"product_id": str(item.product_id), "sku": item.sku, "name": item.name}


def short(item: Item, routed: Routed) -> dict[str, Any]:
    """A product that is short: units wanted by all lines with the same choice, and units there."""
    return named(item) | {"wanted": routed.wanted, "available": max(routed.available, 0)}
