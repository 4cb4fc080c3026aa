"""Classes with seats, and who is registered for them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from merchant_api.accounts.models import Merchant
from merchant_api.catalog.models import Fulfilment, Product, ProductKind, WhenShort
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.orders.models import Order, OrderLine, Registration
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import CustomerWanted, LineWanted, Placement, Result
from tests.make.stock import make_product


def make_class(merchant: Merchant | None = None, on_hand: int = 12, **columns: Any) -> Product:
    """A published registration product with so many seats."""
    settings = {
        "kind": ProductKind.REGISTRATION,
        "fulfilment": Fulfilment.NONE,
        "when_short": WhenShort.REFUSE,
        **columns,
    }
    return make_product(merchant, on_hand=on_hand, **settings)


def registers(
    product: Product, quantity: int, guests: Sequence[str], actor: Actor, *, is_limited: bool = True
) -> Result:
    """The result of an order of one line, for the actor himself, with these guests."""
    line = LineWanted(product.id, quantity, guests=tuple(guests))
    assert actor.person_id is not None
    customer = CustomerWanted(actor.person_id, actor.name)
    return place(product.merchant_id, [Placement((line,), customer, actor, is_limited=is_limited)])[0]


def lines_of(order: Order) -> Sequence[OrderLine]:
    """The order's lines as they are now."""
    session().rollback()
    rows = select(OrderLine).where(OrderLine.merchant_id == order.merchant_id, OrderLine.order_id == order.id)
    return session().execute(rows.order_by(OrderLine.line)).scalars().all()


def registered(merchant_id: UUID) -> set[tuple[UUID, UUID]]:
    """Product and person of every registration that stands."""
    session().rollback()
    rows = select(Registration.product_id, Registration.person_id).where(Registration.merchant_id == merchant_id)
    return {(row[0], row[1]) for row in session().execute(rows)}
