"""What an order must keep before it is drawn up: products for sale, the merchant's currency and limits.

Limits hold for orders that customers place themselves; sellers are exempt, which their history says.
"""

from typing import Any
from uuid import UUID

from merchant_api.catalog.models import Status
from merchant_api.core.money import LARGEST
from merchant_api.orders.errors import (
    OverLimit,
    ProductNotForSale,
    TooExpensive,
    UnknownProduct,
    WrongCurrency,
)
from merchant_api.orders.placement import Placement
from merchant_api.orders.read import Ground, Item


def items_for_sale(placement: Placement, ground: Ground) -> list[Item]:
    """The product of each line; raises UnknownProduct, ProductNotForSale, WrongCurrency or OverLimit."""
    unknown = [n for n, line in enumerate(placement.lines) if line.product_id not in ground.items]
    if unknown:
        errors = {str(n): {"product_id": ["This merchant has no such product."]} for n in unknown}
        raise UnknownProduct(errors={"lines": errors})
    items = [ground.items[line.product_id] for line in placement.lines]
    shut = [item for item in items if item.status is not Status.PUBLISHED]
    if shut:
        raise ProductNotForSale(lines=[_shut(item, placement) for item in shut])
    for line in placement.lines:
        if line.unit_price is not None and line.unit_price.currency != ground.terrain.currency:
            raise WrongCurrency(currency=ground.terrain.currency)
    if placement.is_limited:
        _check_limits(placement, ground)
    return items


def _shut(item: Item, placement: Placement) -> dict[str, Any]:
    if not placement.actor.is_seller:
        return {"product_id": str(item.product_id)}  # a draft's name is the merchant's own
    return named(item) | {"status": item.status.value}


def _check_limits(placement: Placement, ground: Ground) -> None:
    wanted: dict[UUID, int] = {}
    for line in placement.lines:
        wanted[line.product_id] = wanted.get(line.product_id, 0) + line.quantity
    over = [
        named(item) | {"wanted": wanted[product_id], "max_quantity": item.max_quantity}
        for product_id, item in ground.items.items()
        if product_id in wanted and 0 < item.max_quantity < wanted[product_id]
    ]
    if over:
        raise OverLimit(lines=over)


def named(item: Item) -> dict[str, Any]:
    """How a refusal names a product."""
    return {"product_id": str(item.product_id), "sku": item.sku, "name": item.name}


def check_total(total: int) -> None:
    """Money has a largest amount."""
    if total > LARGEST:
        raise TooExpensive
