"""Tables of money: what came, and what went back.

Their states are written by `payment_moves.py` and `refund_moves.py`, under the lock of the order.
"""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.core.columns import Amount, Id, Instant, Words, one_of
from merchant_api.core.db import Model
from merchant_api.core.money import Money
from merchant_api.orders.models import ORDER
from merchant_api.orders.states import ParkedReason, PaymentState, RefundState
from merchant_api.outbox.models import Leased


class Payment(Model):
    """Money that moved, as it was reported (a trigger keeps that): counted, or parked with the reason why.

    `refunded` is what of it was given back, all of it once it is `refunded`; `disputed` what of it the customer's bank
    took back, or takes; `parked_reason` is null for money that
    counts or counted. `provider_reference` and `provider_amount` are the provider's own name and figure for it;
    `total_back` is its newest running total of refunds, and `total_told_at` the instant of that.
    """

    __tablename__ = "payments"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        UniqueConstraint("merchant_id", "reference"),
        ForeignKeyConstraint(*ORDER),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("refunded BETWEEN 0 AND amount", name="refunded"),
        CheckConstraint(
            "state = 'disputed' OR (state = 'refunded') = (refunded = amount)", name="ends_when_all_is_refunded"
        ),
        CheckConstraint("disputed BETWEEN 0 AND amount", name="disputed"),
        CheckConstraint("(state = 'disputed') = (disputed > 0)", name="is_disputed"),
        CheckConstraint("state <> 'parked' OR parked_reason IS NOT NULL", name="says_why"),
        Index(None, "merchant_id", "order_id"),
        Index(
            "ix_payments_provider",
            "merchant_id",
            "provider_id",
            "provider_reference",
            postgresql_where=text("provider_id IS NOT NULL"),
        ),
    )

    merchant_id: Mapped[Id]
    id: Mapped[Id]
    order_id: Mapped[Id]
    state: Mapped[PaymentState] = mapped_column(one_of(PaymentState, "state"))
    amount: Mapped[Amount]
    currency: Mapped[Words]
    reference: Mapped[Words]
    paid_at: Mapped[Instant]
    received_at: Mapped[Instant]
    recorded_by: Mapped[dict[str, str]] = mapped_column(JSONB)
    parked_reason: Mapped[ParkedReason | None] = mapped_column(one_of(ParkedReason, "parked_reason"))
    refunded: Mapped[Amount] = mapped_column(server_default="0")
    disputed: Mapped[Amount] = mapped_column(server_default="0")
    provider_id: Mapped[Id | None]
    provider_reference: Mapped[Words | None]
    provider_amount: Mapped[Amount | None]
    total_back: Mapped[Amount | None]
    total_told_at: Mapped[Instant | None]

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.amount, self.currency)

    @property
    def refunded_money(self) -> Money:
        """What of it was given back."""
        return Money(self.refunded, self.currency)

    @property
    def disputed_money(self) -> Money:
        """What of it the customer's bank took back, or takes."""
        return Money(self.disputed, self.currency)

    @property
    def left(self) -> int:
        """What of it is still here: neither given back nor taken back."""
        return max(0, self.amount - self.refunded - self.disputed)

    @property
    def taken(self) -> int:
        """What the bank has of it that was not given back besides."""
        return min(self.disputed, self.amount - self.refunded)


class Refund(Leased):
    """Money of one payment on its way back, in its minor units: who said so, when, how much, and what came of it.

    Rows are only added, and what they say stays (triggers); state, lease, answer and the provider's name for it move.
    `provider_id` is the provider that carries it out or told of it, null where somebody gave the money back by hand.
    `round` counts how often a person let it be tried again: each round is a new wish to the provider.
    """

    __tablename__ = "refunds"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        UniqueConstraint("merchant_id", "reference"),
        ForeignKeyConstraint(["merchant_id", "payment_id"], ["payments.merchant_id", "payments.id"]),
        ForeignKeyConstraint(*ORDER),
        CheckConstraint("amount > 0", name="amount"),
        Index(None, "merchant_id", "order_id"),
        Index(None, "merchant_id", "payment_id"),
        Index("ix_refunds_due", "merchant_id", "due_at", postgresql_where=text("state = 'pending'")),
        Index("ix_refunds_failed", "merchant_id", "id", postgresql_where=text("state = 'failed'")),
        Index(
            "uq_refunds_provider_reference",
            "merchant_id",
            "provider_id",
            "provider_reference",
            unique=True,
            postgresql_where=text("provider_reference IS NOT NULL"),
        ),
    )

    payment_id: Mapped[Id]
    order_id: Mapped[Id]
    amount: Mapped[Amount]
    state: Mapped[RefundState] = mapped_column(one_of(RefundState, "state"))
    reference: Mapped[Words | None]
    provider_id: Mapped[Id | None]
    provider_reference: Mapped[Words | None]
    note: Mapped[Words | None]
    actor: Mapped[dict[str, str]] = mapped_column(JSONB)
    made_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    round: Mapped[int]
    answer: Mapped[Words | None]
