"""A payment's first row, the one place where it gets a state: it counts, or is parked for a reason (DESIGN.md 2)."""

from merchant_api.core.actor import Actor
from merchant_api.core.ids import new_id
from merchant_api.core.money import Money
from merchant_api.orders.move import Locked
from merchant_api.orders.payment_models import Payment
from merchant_api.orders.states import PaymentState


def told(payment: Payment) -> dict[str, object]:
    """What an event says of a payment: how much came."""
    return {"amount": {"amount": payment.amount, "currency": payment.currency}}


def park(locked: Locked, payment: Payment) -> None:
    """Let the order know of a new payment that is parked."""
    locked.order.parked += 1
    if payment.currency == locked.order.currency:
        locked.order.parked_sum += payment.amount


def first_row(locked: Locked, money: Money, reference: str, actor: Actor, parked_reason: str | None = None) -> Payment:
    """Money for an order, paid at the instant of the order's lock; not written yet."""
    return Payment(
        merchant_id=locked.order.merchant_id,
        id=new_id(),
        order_id=locked.order.id,
        state=PaymentState.COUNTED if parked_reason is None else PaymentState.PARKED,
        amount=money.amount,
        currency=money.currency,
        reference=reference,
        paid_at=locked.at,
        received_at=locked.at,
        recorded_by=actor.stamp(),
        parked_reason=parked_reason,
        refunded=0,
        disputed=0,
    )
