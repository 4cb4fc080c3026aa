"""Apply money that went back by a provider: to the refund that we asked for, or as one that we hear of now.

A refund is known by the provider's name for it, so that telling of it twice changes nothing. One that the provider said
failed stays failed, whatever older news comes after it. What a running total told of beforehand is not counted again.
"""

from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.orders.money import refund_moves
from merchant_api.orders.money.refund_moves import Said
from merchant_api.orders.payment_models import Refund
from merchant_api.orders.states import RefundState
from merchant_api.providers import unnamed
from merchant_api.providers.case import Case, open_case
from merchant_api.providers.events import MoneyBack, RefundedInAll
from merchant_api.providers.models import PaymentProvider
from merchant_api.providers.result import Applied, Result, Unmatched, UnmatchedReason, Waits


def apply(provider: PaymentProvider, event: MoneyBack | RefundedInAll, actor: Actor) -> Result:
    """Let payment and order say that money went back, or did not after all."""
    case = open_case(provider, event.subject, actor)
    if case is None:
        return Waits(UnmatchedReason.NO_SUCH_PAYMENT)
    with session().no_autoflush:  # in between a sum may be more than was paid
        result = unnamed.bring_to(case, event) if isinstance(event, RefundedInAll) else _move(case, event)
    case.write()
    return result


def _move(case: Case, event: MoneyBack) -> Result:
    amount, payment = case.amount_of(event.figure), case.payment
    if isinstance(amount, UnmatchedReason):
        return Unmatched(amount)
    row = _known(case, event) or _of_that_amount(case, event, amount)
    if row is not None and row.state is RefundState.FAILED and row.provider_reference is not None:
        return Applied(payment.id)
    amount = amount if row is None else row.amount
    goes_back = event.failure is None and (row is None or row.state is not RefundState.DONE)
    is_known = row is not None and row.state is RefundState.PENDING
    left = unnamed.target(case, 0 if is_known else amount)
    told_before = max(0, unnamed.units(case) - left)
    if goes_back and amount - told_before > payment.amount - payment.refunded:
        return Unmatched(UnmatchedReason.MORE_THAN_WAS_PAID)
    if row is None:
        said = Said(amount, provider_id=case.provider_id, provider_reference=event.reference)
        row = case.added(said)
        if row is None:
            return Unmatched(UnmatchedReason.REFERENCE_USED)
    refund_moves.came_through(row, case.provider_id, event.reference)
    if goes_back:
        unnamed.lower(case, left)
        if told_before >= amount:
            refund_moves.counted(case.locked, payment, row)
        else:
            refund_moves.done(case.locked, payment, row, case.actor)
    elif event.failure is not None and row.state is not RefundState.FAILED:
        refund_moves.failed(case.locked, payment, row, event.failure, case.actor, event.told_at)
    unnamed.settle(case)
    return Applied(payment.id)


def _known(case: Case, event: MoneyBack) -> Refund | None:
    """The refund that has this name, or that was asked for by ours."""
    own = case.provider_id
    for row in case.refunds:
        if (row.provider_id, row.provider_reference) == (own, event.reference) or row.reference == event.reference:
            return row
    asked = (row for row in case.refunds if row.id == event.refund_id and row.provider_reference is None)
    return next(asked, None)


def _of_that_amount(case: Case, event: MoneyBack, amount: int) -> Refund | None:
    """One of the same amount without a name, told of by a running total or by somebody: it is taken to be this one."""
    by_hand = (
        row
        for row in case.refunds
        if row.state is RefundState.DONE and (row.provider_id, row.reference) == (None, None)
    )
    unknown = [*unnamed.rows(case), *by_hand] if event.failure is None else []
    return next((row for row in unknown if row.amount == amount), None)
