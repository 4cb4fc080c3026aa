"""The life of a refund: the one writer of its state, always under the lock of the payment's order.

Money that went back changes payment and order, and is told, in the step by which the refund becomes done; a refund that
was done and came back (a bank refused it) undoes that. So what the order says of money is never ahead of the money.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.orders import move
from merchant_api.orders.confirm import paid
from merchant_api.orders.money import payment_moves
from merchant_api.orders.move import Locked
from merchant_api.orders.payment_models import Payment, Refund
from merchant_api.orders.states import RefundState, State

LONGEST_ANSWER = 500


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of money on its way back, in minor units of the payment's currency.

    `reference` is the merchant's own name for it; `provider_reference` the provider's.
    """

    amount: int
    reference: str | None = None
    note: str | None = None
    provider_id: UUID | None = None
    provider_reference: str | None = None


def of_order(merchant_id: UUID, order_id: UUID) -> Sequence[Refund]:
    """Every refund of an order's payments, oldest first, locked; the caller holds the order's lock."""
    rows = select(Refund).where(Refund.merchant_id == merchant_id, Refund.order_id == order_id).order_by(Refund.id)
    locking = rows.with_for_update().execution_options(populate_existing=True)
    return session().execute(locking).scalars().all()


def add(payment: Payment, said: Said, actor: Actor) -> Refund | None:
    """A new refund, pending; None where its reference names another one."""
    instant = clock.now()
    values = {
        "merchant_id": payment.merchant_id,
        "id": new_id(),
        "payment_id": payment.id,
        "order_id": payment.order_id,
        "amount": said.amount,
        "state": RefundState.PENDING,
        "reference": said.reference,
        "provider_id": said.provider_id,
        "provider_reference": said.provider_reference,
        "note": said.note,
        "actor": actor.stamp(),
        "made_at": instant,
        "round": 0,
        "due_at": instant,
        "attempts": 0,
    }
    statement = insert(Refund).values(values).on_conflict_do_nothing().returning(Refund)
    return session().execute(statement).scalar_one_or_none()


def came_through(refund: Refund, provider_id: UUID, reference: str) -> None:
    """Remember by which provider, and under which name of its own, the refund is known."""
    refund.provider_id = provider_id
    refund.provider_reference = reference


def counted(locked: Locked, payment: Payment, refund: Refund) -> None:
    """The money is back with the customer, who was told of it before."""
    _end(refund, RefundState.DONE, None)
    payment_moves.give_back(locked, payment, refund.amount)


def replaced(locked: Locked, payment: Payment, refund: Refund) -> None:
    """What was known by a running total only is told of otherwise: it counts no more."""
    payment_moves.take_back(locked, payment, refund.amount)
    _end(refund, RefundState.REPLACED, None)


def done(locked: Locked, payment: Payment, refund: Refund, actor: Actor) -> None:
    """The money is back with the customer, who is told."""
    counted(locked, payment, refund)
    _tell(locked, "payment.refunded", payment, refund, actor)


def failed(
    locked: Locked, payment: Payment, refund: Refund, why: str, actor: Actor, at: datetime | None = None
) -> None:
    """It came to nothing, also where it was done before; the merchant is told. `at` is the provider's instant of it."""
    if refund.state is RefundState.DONE:
        payment_moves.take_back(locked, payment, refund.amount)
    _end(refund, RefundState.FAILED, why, at)
    _tell(locked, "payment.refund_failed", payment, refund, actor)
    go_on(locked, actor)


def go_on(locked: Locked, actor: Actor) -> None:
    """Confirm an order for which the money that it awaits is here again."""
    if locked.order.state is State.AWAITING_PAYMENT and not locked.order.left_to_pay:
        paid(locked, actor)


def again(refund: Refund) -> None:
    """Let a refund that failed be tried once more, as a new wish to the provider."""
    refund.state = RefundState.PENDING
    refund.round += 1
    refund.attempts = 0
    refund.due_at = clock.now()
    refund.ended_at = None


def _end(refund: Refund, state: RefundState, answer: str | None, at: datetime | None = None) -> None:
    refund.state = state
    refund.lease_token = None
    refund.ended_at = at or clock.now()
    refund.answer = answer and answer[:LONGEST_ANSWER]


def _tell(locked: Locked, type_: str, payment: Payment, refund: Refund, actor: Actor) -> None:
    amount = {"amount": refund.amount, "currency": payment.currency}
    refundable = {"amount": payment.left, "currency": payment.currency}
    move.tell(locked, type_, actor, payment={"id": str(payment.id), "amount": amount, "refundable": refundable})
