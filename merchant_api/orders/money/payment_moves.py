"""What becomes of a payment after it was recorded: the one writer of its state, always under its order's lock.

What the order says of money follows in the same breath: `paid` and `refunded` are sums over payments that count,
`parked` is the number of those that wait for a decision, `parked_sum` what of them is here in the order's currency.
"""

from uuid import UUID

from sqlalchemy import select

from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.orders import move
from merchant_api.orders.money.pay import Through
from merchant_api.orders.move import Locked
from merchant_api.orders.payment_models import Payment
from merchant_api.orders.states import PaymentState


def lock(merchant_id: UUID, payment_id: UUID, actor: Actor) -> tuple[Locked, Payment]:
    """Lock the payment's order, and give both as they are under the lock; raises NotFound."""
    mine = (Payment.merchant_id == merchant_id, Payment.id == payment_id)
    order_id = session().execute(select(Payment.order_id).where(*mine)).scalar_one_or_none()
    if order_id is None:
        raise NotFound
    locked = move.lock(merchant_id, order_id, actor)
    fresh = select(Payment).where(*mine).execution_options(populate_existing=True)
    return locked, session().execute(fresh).scalar_one()


def came_through(payment: Payment, through: Through) -> None:
    """A provider says that this money, which somebody reported before, came through it; the order is locked."""
    payment.provider_id = through.provider_id
    payment.provider_reference = through.reference
    payment.provider_amount = through.amount


def count(locked: Locked, payment: Payment) -> None:
    """A parked payment counts from now on."""
    payment.state = PaymentState.COUNTED
    payment.parked_reason = None
    locked.order.parked -= 1
    _parked(locked, payment, payment.refunded - payment.amount)
    locked.order.paid += payment.amount
    locked.order.refunded += payment.refunded


def give_back(locked: Locked, payment: Payment, amount: int) -> None:
    """Minor units of a payment were given back; the caller has seen that so much is left of it."""
    payment.refunded += amount
    is_whole = payment.refunded == payment.amount
    if payment.parked_reason is None:
        locked.order.refunded += amount
    else:
        locked.order.parked -= is_whole
        _parked(locked, payment, -amount)
    if is_whole:
        payment.state = PaymentState.REFUNDED


def take_back(locked: Locked, payment: Payment, amount: int) -> None:
    """What was given back came back again (a bank refused it): the payment is what it was before."""
    if payment.parked_reason is None:
        locked.order.refunded -= amount
        payment.state = PaymentState.COUNTED
    else:
        locked.order.parked += payment.state is PaymentState.REFUNDED
        _parked(locked, payment, amount)
        payment.state = PaymentState.PARKED
    payment.refunded -= amount


def _parked(locked: Locked, payment: Payment, change: int) -> None:
    if payment.currency == locked.order.currency:
        locked.order.parked_sum += change
