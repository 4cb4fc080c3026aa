"""What providers tell, in our words: money came in or went back, a bank disputes it, or it is not about money; pure.

Amounts are in our minor units; `provider_amount` is the provider's own figure. Where the provider's figure is no whole
number of our units `is_exact` is false, and the amount is what it is rounded down: nothing is lost, and nothing counts.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from merchant_api.core.money import Money
from merchant_api.orders.states import DisputeState


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount as the provider states it, and what it is in our minor units."""

    money: Money
    provider_amount: int
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class PaymentSucceeded:
    """A payment succeeded. `reference` is the provider's name for it.

    The order is named by its id, or by the reference by which the merchant had it placed as prepaid (`named`). Where
    neither is said, `hint` may be an order's id or code; it may as well be anything else that the merchant wrote there.
    """

    event_id: str
    type: str
    reference: str
    figure: Figure
    paid_at: datetime
    order_id: UUID | None = None
    named: str | None = None
    hint: str | None = None

    @property
    def subject(self) -> str:
        """The payment that it is about."""
        return self.reference


@dataclass(frozen=True, slots=True)
class MoneyBack:
    """A refund of a payment succeeded, or failed (also after it had succeeded). `refund_id` is ours, if we asked.

    `told_at` is the provider's instant, where it says one.
    """

    event_id: str
    type: str
    subject: str
    figure: Figure
    reference: str
    refund_id: UUID | None = None
    failure: str | None = None
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RefundedInAll:
    """So much of a payment went back up to an instant, whatever the refunds were; `reference` is who says so."""

    event_id: str
    type: str
    subject: str
    figure: Figure
    reference: str
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Disputed:
    """The customer's bank disputes a payment, or has decided; `reference` is the provider's name for the dispute."""

    event_id: str
    type: str
    subject: str
    figure: Figure
    reference: str
    state: DisputeState
    reason: str | None
    answer_by: datetime | None
    opened_at: datetime
    told_at: datetime


@dataclass(frozen=True, slots=True)
class Other:
    """Something that changes nothing here."""

    event_id: str
    type: str


Happened = PaymentSucceeded | MoneyBack | RefundedInAll | Disputed
