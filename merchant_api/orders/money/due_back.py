"""What of each payment may go back and what has to: the one place where it is reckoned, by one read (DESIGN.md 2).

What an order has to give back of the money that counts is what is here beyond what is due, less what is on its way. It
stands at the newest payments, because they are the surplus; any other payment of the order may be used instead. Parked
money has to go back, but for money in the order's currency while the order may still take it. What was given back, or
a bank took, is not here any more; nor is it on its way, whatever was asked for before the bank took it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, Subquery, and_, any_, case, cast, func, select, text

from merchant_api.core.db import session
from merchant_api.orders.models import Order
from merchant_api.orders.payment_models import Payment, Refund
from merchant_api.orders.states import ENDED_UNDELIVERED, UNCONFIRMED, PaymentState, RefundState
from merchant_api.orders.sums_models import MAY_OWE


@dataclass(frozen=True, slots=True)
class Standing:
    """How a payment stands, in minor units of its currency: what may go back, and what has to.

    `owed` is what its order has to give back, as far as this payment reaches; `due_back` its own share of that, so that
    the shares of an order add up. `pending` is on its way. `can_count` is what would count if its order were revived.
    """

    payment_id: UUID
    order_id: UUID
    refundable: int
    owed: int
    due_back: int
    pending: int
    can_count: int


def of_orders(merchant_id: UUID, order_ids: Iterable[UUID]) -> dict[UUID, Standing]:
    """Every payment of the orders by its id, oldest first."""
    wanted = sorted(set(order_ids))
    if not wanted:
        return {}
    reckoned = standings(merchant_id, Order.id.in_(wanted))
    columns = [reckoned.c[each.name] for each in fields(Standing)]
    rows = session().execute(select(*columns).order_by(reckoned.c.payment_id))
    return {row.payment_id: Standing(**row._asdict()) for row in rows}


def owing(merchant_id: UUID) -> ColumnElement[bool]:
    """Whether something of a merchant's payment has to go back; reads only orders that may owe something, and once."""
    may_owe = select(Order.id).where(Order.merchant_id == merchant_id, text(f"({MAY_OWE})"))
    reckoned = standings(merchant_id, Order.id == any_(func.array(may_owe.scalar_subquery())))
    ids = select(reckoned.c.payment_id).where(reckoned.c.due_back > 0)
    return Payment.id == any_(func.array(ids.scalar_subquery()))


def standings(merchant_id: UUID, which: ColumnElement[bool]) -> Subquery:
    """The columns of Standing for every payment of those orders of a merchant, and what the audit asks beside."""
    each = _here(merchant_id, which)
    order_id, newest_first = each.c.order_id, each.c.payment_id.desc()
    newer = func.sum(each.c.counted).over(partition_by=order_id, order_by=newest_first, rows=(None, -1))
    still_owed = each.c.owed - func.sum(each.c.counted_on_its_way).over(partition_by=order_id)
    owed = case((each.c.is_counted, func.least(each.c.left, func.greatest(still_owed, 0))), else_=each.c.parked)
    share = func.least(each.c.left, func.greatest(still_owed - func.coalesce(newer, 0), 0))
    return select(
        each.c.payment_id,
        each.c.order_id,
        each.c.left.label("refundable"),
        cast(owed, BigInteger).label("owed"),
        cast(case((each.c.is_counted, share), else_=each.c.parked), BigInteger).label("due_back"),
        each.c.pending,
        each.c.can_count,
        *(each.c[name] for name in ("state", "amount", "refunded", "disputed", "on_its_way", "is_counted", "is_own")),
    ).subquery("standings")


def _here(merchant_id: UUID, which: ColumnElement[bool]) -> Subquery:
    """What is here of every payment and what is on its way, beside what its order owes of the money that counts."""
    pending = (
        select(cast(func.coalesce(func.sum(Refund.amount), 0), BigInteger))
        .where(Refund.merchant_id == merchant_id, Refund.payment_id == Payment.id)
        .where(Refund.state == RefundState.PENDING)
        .scalar_subquery()
    )
    rows = (
        select(Payment, Order.state.label("order_state"), Order.currency.label("order_currency"))
        .add_columns(_owed().label("owed"), pending.label("pending"))
        .join(Order, and_(Order.merchant_id == merchant_id, Order.id == Payment.order_id))
        .where(Payment.merchant_id == merchant_id, which)
        .subquery("rows")
    )
    is_counted = rows.c.parked_reason.is_(None)
    here = func.greatest(rows.c.amount - rows.c.refunded - rows.c.disputed, 0)
    on_its_way = func.least(rows.c.pending, here)
    left = here - on_its_way
    is_parked = rows.c.state == PaymentState.PARKED
    is_own = rows.c.currency == rows.c.order_currency
    may_count = and_(is_own, rows.c.order_state.in_(UNCONFIRMED))
    return select(
        rows.c.id.label("payment_id"),
        rows.c.order_id,
        rows.c.owed,
        rows.c.pending,
        *(rows.c[name] for name in ("state", "amount", "refunded", "disputed")),
        is_own.label("is_own"),
        left.label("left"),
        is_counted.label("is_counted"),
        case((is_counted, left), else_=0).label("counted"),
        on_its_way.label("on_its_way"),
        case((is_counted, on_its_way), else_=0).label("counted_on_its_way"),
        case((may_count, 0), else_=left).label("parked"),
        case((and_(is_parked, is_own), left), else_=0).label("can_count"),
    ).subquery("here")


def _owed() -> ColumnElement[int]:
    due = case((Order.state.in_(ENDED_UNDELIVERED), 0), else_=Order.total - Order.returned_value)
    return func.greatest(Order.paid - Order.refunded - Order.disputed - due, 0)
