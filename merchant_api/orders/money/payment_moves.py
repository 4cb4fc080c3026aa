"""What becomes of a payment after it was recorded: the one writer of its state, always under its order's lock.

What the order says of money follows in the same breath: `paid` and `refunded` are sums over payments that count,
`parked` is the number of those that wait for a decision, `parked_sum` what of them is here in the order's currency,
`disputed` what banks have of those that count.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import select

from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.orders import move
from merchant_api.orders.models import Order
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
    with _followed(locked, payment):
        payment.parked_reason = None


def give_back(locked: Locked, payment: Payment, amount: int) -> None:
    """Minor units of a payment were given back; the caller has seen that so much is left of it."""
    with _followed(locked, payment):
        payment.refunded += amount


def take_back(locked: Locked, payment: Payment, amount: int) -> None:
    """What was given back came back again (a bank refused it): the payment is what it was before."""
    with _followed(locked, payment):
        payment.refunded -= amount


def dispute(locked: Locked, payment: Payment, amount: int) -> None:
    """The customer's bank has so much of a payment now; with 0 it has let go of all of it."""
    with _followed(locked, payment):
        payment.disputed = min(amount, payment.amount)


@contextmanager
def _followed(locked: Locked, payment: Payment) -> Iterator[None]:
    """Let the payment's state, and what its order says of money, follow what changes of it."""
    before = _sums(locked.order, payment)
    yield
    payment.state = _state(payment)
    for name, sum_now in _sums(locked.order, payment).items():
        setattr(locked.order, name, getattr(locked.order, name) + sum_now - before[name])


def _state(payment: Payment) -> PaymentState:
    if payment.disputed:
        return PaymentState.DISPUTED
    if payment.refunded == payment.amount:
        return PaymentState.REFUNDED
    return PaymentState.COUNTED if payment.parked_reason is None else PaymentState.PARKED


def _sums(order: Order, payment: Payment) -> dict[str, int]:
    """What a payment adds to each sum of its order."""
    counts = payment.parked_reason is None
    waits = 0 if counts else payment.left
    return {
        "paid": payment.amount * counts,
        "refunded": payment.refunded * counts,
        "disputed": payment.taken * counts,
        "disputes": int(payment.state is PaymentState.DISPUTED),
        "parked": int(waits > 0),
        "parked_sum": waits * (payment.currency == order.currency),
    }
