"""Disputes: what the customer's bank says of a payment, as the provider tells it; the one writer of their state.

A dispute changes money and nothing else: no goods go back on the shelf, the order stays where it is, and a dispute that
is won leaves everything as it was. News of one dispute may come in any order: the provider's newest holds, and of the
same instant what is further on.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.core.paging import Page, Window, newest_first
from merchant_api.core.schema import rfc3339
from merchant_api.orders import move
from merchant_api.orders.dispute_models import Dispute
from merchant_api.orders.money import due_back, payment_moves, refund_moves
from merchant_api.orders.move import Locked
from merchant_api.orders.payment_models import Payment
from merchant_api.orders.states import TAKES_MONEY, DisputeState

TELLS = {
    DisputeState.ASKED: "payment.questioned",
    DisputeState.OPEN: "payment.disputed",
    DisputeState.WON: "payment.dispute_won",
    DisputeState.LOST: "payment.dispute_lost",
}
FURTHER_ON = [DisputeState.ASKED, DisputeState.OPEN, DisputeState.LOST, DisputeState.WON]


@dataclass(frozen=True, slots=True)
class News:
    """What a provider tells of a dispute; `amount` is minor units of the payment's currency."""

    provider_id: UUID
    reference: str
    state: DisputeState
    amount: int
    reason: str | None
    answer_by: datetime | None
    opened_at: datetime
    told_at: datetime


def tell(locked: Locked, payment: Payment, news: News, actor: Actor) -> bool:
    """Let the dispute, its payment and the order say what is news; gives whether it was."""
    of_payment = _of_payment(payment)
    names = (news.provider_id, news.reference)
    known = next((each for each in of_payment if (each.provider_id, each.provider_reference) == names), None)
    if known is not None and _rank(news) <= _rank(known):
        return False
    before = None if known is None else known.state
    row = known or _added(payment, news)
    row.state, row.amount, row.told_at = news.state, news.amount, news.told_at
    row.reason, row.answer_by = news.reason or row.reason, news.answer_by
    session().add(row)
    rows = of_payment if known is not None else [*of_payment, row]
    payment_moves.dispute(locked, payment, sum(each.amount for each in rows if each.state in TAKES_MONEY))
    if before is not news.state:
        _tell(locked, payment, row, actor)
    refund_moves.go_on(locked, actor)
    return True


def page(merchant_id: UUID, payment_id: UUID | None, state: DisputeState | None, at: Window) -> Page[Dispute]:
    """Disputes of the merchant's payments, newest first."""
    rows = select(Dispute).where(Dispute.merchant_id == merchant_id)
    if payment_id is not None:
        rows = rows.where(Dispute.payment_id == payment_id)
    if state is not None:
        rows = rows.where(Dispute.state == state)
    return newest_first(rows, Dispute.id, at)


def _of_payment(payment: Payment) -> list[Dispute]:
    mine = (Dispute.merchant_id == payment.merchant_id, Dispute.payment_id == payment.id)
    rows = select(Dispute).where(*mine).execution_options(populate_existing=True)
    return list(session().execute(rows).scalars())


def _added(payment: Payment, news: News) -> Dispute:
    return Dispute(
        merchant_id=payment.merchant_id,
        id=new_id(),
        payment_id=payment.id,
        order_id=payment.order_id,
        provider_id=news.provider_id,
        provider_reference=news.reference,
        currency=payment.currency,
        opened_at=news.opened_at,
    )


def _rank(said: News | Dispute) -> tuple[datetime, int]:
    return said.told_at, FURTHER_ON.index(said.state)


def _tell(locked: Locked, payment: Payment, row: Dispute, actor: Actor) -> None:
    amount = {"amount": row.amount, "currency": row.currency}
    answer_by = None if row.answer_by is None else rfc3339(row.answer_by)
    said = {"id": str(payment.id), "amount": amount, "dispute": str(row.id), "reason": row.reason}
    if row.state is DisputeState.ASKED:
        standing = due_back.of_orders(payment.merchant_id, [payment.order_id])[payment.id]
        said["refundable"] = {"amount": standing.refundable, "currency": payment.currency}
    is_disputed = locked.order.is_disputed
    move.tell(locked, TELLS[row.state], actor, payment=said, dispute_answer_by=answer_by, is_disputed=is_disputed)
