"""A payment as it is shown: why it is parked, what went back, and what can be done about it now.

Whether stock would cover a revival is looked up without locks, for a whole page at once: who presses the button may
still be told otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.core.money import Money
from merchant_api.core.paging import Page, Window, newest_first
from merchant_api.orders.models import Order
from merchant_api.orders.money import due_back
from merchant_api.orders.money.coverage import against
from merchant_api.orders.money.pay import Outcome, Recorded
from merchant_api.orders.money.revivable import CannotRevive
from merchant_api.orders.money.shortage import Shortage
from merchant_api.orders.payment_models import Payment, Refund
from merchant_api.orders.states import PaymentState, RefundState
from merchant_api.orders.view import OrderView


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which payments: those that wait for a decision (or the others), of which a refund failed, that are due back."""

    is_parked: bool | None = None
    has_failed_refund: bool | None = None
    is_due_back: bool | None = None


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund with its money."""

    row: Refund
    money: Money


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment, its refunds (oldest first), what may and has to go back, what stands against reviving its order."""

    row: Payment
    refunds: Sequence[RefundView]
    refundable: Money
    due_back: Money
    cannot_revive: CannotRevive | None

    @property
    def can_revive(self) -> bool:
        """Whether it would confirm its order now."""
        return self.cannot_revive is None


@dataclass(frozen=True, slots=True)
class PaymentAndOrder:
    """A payment and its order, after something was done about it."""

    payment: PaymentView
    order: OrderView
    shortage: Sequence[Shortage]
    outcome: Outcome


def recorded(merchant_id: UUID, result: Recorded) -> PaymentAndOrder:
    """What recording or reviving made of a payment."""
    return PaymentAndOrder(one(merchant_id, result.payment.id), result.shown, result.shortage, result.outcome)


def page(merchant_id: UUID, chosen: Chosen, at: Window) -> Page[PaymentView]:
    """A merchant's payments, newest first."""
    rows = select(Payment).where(Payment.merchant_id == merchant_id)
    if chosen.is_parked is not None:
        is_parked = Payment.parked_reason.is_not(None) & (Payment.amount > Payment.refunded + Payment.disputed)
        rows = rows.where(is_parked if chosen.is_parked else ~is_parked)
    if chosen.has_failed_refund is not None:
        is_among = Payment.id.in_(_failed(merchant_id))
        needs_somebody = is_among & (Payment.state != PaymentState.REFUNDED)
        rows = rows.where(needs_somebody if chosen.has_failed_refund else ~needs_somebody)
    if chosen.is_due_back is not None:
        is_owing = due_back.owing(merchant_id)
        rows = rows.where(is_owing if chosen.is_due_back else ~is_owing)
    found = newest_first(rows, Payment.id, at)
    return Page(shown(merchant_id, found.items), found.next)


def _failed(merchant_id: UUID) -> Select[Any]:
    """Payments of which a refund failed and as much has not been given back since."""
    later = aliased(Refund)
    mine = (later.merchant_id == merchant_id, later.payment_id == Refund.payment_id, later.id > Refund.id)
    is_done = select(later.id).where(*mine, later.state == RefundState.DONE, later.amount >= Refund.amount).exists()
    is_failed = (Refund.merchant_id == merchant_id, Refund.state == RefundState.FAILED)
    return select(Refund.payment_id).where(*is_failed, ~is_done)


def one(merchant_id: UUID, payment_id: UUID) -> PaymentView:
    """One payment; raises NotFound."""
    rows = select(Payment).where(Payment.merchant_id == merchant_id, Payment.id == payment_id)
    found = session().execute(rows.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return shown(merchant_id, [found])[0]


def shown(merchant_id: UUID, payments: Sequence[Payment]) -> list[PaymentView]:
    """Payments with what can be done, by at most five reads however many they are."""
    orders = _orders(merchant_id, [payment.order_id for payment in payments])
    refunds = _refunds(merchant_id, [payment.id for payment in payments])
    standings = due_back.of_orders(merchant_id, orders)
    stands = against(merchant_id, payments, orders, standings)
    return [
        PaymentView(
            row=payment,
            refunds=[RefundView(each, Money(each.amount, payment.currency)) for each in refunds[payment.id]],
            refundable=Money(standings[payment.id].refundable, payment.currency),
            due_back=Money(standings[payment.id].due_back, payment.currency),
            cannot_revive=stands[payment.id],
        )
        for payment in payments
    ]


def _orders(merchant_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Order]:
    rows = select(Order).where(Order.merchant_id == merchant_id, Order.id.in_(sorted(set(ids))))
    fresh = rows.execution_options(populate_existing=True)
    return {order.id: order for order in session().execute(fresh).scalars()} if ids else {}


def _refunds(merchant_id: UUID, payment_ids: Sequence[UUID]) -> dict[UUID, list[Refund]]:
    found: dict[UUID, list[Refund]] = {payment_id: [] for payment_id in payment_ids}
    rows = select(Refund).where(Refund.merchant_id == merchant_id, Refund.payment_id.in_(sorted(found)))
    fresh = rows.order_by(Refund.id).execution_options(populate_existing=True)
    for refund in session().execute(fresh).scalars() if found else ():
        found[refund.payment_id].append(refund)
    return found
