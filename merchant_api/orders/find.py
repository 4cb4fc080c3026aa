"""Read orders: one, a merchant's list, a person's own over all merchants, and what happened to one.

A customer sees his own only; another's answer like rows that do not exist.
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, select

from merchant_api.core.actor import Actor, Role
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.core.paging import Page, Window, newest_first
from merchant_api.core.tenancy import across_merchants
from merchant_api.orders.models import Order, OrderHistory, OrderLine
from merchant_api.orders.states import State
from merchant_api.orders.view import OrderView, view
from merchant_api.stock.holds import of_orders
from merchant_api.stock.models import Hold

T = TypeVar("T")
R = TypeVar("R", OrderLine, Hold)


def order(merchant_id: UUID, order_id: UUID, actor: Actor) -> OrderView:
    """One order; raises NotFound."""
    wanted = _visible(select(Order).where(Order.merchant_id == merchant_id, Order.id == order_id), actor)
    found = session().execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound
    return _views([found])[0]


def page(merchant_id: UUID, state: State | None, at: Window, actor: Actor) -> Page[OrderView]:
    """A merchant's orders, newest first."""
    wanted = _visible(select(Order).where(Order.merchant_id == merchant_id), actor)
    if state is not None:
        wanted = wanted.where(Order.state == state)
    return _shown(newest_first(wanted, Order.id, at))


def mine(actor: Actor, state: State | None, at: Window) -> Page[OrderView]:
    """A person's own orders at every merchant, newest first."""
    wanted = select(Order).where(Order.customer_id == actor.person_id)
    if state is not None:
        wanted = wanted.where(Order.state == state)
    with across_merchants():
        return _shown(newest_first(wanted, Order.id, at))


def history(merchant_id: UUID, order_id: UUID, actor: Actor) -> Sequence[OrderHistory]:
    """Every move of an order, oldest first; raises NotFound."""
    wanted = _visible(select(Order.id).where(Order.merchant_id == merchant_id, Order.id == order_id), actor)
    if session().execute(wanted).scalar_one_or_none() is None:
        raise NotFound
    rows = select(OrderHistory).where(OrderHistory.merchant_id == merchant_id, OrderHistory.order_id == order_id)
    return session().execute(rows.order_by(OrderHistory.seq)).scalars().all()


def _visible(wanted: Select[T], actor: Actor) -> Select[T]:
    if actor.role is Role.CUSTOMER:
        return wanted.where(Order.customer_id == actor.person_id)
    return wanted


def _shown(found: Page[Order]) -> Page[OrderView]:
    return Page(_views(found.items), found.next)


def _views(orders: Sequence[Order]) -> list[OrderView]:
    """Orders with their lines and holds, by two reads for each merchant among them."""
    by_merchant: dict[UUID, list[UUID]] = {}
    for row in orders:
        by_merchant.setdefault(row.merchant_id, []).append(row.id)
    lines: dict[UUID, list[OrderLine]] = {}
    held: dict[UUID, list[Hold]] = {}
    for merchant_id, ids in by_merchant.items():
        _sort_in(lines, _lines_of(merchant_id, ids))
        _sort_in(held, of_orders(merchant_id, ids))
    return [view(row, lines.get(row.id, []), held.get(row.id, [])) for row in orders]


def _lines_of(merchant_id: UUID, ids: Sequence[UUID]) -> Sequence[OrderLine]:
    rows = select(OrderLine).where(OrderLine.merchant_id == merchant_id, OrderLine.order_id.in_(ids))
    return session().execute(rows.execution_options(populate_existing=True)).scalars().all()


def _sort_in(by_order: dict[UUID, list[R]], rows: Iterable[R]) -> None:
    for row in rows:
        by_order.setdefault(row.order_id, []).append(row)
