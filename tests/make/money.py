"""Payments and refunds in any state, by the real steps; and whether what orders say of money adds up."""

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from merchant_api.core import clock
from merchant_api.core.actor import job
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.orders.due import expire_payments, expire_requests
from merchant_api.orders.models import Order
from merchant_api.orders.money import pay
from merchant_api.orders.money.audit import audit
from merchant_api.orders.payment_models import Payment, Refund
from merchant_api.orders.states import State
from tests.make.orders import make_order, reread
from tests.make.people import make_actor

_numbers = count(1)
_SUMS = text(
    """
    SELECT orders.code, orders.paid, orders.refunded, orders.parked, orders.disputes, orders.disputed, sums.*
    FROM orders LEFT JOIN (
        SELECT order_id, count(*) FILTER (WHERE parked_reason IS NOT NULL AND amount > refunded + disputed) AS parked,
            count(*) FILTER (WHERE state = 'disputed') AS disputes,
            sum(least(disputed, amount - refunded)) FILTER (WHERE parked_reason IS NULL) AS disputed,
            sum(amount) FILTER (WHERE parked_reason IS NULL) AS paid,
            sum(refunded) FILTER (WHERE parked_reason IS NULL) AS refunded
        FROM payments WHERE merchant_id = :merchant_id GROUP BY order_id
    ) AS sums ON sums.order_id = orders.id
    WHERE orders.merchant_id = :merchant_id
        AND (orders.paid, orders.refunded, orders.parked, orders.disputes, orders.disputed)
        <> (coalesce(sums.paid, 0), coalesce(sums.refunded, 0), coalesce(sums.parked, 0),
            coalesce(sums.disputes, 0), coalesce(sums.disputed, 0))
    """
)
_REFUNDS = text(
    """
    SELECT payments.reference, payments.refunded, sums.refunded
    FROM payments LEFT JOIN (
        SELECT payment_id, sum(amount) FILTER (WHERE state = 'done') AS refunded
        FROM refunds WHERE merchant_id = :merchant_id GROUP BY payment_id
    ) AS sums ON sums.payment_id = payments.id
    WHERE payments.merchant_id = :merchant_id AND payments.refunded <> coalesce(sums.refunded, 0)
    """
)


def check_money(merchant_id: UUID) -> None:
    """Orders say of money what their payments say, payments what their refunds say, and the audit finds nothing."""
    session().rollback()
    assert audit(merchant_id) == []
    for question in (_SUMS, _REFUNDS):
        assert session().execute(question, {"merchant_id": merchant_id}).all() == []
    session().rollback()


def pay_for(order: Order, amount: Money | None = None, **report: Any) -> Payment:
    """Report money for an order, by default what it costs."""
    money = amount or Money(order.total, order.currency)
    reference = report.pop("reference", f"money-{next(_numbers)}")
    recorded = pay.pay(order.merchant_id, order.id, pay.PaymentReport(money, reference, **report), make_actor())
    session().commit()
    return reread_payment(recorded.payment)


def end_unpaid(order: Order) -> Order:
    """Let nobody pay an order in time, or nobody answer it."""
    with clock.clock.pinned((order.sweep_at or order.respond_by or clock.now()) + timedelta(seconds=1)):
        module = expire_payments if order.state is State.AWAITING_PAYMENT else expire_requests
        assert module.run(order.merchant_id, [order.id], job("tests")) == 1
    session().commit()
    return reread(order)


def make_late(*lines: Any) -> tuple[Order, Payment]:
    """An order that nobody paid in time, and its money, which came afterwards."""
    order = end_unpaid(make_order(State.AWAITING_PAYMENT, list(lines)))
    payment = pay_for(order)
    return reread(order), payment


def reread_payment(payment: Payment) -> Payment:
    """The payment's row as it is now."""
    session().rollback()
    found = session().get(Payment, (payment.merchant_id, payment.id), populate_existing=True)
    assert found is not None
    return found


def reread_refund(refund: Refund) -> Refund:
    """The refund's row as it is now."""
    session().rollback()
    found = session().get(Refund, (refund.merchant_id, refund.id), populate_existing=True)
    assert found is not None
    return found


def payments_of(merchant_id: UUID) -> list[Payment]:
    """A merchant's payments, oldest first."""
    session().rollback()
    rows = select(Payment).where(Payment.merchant_id == merchant_id).order_by(Payment.id)
    return list(session().execute(rows.execution_options(populate_existing=True)).scalars())


def refunds_of(merchant_id: UUID) -> list[Refund]:
    """A merchant's refunds, oldest first."""
    session().rollback()
    rows = select(Refund).where(Refund.merchant_id == merchant_id).order_by(Refund.id)
    return list(session().execute(rows.execution_options(populate_existing=True)).scalars())
