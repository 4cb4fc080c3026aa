"""What providers tell, in our words: money came in, money went back, or something that is not about money; pure.

Amounts are in our minor units; `provider_amount` is the provider's own figure. Where the provider's figure is no whole
number of our units `is_exact` is false, and the amount is what it is rounded down: nothing is lost, and nothing counts.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from merchant_api.core.money import Money
from merchant_api.core.schema import rfc3339


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount as the provider states it, and what it is in our minor units."""

    money: Money
    provider_amount: int
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class PaymentSucceeded:
    """A payment succeeded. `reference` is the provider's name for it.

    The order is named by its id, or by the reference by which the merchant had it placed as prepaid (`named`).
    """

    event_id: str
    type: str
    reference: str
    figure: Figure
    paid_at: datetime
    order_id: UUID | None = None
    named: str | None = None

    @property
    def subject(self) -> str:
        """The payment that it is about."""
        return self.reference


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """A refund of a payment succeeded, or failed (also after it had succeeded). `refund_id` is ours, if we asked."""

    event_id: str
    type: str
    subject: str
    figure: Figure
    reference: str
    refund_id: UUID | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Other:
    """Something that changes nothing here."""

    event_id: str
    type: str


Happened = PaymentSucceeded | MoneyBack


def facts(happened: Happened) -> dict[str, Any]:
    """What is kept of an event, as JSON: ids and figures, no people's data."""
    figure = happened.figure
    said: dict[str, Any] = {
        "amount": figure.money.amount,
        "currency": figure.money.currency,
        "provider_amount": figure.provider_amount,
        "is_exact": figure.is_exact,
        "reference": happened.reference,
    }
    if isinstance(happened, PaymentSucceeded):
        order_id = None if happened.order_id is None else str(happened.order_id)
        return said | {"paid_at": rfc3339(happened.paid_at), "order_id": order_id, "named": happened.named}
    refund_id = None if happened.refund_id is None else str(happened.refund_id)
    return said | {"subject": happened.subject, "refund_id": refund_id, "failure": happened.failure}


def from_facts(event_id: str, type_: str, said: dict[str, Any]) -> Happened:
    """The event that facts were kept of."""
    figure = Figure(Money(said["amount"], said["currency"]), said["provider_amount"], said["is_exact"])
    if "paid_at" in said:
        paid_at = datetime.fromisoformat(said["paid_at"])
        return PaymentSucceeded(
            event_id, type_, said["reference"], figure, paid_at, _id(said["order_id"]), said["named"]
        )
    return MoneyBack(
        event_id, type_, said["subject"], figure, said["reference"], _id(said["refund_id"]), said["failure"]
    )


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)
