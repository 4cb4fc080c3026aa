"""What placing checks of registrations: one open one per person and product."""

from collections.abc import Iterable
from uuid import UUID

from merchant_api.orders.errors import AlreadyRegistered
from merchant_api.orders.models import Order, OrderLine, Registration
from merchant_api.orders.place.ground import Ground
from merchant_api.orders.place.limits import named
from merchant_api.orders.place.placement import Placement
from merchant_api.orders.registrations import Standing, by_order, rows_of, standing


def look_up(merchant_id: UUID, placements: Iterable[Placement], ground: Ground) -> None:
    """Note on the ground which of the registrations that are asked for stand already; no read where none is asked for.

    The caller has locked the products' cells, so that what a rival of the same product placed is seen.
    """
    seats = {
        (line.product_id, placement.customer.person_id)
        for placement in placements
        for line in placement.lines
        if _is_registration(ground, line.product_id)
    }
    if seats:
        ground.registered.update(standing(merchant_id, seats))


def _is_registration(ground: Ground, product_id: UUID) -> bool:
    item = ground.items.get(product_id)
    return item is not None and item.is_registration


def check_free(placement: Placement, ground: Ground) -> None:
    """Raise AlreadyRegistered, naming the order, where the customer is registered for a product of the placement."""
    person_id = placement.customer.person_id
    taken = [
        named(ground.items[line.product_id]) | {"line": n} | by_order(found)
        for n, line in enumerate(placement.lines)
        if (found := ground.registered.get((line.product_id, person_id))) is not None
    ]
    if taken:
        raise AlreadyRegistered(lines=taken)


def register(order: Order, lines: Iterable[OrderLine], ground: Ground) -> list[Registration]:
    """The rows that a new order writes, known to the rest of its batch from here on."""
    rows = rows_of(order, lines)
    for row in rows:
        ground.registered[row.product_id, row.person_id] = Standing(order.id, order.code)
    return rows
