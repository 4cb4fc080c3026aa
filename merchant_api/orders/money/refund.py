"""Give money back: of a parked payment the whole, of one that counts any part that is still here (DESIGN.md 2).

Without an amount it is what the order has to give back. What goes beyond that is the seller's goodwill, and needs a
note; an order that stands as paid does not ask for it again.

Money given back by hand is recorded as done. Where a provider's API carries it out the refund is pending, and a job
does it: nothing is called from a request.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.orders import move
from merchant_api.orders.errors import MoreThanOwed, NoteRequired, NothingOwed, ReferenceUsed, WholePaymentOnly
from merchant_api.orders.money import due_back, payment_moves, refund_moves
from merchant_api.orders.money.due_back import Standing
from merchant_api.orders.money.refund_moves import Said
from merchant_api.orders.payment_models import Payment, Refund
from merchant_api.orders.states import RefundState
from merchant_api.shop.errors import WrongCurrency


@dataclass(frozen=True, slots=True)
class RefundAsked:
    """How much (all that has to be given back, where nothing is said), and the merchant's own note and reference.

    `by_hand` says that the money went back already, so that no provider is asked.
    """

    amount: Money | None = None
    note: str | None = None
    reference: str | None = None
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Refunded:
    """The refund and its payment as they stand; `is_new` is false where the same wish came again."""

    refund: Refund
    payment: Payment
    is_new: bool


def refund(
    merchant_id: UUID, payment_id: UUID, wish: RefundAsked, actor: Actor, by_provider: UUID | None = None
) -> Refunded:
    """Give money of a payment back, by hand or by the API of a provider; the same reference again changes nothing.

    Raises NotFound, NothingOwed, MoreThanOwed, WholePaymentOnly, NoteRequired, WrongCurrency, ReferenceUsed.
    """
    locked, payment = payment_moves.lock(merchant_id, payment_id, actor)
    if wish.amount is not None and wish.amount.currency != payment.currency:
        raise WrongCurrency(currency=payment.currency)
    known = _known(payment, wish)
    if known is not None:
        return Refunded(known, payment, is_new=False)
    refunds = refund_moves.of_order(merchant_id, payment.order_id)
    failed = _failed_before(refunds, payment, wish)
    amount = _amount(payment, due_back.of_orders(merchant_id, [payment.order_id])[payment.id], wish, failed)
    if by_provider is not None:
        return Refunded(_by_api(payment, refunds, _said(amount, wish, by_provider), actor), payment, is_new=True)
    row = _added(payment, _said(amount, wish), actor)
    refund_moves.done(locked, payment, row, actor)
    move.write(merchant_id, [locked])
    return Refunded(row, payment, is_new=True)


def _known(payment: Payment, wish: RefundAsked) -> Refund | None:
    """The refund that this wish made when it came before."""
    if wish.reference is None:
        return None
    rows = select(Refund).where(Refund.merchant_id == payment.merchant_id, Refund.reference == wish.reference)
    found = session().execute(rows).scalar_one_or_none()
    if found is None or _may_be_tried_again(found, payment):
        return None
    if found.payment_id != payment.id or (wish.amount is not None and wish.amount.amount != found.amount):
        raise ReferenceUsed
    return found


def _may_be_tried_again(refund: Refund, payment: Payment) -> bool:
    """What the provider never took up. What it took up and failed has a name there, and stays as it is."""
    is_ours = refund.provider_id is not None and refund.provider_reference is None
    return refund.payment_id == payment.id and refund.state is RefundState.FAILED and is_ours


def _failed_before(refunds: Sequence[Refund], payment: Payment, wish: RefundAsked) -> Refund | None:
    """The refund of that reference that may be tried again: its amount and its note stand."""
    own = (row for row in refunds if wish.reference is not None and row.reference == wish.reference)
    return next((row for row in own if _may_be_tried_again(row, payment)), None)


def _amount(payment: Payment, standing: Standing, wish: RefundAsked, failed: Refund | None) -> int:
    is_parked = payment.parked_reason is not None
    usual = standing.refundable if is_parked else standing.owed
    if failed is not None:
        usual = failed.amount
    wanted = usual if wish.amount is None else wish.amount.amount
    if not (standing.refundable and wanted):
        raise NothingOwed
    most = {"amount": standing.refundable, "currency": payment.currency}
    if wanted > standing.refundable:
        raise MoreThanOwed(owed=most)
    if is_parked and wanted < standing.refundable:
        raise WholePaymentOnly(owed=most)
    if not is_parked and wanted > standing.owed and not (wish.note or failed):
        raise NoteRequired(errors={"note": ["Say why: the order does not owe that much."]})
    return wanted


def _said(amount: int, wish: RefundAsked, provider_id: UUID | None = None) -> Said:
    return Said(amount, wish.reference, wish.note, provider_id)


def _added(payment: Payment, said: Said, actor: Actor) -> Refund:
    row = refund_moves.add(payment, said, actor)
    if row is None:
        raise ReferenceUsed
    return row


def _by_api(payment: Payment, refunds: Sequence[Refund], said: Said, actor: Actor) -> Refund:
    """A refund that failed before it was taken up is tried again itself, so that its money can't go back twice."""
    for row in refunds:
        is_same = (row.amount, row.provider_id) == (said.amount, said.provider_id)
        if is_same and _may_be_tried_again(row, payment) and said.reference in (None, row.reference):
            refund_moves.again(row)
            return row
    return _added(payment, said, actor)
