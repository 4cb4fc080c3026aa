"""Who is registered for what: one open registration per person and product (a primary key sees to it)."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from merchant_api.catalog.models import Kind, Product
from merchant_api.core.db import session
from merchant_api.orders.errors import AlreadyRegistered
from merchant_api.orders.models import Order, OrderLine, Registration


def enter(order: Order, lines: Iterable[OrderLine]) -> None:
    """Register the customer for the registration products of an order; raises AlreadyRegistered.

    Waits for a rival that registers the same person at the same moment.
    """
    wanted = {line.product_id for line in lines if line.kept}
    kind = select(Product.id).where(Product.merchant_id == order.merchant_id, Product.kind == Kind.REGISTRATION)
    products = session().execute(kind.where(Product.id.in_(wanted)).order_by(Product.id)).scalars().all()
    if not products:
        return
    rows = [
        {
            "merchant_id": order.merchant_id,
            "product_id": product_id,
            "person_id": order.customer_id,
            "order_id": order.id,
        }
        for product_id in products
    ]
    adding = insert(Registration).values(rows)
    is_own = Registration.order_id == order.id
    entered = adding.on_conflict_do_update(constraint="pk_registrations", set_={"order_id": order.id}, where=is_own)
    new = set(session().execute(entered.returning(Registration.product_id)).scalars())
    if taken := [product_id for product_id in products if product_id not in new]:
        raise AlreadyRegistered(products=[str(product_id) for product_id in taken])
