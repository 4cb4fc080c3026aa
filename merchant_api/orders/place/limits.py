"""What an order must keep before it is drawn up: products for sale, the merchant's currency, guests and limits.

Limits count all lines of an order, and hold for every order but those that members and staff place for a customer:
these are exempt, and the order's history says of which limit (docs/decisions/0005).
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from merchant_api.catalog.models import Status
from merchant_api.core.money import LARGEST
from merchant_api.orders.errors import OverLimit, ProductNotForSale, TooExpensive, UnknownProduct
from merchant_api.orders.place.ground import Ground, Item
from merchant_api.orders.place.guests import check_guests
from merchant_api.orders.place.placement import Placement
from merchant_api.shop.errors import WrongCurrency


@dataclass(frozen=True, slots=True)
class Over:
    """A product, and the units of it that are wanted over its limit."""

    item: Item
    wanted: int


def items_for_sale(placement: Placement, ground: Ground) -> list[Item]:
    """The product of each line.

    Raises UnknownProduct, ProductNotForSale, WrongCurrency, OverLimit, and what is refused of guests (guests.py).
    """
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
    check_guests(placement.lines, items)
    if placement.is_limited and (over := over_limit(placement, ground)):
        raise OverLimit(lines=[named(each.item) | _figures(each) for each in over])
    return items


def _shut(item: Item, placement: Placement) -> dict[str, Any]:
    if not placement.actor.is_seller:
        return {"product_id": str(item.product_id)}  # a draft's name is the merchant's own
    return named(item) | {"status": item.status.value}


def over_limit(placement: Placement, ground: Ground) -> list[Over]:
    """The products of which a placement wants more than one customer's order may hold."""
    wanted = Counter[UUID]()
    for line in placement.lines:
        wanted[line.product_id] += line.quantity
    items = (ground.items[product_id] for product_id in wanted)
    return [Over(item, wanted[item.product_id]) for item in items if 0 < item.max_quantity < wanted[item.product_id]]


def _figures(over: Over) -> dict[str, int]:
    return {"wanted": over.wanted, "max_quantity": over.item.max_quantity}


def named(item: Item) -> dict[str, Any]:
    """How a refusal names a product."""
    return {"product_id": str(item.product_id), "sku": item.sku, "name": item.name}


def check_total(total: int) -> None:
    """Money has a largest amount."""
    if total > LARGEST:
        raise TooExpensive
