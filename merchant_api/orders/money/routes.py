"""Endpoints of payments: recorded for an order, listed, and used to revive one."""

from uuid import UUID

from flask import Blueprint

from merchant_api.core.actor import Actor
from merchant_api.core.answer import Reply
from merchant_api.core.endpoint import endpoint
from merchant_api.core.paging import Page
from merchant_api.orders.money import pay, revive, view
from merchant_api.orders.money.schemas import (
    PaymentIn,
    PaymentList,
    PaymentListIn,
    PaymentOut,
    PaymentPageOut,
    RecordedOut,
)
from merchant_api.orders.money.view import Chosen, PaymentView
from merchant_api.shop.currency import check_payable

STATUS = {pay.Outcome.COUNTED: 201, pay.Outcome.PARKED: 202, pay.Outcome.KNOWN: 200}

order_payments = Blueprint("order_payments", __name__)
payments = Blueprint("payments", __name__)


@endpoint(
    order_payments,
    "POST",
    "/<uuid:order_id>/payments",
    needs="orders.pay",
    body=PaymentIn,
    reply=RecordedOut,
    status=201,
    also=(200, 202),
)
def record_payment(merchant_id: UUID, order_id: UUID, body: pay.PaymentReport, actor: Actor) -> Reply:
    """Record a payment, whole or a part: 201 counted, 202 parked, 200 the same report again."""
    check_payable(merchant_id, body.amount.currency, "amount")
    recorded = view.recorded(merchant_id, pay.pay(merchant_id, order_id, body, actor))
    return Reply(recorded, status=STATUS[recorded.outcome])


@endpoint(payments, "GET", "", needs="orders.pay", query=PaymentListIn, reply=PaymentPageOut)
def list_payments(merchant_id: UUID, query: PaymentList, **_: object) -> Page[PaymentView]:
    """Payments of the merchant, newest first.

    `parked=true` shows those that wait for a decision, `due_back=true` all of which money has to be given back.
    """
    return view.page(merchant_id, Chosen(query.parked, query.refund_failed, query.due_back), query.at)


@endpoint(payments, "GET", "/<uuid:payment_id>", needs="orders.pay", reply=PaymentOut)
def get_payment(merchant_id: UUID, payment_id: UUID, **_: object) -> PaymentView:
    """One payment, with what can be done about it."""
    return view.one(merchant_id, payment_id)


@endpoint(payments, "POST", "/<uuid:payment_id>/revive", needs="orders.pay", reply=RecordedOut)
def revive_order(merchant_id: UUID, payment_id: UUID, actor: Actor) -> view.PaymentAndOrder:
    """Take late money and confirm the order after all, if stock still covers it; other parked parts count as needed."""
    return view.recorded(merchant_id, revive.revive(merchant_id, payment_id, actor))
