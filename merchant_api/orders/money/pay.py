"""Record a payment. Money that moved is never refused: it counts, part by part, or is parked (DESIGN.md 2).

An order goes on when nothing is left to pay; what is above its total stands on the list of money to give back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.give_or_take import is_ahead
from merchant_api.core.money import Money
from merchant_api.orders import confirm, move
from merchant_api.orders.errors import PaidAhead, ReferenceUsed
from merchant_api.orders.money import due_back, shortage
from merchant_api.orders.money.revivable import offer
from merchant_api.orders.money.shortage import Shortage
from merchant_api.orders.money.why_parked import why_parked
from merchant_api.orders.move import Locked
from merchant_api.orders.payment import first_row, park, told
from merchant_api.orders.payment_models import Payment
from merchant_api.orders.states import ParkedReason, PaymentState, State
from merchant_api.orders.view import OrderView, view
from merchant_api.stock import holds


@dataclass(frozen=True, slots=True)
class Through:
    """By which payment provider money came: its own name for the payment, and its own figure in its smallest unit."""

    provider_id: UUID
    reference: str
    amount: int


@dataclass(frozen=True, slots=True)
class PaymentReport:
    """A payment as it is reported; `paid_at` is when it was paid, or now. A `doubt` parks it in any case."""

    amount: Money
    reference: str
    paid_at: datetime | None = None
    through: Through | None = None
    doubt: ParkedReason | None = None


class Outcome(StrEnum):
    """What became of a report of money: it counts, it waits for a decision, or it was known before."""

    COUNTED = "counted"
    PARKED = "parked"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Recorded:
    """The payment as it stands, and the order after it; `is_new` is false where the same report came again.

    `shortage` names the lines of the order that stock does not cover now.
    """

    payment: Payment
    shown: OrderView
    is_new: bool
    shortage: Sequence[Shortage]

    @property
    def outcome(self) -> Outcome:
        """What became of the report."""
        if not self.is_new:
            return Outcome.KNOWN
        return Outcome.PARKED if self.payment.state is PaymentState.PARKED else Outcome.COUNTED


def pay(merchant_id: UUID, order_id: UUID, report: PaymentReport, actor: Actor) -> Recorded:
    """Record a payment: counted, or parked with a reason. The same report again changes nothing.

    Raises ReferenceUsed where the reference stands for other money, and PaidAhead where a person says so.
    """
    locked = move.lock(merchant_id, order_id, actor)
    order = locked.order
    payment = _payment(locked, report, actor)
    existing = _add(payment)
    if existing is not None:
        if (existing.order_id, existing.amount, existing.currency) != (order.id, payment.amount, payment.currency):
            raise ReferenceUsed
        return _recorded(existing, locked, is_new=False)
    if payment.state is PaymentState.COUNTED:
        _count(locked, payment, actor)
    else:
        of_order = due_back.of_orders(merchant_id, [order.id]).values()
        park(locked, payment)
        said = told(payment) | {"reason": payment.parked_reason, "offer": offer(order, payment, of_order)}
        move.tell(locked, "payment.parked", actor, payment=said)
    move.write(merchant_id, [locked])
    return _recorded(payment, locked, is_new=True)


def _count(locked: Locked, payment: Payment, actor: Actor) -> None:
    locked.order.paid += payment.amount
    if locked.order.left_to_pay:
        move.tell(locked, "order.part_paid", actor, payment=told(payment))
    elif locked.order.state is State.AWAITING_PAYMENT:
        confirm.paid(locked, actor, told(payment))
    else:
        move.tell(locked, "order.paid", actor, payment=told(payment))


def _payment(locked: Locked, report: PaymentReport, actor: Actor) -> Payment:
    said = report.paid_at or locked.at
    if report.through is None and is_ahead(said, locked.at):
        raise PaidAhead(errors={"paid_at": ["More than 5 minutes ahead."]})
    paid_at = min(said, locked.at)  # a provider's clock may run ahead of ours
    reason = report.doubt or why_parked(locked.order, report.amount.currency, paid_at)
    payment = first_row(locked, report.amount, report.reference, actor, reason)
    payment.paid_at = paid_at
    if report.through is not None:
        payment.provider_id = report.through.provider_id
        payment.provider_reference = report.through.reference
        payment.provider_amount = report.through.amount
    return payment


def _add(payment: Payment) -> Payment | None:
    """Insert the payment, or give the one that has its reference already."""
    columns = {column.key: getattr(payment, column.key) for column in Payment.__table__.columns}
    statement = insert(Payment).values(columns).on_conflict_do_nothing(index_elements=["merchant_id", "reference"])
    if session().execute(statement.returning(Payment.id)).scalar_one_or_none() is not None:
        return None
    same = select(Payment).where(Payment.merchant_id == payment.merchant_id, Payment.reference == payment.reference)
    return session().execute(same).scalar_one()


def _recorded(payment: Payment, locked: Locked, *, is_new: bool) -> Recorded:
    order = locked.order
    shown = view(order, locked.lines, holds.of_orders(order.merchant_id, [order.id]))
    return Recorded(payment, shown, is_new, shortage.of(shown))
