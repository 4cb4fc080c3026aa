"""Refunds that are known by a running total only: what it says beyond all other refunds that are known.

They are rows as other refunds are, done, of the provider and without its name. What is told of by its name afterwards
takes their place. So the sum is always what the newest total says, or what the named refunds say where that is more,
whichever was told first, and no money counts twice.
"""

from merchant_api.orders.money import refund_moves
from merchant_api.orders.money.refund_moves import Said
from merchant_api.orders.payment_models import Refund
from merchant_api.orders.states import RefundState
from merchant_api.providers.case import Case
from merchant_api.providers.events import RefundedInAll
from merchant_api.providers.result import Applied, Result, Unmatched, UnmatchedReason


def rows(case: Case) -> list[Refund]:
    """The refunds without a name."""
    return [each for each in case.refunds if each.state is RefundState.DONE and _has_no_name(case, each)]


def units(case: Case) -> int:
    """Minor units that went back without a name."""
    return sum(each.amount for each in rows(case))


def target(case: Case, news: int = 0) -> int:
    """How many have no name, where `news` more get one: the rest of the total. What is on its way by our own call is in
    the total, or soon will be; what failed after the total was told is in it as well, and did not go back.
    """
    explained = sum(each.amount for each in case.refunds if _explains(case, each))
    return max(0, (case.payment.total_back or 0) - explained - news)


def lower(case: Case, to: int) -> None:
    """Let so much be left without a name; nobody is told, as of this money everybody was."""
    if to >= units(case):
        return
    for row in rows(case):
        refund_moves.replaced(case.locked, case.payment, row)
    if to > 0 and (rest := case.added(Said(to, provider_id=case.provider_id))) is not None:
        refund_moves.counted(case.locked, case.payment, rest)


def settle(case: Case) -> None:
    """Let the refunds without a name be what the newest total asks for; what is new of it is told."""
    wanted = target(case)
    lower(case, wanted)
    missing = min(wanted - units(case), case.payment.amount - case.payment.refunded)
    if missing > 0 and (row := case.added(Said(missing, provider_id=case.provider_id))) is not None:
        refund_moves.done(case.locked, case.payment, row, case.actor)
    refund_moves.go_on(case.locked, case.actor)  # a newer total may be less


def bring_to(case: Case, event: RefundedInAll) -> Result:
    """Bring what went back to a total; one that is older than the newest says nothing any more."""
    payment, total = case.payment, case.amount_of(event.figure)
    if isinstance(total, UnmatchedReason):
        return Unmatched(total)
    if total > payment.amount:
        return Unmatched(UnmatchedReason.MORE_THAN_WAS_PAID)
    if payment.total_told_at is None or event.told_at >= payment.total_told_at:
        is_same_instant = payment.total_told_at == event.told_at
        payment.total_back = max(total, payment.total_back or 0) if is_same_instant else total
        payment.total_told_at = event.told_at
        settle(case)
    return Applied(payment.id)


def _has_no_name(case: Case, row: Refund) -> bool:
    return (row.provider_id, row.provider_reference) == (case.provider_id, None)


def _explains(case: Case, row: Refund) -> bool:
    match row.state:
        case RefundState.DONE:
            return not _has_no_name(case, row)
        case RefundState.PENDING:
            return row.provider_id == case.provider_id
        case RefundState.FAILED if row.provider_id == case.provider_id and row.provider_reference is not None:
            told_at = case.payment.total_told_at
            return told_at is not None and row.ended_at is not None and row.ended_at >= told_at
        case _:
            return False
