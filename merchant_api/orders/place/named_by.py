"""What a batch of placements names: products, and customers who order for themselves."""

from collections.abc import Iterable
from uuid import UUID

from merchant_api.orders.place.placement import Placement


def products_of(placements: Iterable[Placement]) -> set[UUID]:
    """Every product that the placements name."""
    return {line.product_id for placement in placements for line in placement.lines}


def people_of(placements: Iterable[Placement]) -> set[UUID]:
    """Who orders for himself, and so may be one who is not proven yet."""
    return {placement.customer.person_id for placement in placements if placement.is_own}
