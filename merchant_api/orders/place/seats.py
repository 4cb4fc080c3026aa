"""What placing checks of registrations: one open one per person and product."""

from collections.abc import Iterable
from uuid import UUID

from merchant_api.orders.errors import AlreadyRegistered
from merchant_api.orders.models import Order, OrderLine, Registration
from merchant_api.orders.place.faults import Fault, WholeOrder
from merchant_api.orders.place.ground import Ground, Item
from merchant_api.orders.place.refusals import named
from merchant_api.orders.registrations import RegisteredBy, Seat, by_order, rows_of, standing


def look_up(merchant_id: UUID, wanted: Iterable[Seat], ground: Ground) -> None:
    """Note on the ground which of the seats that are asked for are taken; no read where no product is a registration.

    The caller has locked the products' cells, so that what a rival of the same product placed is seen.
    """
    seats = {seat for seat in wanted if ground.is_registration(seat[0])}
    if seats:
        ground.registered.update(standing(merchant_id, seats))


def fault_of(number: int, item: Item, ground: Ground, whole: WholeOrder) -> Fault | None:
    """AlreadyRegistered, naming the order, where the person is registered for the product."""
    taken = (ground.registered.get((item.product_id, person_id)) for person_id in whole.people)
    found = next((each for each in taken if each is not None), None)
    return None if found is None else Fault(AlreadyRegistered, product=named(item) | {"line": number} | by_order(found))


def register(order: Order, lines: Iterable[OrderLine], ground: Ground) -> list[Registration]:
    """The rows that a new order writes, known to the rest of its batch from here on.

    A web shop may sell somebody a seat who has one: it stands under the order that came first.
    """
    new = {(row.product_id, row.person_id): row for row in rows_of(order, lines)}
    rows = [row for seat, row in new.items() if seat not in ground.registered]
    for row in rows:
        ground.registered[row.product_id, row.person_id] = RegisteredBy(order.id, order.code)
    return rows
