"""Tables of payment providers and of the events that they sent. Secrets lie sealed, bound to merchant and row."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.core.columns import Blob, Document, Id, Instant, Words, one_of
from merchant_api.core.db import Model
from merchant_api.core.money import Money
from merchant_api.providers.states import ProviderEventState, ProviderKind


class PaymentProvider(Model):
    """A way by which a merchant's customers pay. One that has ended keeps its row, for what came through it, and no
    secrets.
    """

    __tablename__ = "payment_providers"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        CheckConstraint("(ended_at IS NULL) = (sealed_secrets IS NOT NULL)", name="has_secrets_until_it_ends"),
        CheckConstraint("ended_at IS NULL OR sealed_api_key IS NULL", name="forgets_its_key"),
    )

    merchant_id: Mapped[Id] = mapped_column(ForeignKey("merchants.id"))
    id: Mapped[Id]
    kind: Mapped[ProviderKind] = mapped_column(one_of(ProviderKind, "kind"))
    name: Mapped[Words]
    sealed_secrets: Mapped[Blob | None]
    sealed_api_key: Mapped[Blob | None]
    created_by: Mapped[dict[str, str]] = mapped_column(JSONB)
    created_at: Mapped[Instant]
    changed_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]

    @property
    def has_api_key(self) -> bool:
        """Whether its API can be called."""
        return self.sealed_api_key is not None


class PaymentEvent(Model):
    """An event of a provider: what it said of money, once, and what became of it.

    `subject` is the payment that it is about, by the provider's name; `reason` is why it waits, or does not fit.
    """

    __tablename__ = "payment_events"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        UniqueConstraint("merchant_id", "provider_id", "event_id"),
        ForeignKeyConstraint(["merchant_id", "provider_id"], ["payment_providers.merchant_id", "payment_providers.id"]),
        CheckConstraint("(state = 'applied') = (payment_id IS NOT NULL)", name="applied_to_a_payment"),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ends_when_it_waits_no_more"),
        Index("ix_payment_events_due", "merchant_id", "due_at", postgresql_where=sql("state = 'waiting'")),
        Index(
            "ix_payment_events_open",
            "merchant_id",
            "provider_id",
            "subject",
            postgresql_where=sql("state <> 'applied'"),
        ),
    )

    merchant_id: Mapped[Id]
    id: Mapped[Id]
    provider_id: Mapped[Id]
    event_id: Mapped[Words]
    type: Mapped[Words]
    subject: Mapped[Words]
    facts: Mapped[Document]
    state: Mapped[ProviderEventState] = mapped_column(one_of(ProviderEventState, "state"))
    reason: Mapped[Words | None]
    payment_id: Mapped[Id | None]
    received_at: Mapped[Instant]
    due_at: Mapped[Instant]
    attempts: Mapped[int]
    ended_at: Mapped[Instant | None]

    @property
    def money(self) -> Money:
        """The money that it tells of, in our minor units."""
        return Money(self.facts["amount"], self.facts["currency"])

    @property
    def order_id(self) -> str | None:
        """The order that it names, if it names one by its id."""
        named: str | None = self.facts.get("order_id")
        return named

    @property
    def next_try_at(self) -> datetime | None:
        """When it is looked at again by itself."""
        return self.due_at if self.state is ProviderEventState.WAITING else None
