"""The audit of money: orders say what their payments say, payments what their refunds say, and the list is complete.

An order's sums are those of its payments, what it owes is what its payments have to give back, and no payment has to
give back more than it may. Nothing is repaired here: what a payment said stays, so the sums are what is wrong.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, Row, and_, func, or_, select, text
from sqlalchemy.orm import load_only

from merchant_api.core.db import session
from merchant_api.orders import buyers
from merchant_api.orders.dispute_models import Dispute
from merchant_api.orders.models import Order
from merchant_api.orders.money import due_back
from merchant_api.orders.payment_models import Payment, Refund
from merchant_api.orders.states import TAKES_MONEY, UNCONFIRMED, PaymentState, RefundState, State
from merchant_api.stock.report import Difference

Words = tuple[str, str]
SUMS = ("paid", "refunded", "parked", "parked_sum", "disputes", "disputed")
_SUMS = [getattr(Order, name) for name in ("state", "currency", "total", "returned_value", *SUMS)]
AT_ONCE = 500


def audit(merchant_id: UUID) -> list[Difference]:
    """What does not add up of a merchant's money, oldest order first; two reads, and one for each difference."""
    session().execute(text("SET LOCAL statement_timeout = 0"))  # many payments take as long as they take
    found = [(order, words) for order, row in _orders(merchant_id) for words in _about_order(order, row)]
    found += [(row.Order, _about_payment(row)) for row in _payments(merchant_id)]
    return [
        Difference(f"order {order.code}", what, _documents(merchant_id, order.id), compensation)
        for order, (what, compensation) in found
    ] + buyers.audit(merchant_id)


def _orders(merchant_id: UUID) -> Iterator[tuple[Order, Row[Any]]]:
    """Every order that has money, or says that it has, beside what its payments say."""
    told = _told(merchant_id)
    says_so = (Order.paid != 0) | (Order.refunded != 0) | (Order.parked != 0) | (Order.parked_sum != 0)
    has_money = told.c.order_id.is_not(None) | says_so | (Order.state == State.AWAITING_PAYMENT)
    rows = select(Order, told).outerjoin(told, told.c.order_id == Order.id).options(load_only(Order.code, *_SUMS))
    rows = rows.where(Order.merchant_id == merchant_id, has_money).order_by(Order.id)
    for row in session().execute(rows.execution_options(yield_per=AT_ONCE, populate_existing=True)):
        yield row.Order, row


def _told(merchant_id: UUID) -> CTE:
    """By order: sums of its payments; `foreign` ones count in another currency, of `too_much` more is due than left."""
    each = due_back.standings(merchant_id, Order.merchant_id == merchant_id).c
    here = func.greatest(each.amount - each.refunded - each.disputed, 0)
    is_parked = and_(~each.is_counted, here > 0)

    def total(what: Any, which: Any) -> Any:
        return func.coalesce(func.sum(what).filter(which), 0)

    told = select(
        each.order_id,
        total(each.amount, each.is_counted).label("told_paid"),
        total(each.refunded, each.is_counted).label("told_refunded"),
        func.count().filter(is_parked).label("told_parked"),
        total(here, and_(is_parked, each.is_own)).label("told_parked_sum"),
        func.count().filter(each.state == PaymentState.DISPUTED).label("told_disputes"),
        total(func.least(each.disputed, each.amount - each.refunded), each.is_counted).label("told_disputed"),
        total(each.due_back, each.is_own).label("due_back"),
        total(each.on_its_way, each.is_counted).label("on_its_way"),
        total(each.on_its_way, and_(~each.is_counted, each.is_own)).label("parked_on_its_way"),
        func.count().filter(and_(each.is_counted, ~each.is_own)).label("foreign"),
        func.count().filter(each.due_back > each.refundable).label("too_much"),
    )
    return told.group_by(each.order_id).cte("told").prefix_with("MATERIALIZED")


def _about_order(order: Order, row: Row[Any]) -> Iterator[Words]:
    for name in SUMS:
        says, told = getattr(order, name), int(getattr(row, f"told_{name}") or 0)
        if says != told:
            yield f"{name} is {says}, its payments say {told}", f"set {name} to {told}"
    owed, told = order.refund_owed.amount, int(row.due_back or 0) + _on_its_way(order, row)
    if owed != told:
        yield f"{owed} has to be given back, its payments say {told}", "set its sums as its payments say"
    if row.foreign:
        yield f"{row.foreign} payments in another currency count", "give them back, or correct the currency"
    if row.too_much:
        yield f"{row.too_much} payments have to give back more than is left of them", "see its refunds"
    if order.state is State.AWAITING_PAYMENT and not order.left_to_pay:
        yield "it awaits its payment, and nothing is left to pay", "confirm it, or cancel it and give the money back"


def _on_its_way(order: Order, row: Row[Any]) -> int:
    """What of the money that an order owes is on its way back: it is owed until it has arrived."""
    beyond = max(0, order.in_hand - order.disputed - order.due)
    parked = 0 if order.state in UNCONFIRMED else int(row.parked_on_its_way or 0)
    return min(beyond, int(row.on_its_way or 0)) + parked


def _payments(merchant_id: UUID) -> Iterator[Row[Any]]:
    """Payments that say otherwise than their refunds what went back, or than their disputes what a bank has."""
    told = (
        select(func.coalesce(func.sum(Refund.amount), 0))
        .where(Refund.merchant_id == merchant_id, Refund.payment_id == Payment.id, Refund.state == RefundState.DONE)
        .scalar_subquery()
    )
    taken = (
        select(func.least(func.coalesce(func.sum(Dispute.amount), 0), Payment.amount))
        .where(Dispute.merchant_id == merchant_id, Dispute.payment_id == Payment.id, Dispute.state.in_(TAKES_MONEY))
        .scalar_subquery()
    )
    rows = (
        select(Order, Payment.reference, Payment.refunded, Payment.disputed)
        .add_columns(told.label("told"), taken.label("taken"))
        .join(Payment, and_(Payment.merchant_id == merchant_id, Payment.order_id == Order.id))
        .where(Order.merchant_id == merchant_id, or_(Payment.refunded != told, Payment.disputed != taken))
        .order_by(Payment.id)
    )
    return iter(session().execute(rows).all())


def _about_payment(row: Row[Any]) -> Words:
    if row.refunded == row.told:
        said = f"a bank has {row.disputed} of payment {row.reference}, its disputes say {row.taken}"
        return said, f"set disputed of the payment to {row.taken}, and see the sums of its order"
    said = f"{row.refunded} of payment {row.reference} went back, its refunds say {row.told}"
    return said, f"set refunded of the payment to {row.told}, and see the sums of its order"


def _documents(merchant_id: UUID, order_id: UUID) -> tuple[str, ...]:
    """The order's payments, oldest first, as they stand."""
    rows = select(Payment).where(Payment.merchant_id == merchant_id, Payment.order_id == order_id).order_by(Payment.id)
    return tuple(
        f"payment {each.reference} ({each.id}): {each.state.value}, {each.amount} {each.currency}, "
        f"{each.refunded} given back"
        for each in session().execute(rows).scalars()
    )
