"""Registrations: one open one per person and product, from placing until the order ends undelivered.

A request counts as open. Placing reads what stands after the locks and writes its rows in its one statement; the
primary key of `registrations` keeps the rule whoever is faster. Whom sellers enter is known again by e-mail address, or
phone and name; who is known by name only gets an id of his own with each order, so nothing can be compared: his row is
written and stands in nobody's way.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, and_, bindparam, delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from merchant_api.accounts import known
from merchant_api.core.db import session
from merchant_api.orders.errors import AlreadyRegistered
from merchant_api.orders.models import Order, OrderLine, Registration

# Part of a WITH clause: the one write statement of moving puts it beside the orders that it ends.
GONE_SQL = "gone AS (DELETE FROM registrations WHERE merchant_id = :merchant_id AND order_id = ANY(:ended))"
ENDED = bindparam("ended", type_=ARRAY(Uuid()))

Seat = tuple[UUID, UUID]  # a registration product, and the person who comes to it


@dataclass(frozen=True, slots=True)
class RegisteredBy:
    """The order by which a person is registered."""

    order_id: UUID
    code: str


def standing(merchant_id: UUID, seats: Iterable[Seat]) -> dict[Seat, RegisteredBy]:
    """Which of some seats are taken by now, and by which orders."""
    rows = (
        select(Registration.product_id, Registration.person_id, Order.id, Order.code)
        .join(Order, and_(Order.merchant_id == merchant_id, Order.id == Registration.order_id))
        .where(
            Registration.merchant_id == merchant_id,
            tuple_(Registration.product_id, Registration.person_id).in_(sorted(seats)),
        )
    )
    return {(row[0], row[1]): RegisteredBy(row[2], row[3]) for row in session().execute(rows)}


def enter(order: Order, lines: Iterable[OrderLine]) -> None:
    """Register again by an order that stands again; raises AlreadyRegistered, naming the order that came first.

    The caller holds the locks of the order and then of its cells: placing registers behind its cells too.
    """
    rows = rows_of(order, lines)
    if not rows:
        return
    _check_others(order, rows)
    values = [
        {"merchant_id": row.merchant_id, "product_id": row.product_id, "person_id": row.person_id, "order_id": order.id}
        for row in rows
    ]
    statement = insert(Registration).values(values).on_conflict_do_nothing()
    entered = session().execute(statement.returning(Registration.product_id)).scalars().all()
    refused = {(row.product_id, row.person_id) for row in rows if row.product_id not in entered}
    if refused:
        taken = standing(order.merchant_id, refused)
        raise AlreadyRegistered(lines=[{"product_id": str(key[0])} | by_order(found) for key, found in taken.items()])


def _check_others(order: Order, rows: Sequence[Registration]) -> None:
    """Raise AlreadyRegistered where the same person is registered as another customer."""
    others = known.same_as(order.merchant_id, order.customer_id)
    if not others:
        return
    known.lock(order.merchant_id, {order.customer_id, *others})
    taken = standing(order.merchant_id, {(row.product_id, person_id) for row in rows for person_id in others})
    if taken:
        raise AlreadyRegistered(lines=[{"product_id": str(key[0])} | by_order(found) for key, found in taken.items()])


def drop(merchant_id: UUID, order_id: UUID, product_ids: Sequence[UUID]) -> None:
    """Forget an order's registrations for some products: their lines were cancelled as a whole.

    The caller holds the order's lock. An order that ends undelivered needs no call: `move.write` drops all it has.
    """
    if not product_ids:
        return
    session().execute(
        delete(Registration)
        .where(
            Registration.merchant_id == merchant_id,
            Registration.order_id == order_id,
            Registration.product_id.in_(product_ids),
        )
        .execution_options(synchronize_session=False)
    )


def is_registration(line: OrderLine) -> bool:
    """Whether a line is a registration; it is one for good, whatever happens to the product."""
    return line.guests is not None


def rows_of(order: Order, lines: Iterable[OrderLine]) -> list[Registration]:
    """Of the lines that still stand; sorted, so that two orders of one person never wait for each other."""
    return [
        Registration(
            merchant_id=order.merchant_id, product_id=line.product_id, person_id=order.customer_id, order_id=order.id
        )
        for line in sorted(lines, key=lambda line: line.product_id)
        if is_registration(line) and line.kept > 0
    ]


def by_order(taken: RegisteredBy) -> dict[str, Any]:
    """How a refusal names the order that has the seat."""
    return {"order_id": str(taken.order_id), "order_code": taken.code}
