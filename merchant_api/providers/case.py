"""A payment that a provider tells of, under its order's lock, with the refunds of it that are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, or_, select

from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.orders import move
from merchant_api.orders.money import payment_moves, refund_moves
from merchant_api.orders.money.refund_moves import Said
from merchant_api.orders.move import Locked
from merchant_api.orders.payment_models import Payment, Refund
from merchant_api.providers.events import Figure
from merchant_api.providers.models import PaymentProvider
from merchant_api.providers.result import UnmatchedReason


@dataclass(frozen=True, slots=True)
class Case:
    """What is here of a payment, and by which provider something is told of it."""

    locked: Locked
    payment: Payment
    refunds: list[Refund]
    provider_id: UUID
    actor: Actor
    before: tuple[int, ...]

    def amount_of(self, figure: Figure) -> int | UnmatchedReason:
        """A figure of the provider in our minor units, or why it can't be told in them."""
        if self.payment.currency != figure.money.currency:
            return UnmatchedReason.OTHER_AMOUNT
        if figure.provider_amount == self.payment.provider_amount:
            return self.payment.amount
        return figure.money.amount if figure.is_exact else UnmatchedReason.AMOUNT_NOT_EXACT

    def added(self, said: Said) -> Refund | None:
        """A new refund of it, pending; None where its name is another one's."""
        row = refund_moves.add(self.payment, said, self.actor)
        self.refunds.extend([] if row is None else [row])
        return row

    def write(self, *, is_changed: bool = False) -> None:
        """Write what changed of the order, and tell of it."""
        if is_changed or self.locked.events or _sums(self.locked) != self.before:
            move.write(self.payment.merchant_id, [self.locked])


def open_case(provider: PaymentProvider, subject: str, actor: Actor) -> Case | None:
    """Lock what a provider tells of; None where that payment is not known."""
    found = _payment(provider, subject)
    if found is None:
        return None
    locked, payment = payment_moves.lock(provider.merchant_id, found.id, actor)
    return case_of(locked, payment, refund_moves.of_order(provider.merchant_id, payment.order_id), provider.id, actor)


def case_of(locked: Locked, payment: Payment, of_order: Sequence[Refund], provider_id: UUID, actor: Actor) -> Case:
    """A payment that is locked, with those of its order's refunds that are its own."""
    refunds = [each for each in of_order if each.payment_id == payment.id]
    return Case(locked, payment, refunds, provider_id, actor, _sums(locked))


def _sums(locked: Locked) -> tuple[int, ...]:
    order = locked.order
    return order.refunded, order.parked, order.parked_sum


def _payment(provider: PaymentProvider, subject: str) -> Payment | None:
    """The payment by the provider's name for it, which somebody may have recorded as its reference by hand."""
    is_told = and_(Payment.provider_id == provider.id, Payment.provider_reference == subject)
    is_untold = and_(Payment.provider_id.is_(None), Payment.reference == subject)
    rows = select(Payment).where(Payment.merchant_id == provider.merchant_id, or_(is_told, is_untold))
    return session().execute(rows.order_by(Payment.provider_id.is_(None), Payment.id).limit(1)).scalar_one_or_none()
