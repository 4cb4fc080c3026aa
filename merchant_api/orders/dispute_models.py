"""The table of disputes: what banks say of payments, by way of the provider. `orders/money/dispute.py` writes it."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.core.columns import Amount, Id, Instant, Words, one_of
from merchant_api.core.db import Model
from merchant_api.core.money import Money
from merchant_api.orders.models import ORDER
from merchant_api.orders.states import DisputeState


class Dispute(Model):
    """One dispute of a payment, by the provider's name for it, as the newest of its news says it.

    `amount` is minor units of the payment's currency; `told_at` the provider's instant of that news; `answer_by` until
    when the merchant can answer, at the provider.
    """

    __tablename__ = "disputes"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        UniqueConstraint("merchant_id", "provider_id", "provider_reference"),
        ForeignKeyConstraint(["merchant_id", "payment_id"], ["payments.merchant_id", "payments.id"]),
        ForeignKeyConstraint(*ORDER),
        CheckConstraint("amount > 0", name="amount"),
        Index(None, "merchant_id", "payment_id"),
        Index(None, "merchant_id", "order_id"),
    )

    merchant_id: Mapped[Id]
    id: Mapped[Id]
    payment_id: Mapped[Id]
    order_id: Mapped[Id]
    provider_id: Mapped[Id]
    provider_reference: Mapped[Words]
    state: Mapped[DisputeState] = mapped_column(one_of(DisputeState, "state"))
    amount: Mapped[Amount]
    currency: Mapped[Words]
    reason: Mapped[Words | None]
    answer_by: Mapped[Instant | None]
    opened_at: Mapped[Instant]
    told_at: Mapped[Instant]

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.amount, self.currency)
