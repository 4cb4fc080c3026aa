"""Apply money that went back by a provider: to the refund that we asked for, or as one that we hear of now.

A refund is known by the provider's name for it, so that telling of it twice changes nothing. One that the provider said
failed stays failed, whatever older news comes after it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.orders import move
from merchant_api.orders.money import payment_moves, refund_moves
from merchant_api.orders.money.refund_moves import Said
from merchant_api.orders.move import Locked
from merchant_api.orders.payment_models import Payment, Refund
from merchant_api.orders.states import RefundState
from merchant_api.providers.events import MoneyBack
from merchant_api.providers.models import PaymentProvider
from merchant_api.providers.result import Applied, Result, Unmatched, UnmatchedReason, Waits


@dataclass(frozen=True, slots=True)
class _Case:
    """A payment under its order's lock, its refunds, and what is told of it."""

    locked: Locked
    payment: Payment
    refunds: Sequence[Refund]
    provider: PaymentProvider
    event: MoneyBack
    actor: Actor


def apply(provider: PaymentProvider, event: MoneyBack, actor: Actor) -> Result:
    """Let payment and order say that money went back, or did not after all."""
    merchant_id = provider.merchant_id
    found = _payment(provider, event)
    if found is None:
        return Waits(UnmatchedReason.NO_SUCH_PAYMENT)
    locked, payment = payment_moves.lock(merchant_id, found.id, actor)
    refunds = [each for each in refund_moves.of_order(merchant_id, payment.order_id) if each.payment_id == payment.id]
    case = _Case(locked, payment, refunds, provider, event, actor)
    amount = _amount(case)
    result = Unmatched(amount) if isinstance(amount, UnmatchedReason) else _move(case, amount)
    if locked.events:
        move.write(merchant_id, [locked])
    return result


def _payment(provider: PaymentProvider, event: MoneyBack) -> Payment | None:
    """The payment by the provider's name for it, which somebody may have recorded as its reference by hand."""
    is_told = and_(Payment.provider_id == provider.id, Payment.provider_reference == event.subject)
    is_untold = and_(Payment.provider_id.is_(None), Payment.reference == event.subject)
    rows = select(Payment).where(Payment.merchant_id == provider.merchant_id, or_(is_told, is_untold))
    return session().execute(rows.order_by(Payment.provider_id.is_(None), Payment.id).limit(1)).scalar_one_or_none()


def _amount(case: _Case) -> int | UnmatchedReason:
    """In our minor units, or why it can't be told in them."""
    figure, payment = case.event.figure, case.payment
    if payment.currency != figure.money.currency:
        return UnmatchedReason.OTHER_AMOUNT
    if figure.provider_amount == payment.provider_amount:
        return payment.amount
    return figure.money.amount if figure.is_exact else UnmatchedReason.AMOUNT_NOT_EXACT


def _move(case: _Case, amount: int) -> Result:
    event, payment = case.event, case.payment
    row = _known(case) or _by_hand(case, amount)
    if row is not None and row.state is RefundState.FAILED and row.provider_reference is not None:
        return Applied(payment.id)
    is_new_money = event.failure is None and (row is None or row.state is not RefundState.DONE)
    if is_new_money and (amount if row is None else row.amount) > payment.amount - payment.refunded:
        return Unmatched(UnmatchedReason.MORE_THAN_WAS_PAID)
    if row is None:
        said = Said(amount, provider_id=case.provider.id, provider_reference=event.reference)
        row = refund_moves.add(payment, said, case.actor)
        if row is None:
            return Unmatched(UnmatchedReason.REFERENCE_USED)
    refund_moves.came_through(row, case.provider.id, event.reference)
    if event.failure is not None:
        if row.state is not RefundState.FAILED:
            refund_moves.failed(case.locked, payment, row, event.failure, case.actor)
    elif row.state is not RefundState.DONE:
        refund_moves.done(case.locked, payment, row, case.actor)
    return Applied(payment.id)


def _known(case: _Case) -> Refund | None:
    """The refund that has this name, or that was asked for by ours."""
    event, own = case.event, case.provider.id
    for row in case.refunds:
        if (row.provider_id, row.provider_reference) == (own, event.reference) or row.reference == event.reference:
            return row
    asked = (row for row in case.refunds if row.id == event.refund_id and row.provider_reference is None)
    return next(asked, None)


def _by_hand(case: _Case, amount: int) -> Refund | None:
    """A refund that somebody recorded without any name, of the same amount: it is taken to be this one."""
    unnamed = (
        row
        for row in case.refunds
        if row.state is RefundState.DONE and (row.provider_id, row.reference, row.amount) == (None, None, amount)
    )
    return next(unnamed, None) if case.event.failure is None else None
