"""What is kept of a provider's event, as JSON: ids and figures, no people's data; and the event again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from merchant_api.core.money import Money
from merchant_api.core.schema import rfc3339
from merchant_api.orders.states import DisputeState
from merchant_api.providers.events import Disputed, Figure, Happened, MoneyBack, PaymentSucceeded, RefundedInAll


def facts(happened: Happened) -> dict[str, Any]:
    """What is kept of an event."""
    figure = happened.figure
    said: dict[str, Any] = {
        "amount": figure.money.amount,
        "currency": figure.money.currency,
        "provider_amount": figure.provider_amount,
        "is_exact": figure.is_exact,
        "reference": happened.reference,
    }
    if isinstance(happened, PaymentSucceeded):
        named = {"order_id": _text(happened.order_id), "named": happened.named, "hint": happened.hint}
        return said | {"paid_at": rfc3339(happened.paid_at)} | named
    said |= {"subject": happened.subject, "told_at": _said(happened.told_at)}
    if isinstance(happened, Disputed):
        instants = {"answer_by": _said(happened.answer_by), "opened_at": _said(happened.opened_at)}
        return said | {"dispute": happened.state.value, "reason": happened.reason} | instants
    if isinstance(happened, RefundedInAll):
        return said | {"in_all": True}
    return said | {"refund_id": _text(happened.refund_id), "failure": happened.failure}


def from_facts(event_id: str, type_: str, said: dict[str, Any]) -> Happened:
    """The event that facts were kept of; members that came later may be missing."""
    figure = Figure(Money(said["amount"], said["currency"]), said["provider_amount"], said["is_exact"])
    reference = said["reference"]
    if "paid_at" in said:
        named = (_id(said["order_id"]), said["named"], said.get("hint"))
        return PaymentSucceeded(event_id, type_, reference, figure, datetime.fromisoformat(said["paid_at"]), *named)
    subject, told_at = said["subject"], _instant(said.get("told_at"))
    if "dispute" in said:
        how = (DisputeState(said["dispute"]), said["reason"], _instant(said["answer_by"]))
        opened_at, at = datetime.fromisoformat(said["opened_at"]), datetime.fromisoformat(said["told_at"])
        return Disputed(event_id, type_, subject, figure, reference, *how, opened_at, at)
    if "in_all" in said and told_at is not None:
        return RefundedInAll(event_id, type_, subject, figure, reference, told_at)
    refund_id = _id(said["refund_id"])
    return MoneyBack(event_id, type_, subject, figure, reference, refund_id, said["failure"], told_at)


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)


def _said(instant: datetime | None) -> str | None:
    return None if instant is None else rfc3339(instant)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
