"""Tables of orders. `orders.state` has one writer, `orders/move.py`, from placing to the end."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.accounts.models import Terms
from merchant_api.catalog.models import Fulfilment
from merchant_api.core.columns import LARGEST_QUANTITY, Amount, Document, Id, Instant, Quantity, Words, one_of
from merchant_api.core.db import Model
from merchant_api.core.sentences.sentence import Sentence
from merchant_api.orders.states import Cause, OriginKind, State, Step, Verdict
from merchant_api.orders.sums_models import MAY_OWE, Sums
from merchant_api.shop.mode import Mode

MOST_LINES = 100  # of an order, or in a cart
MOST_GUESTS = 500  # of a line, or in a cart
ORDER = (["merchant_id", "order_id"], ["orders.merchant_id", "orders.id"])


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an order came from; of a channel its id, and the id that the order has there."""

    kind: OriginKind = OriginKind.API
    channel_id: UUID | None = None
    external_id: str | None = None


class Order(Sums):
    """One customer's order from one merchant, with its sums of money; deadlines are absolute instants.

    `seq` counts its history rows. `origin_kind`, `channel_id` and `external_id` say where it came from; a channel's
    order is taken once. `cancel_respond_by` is set while a customer's wish to cancel waits for an answer.
    `reason` is why it ended, in anybody's words; `cause` is the same where it is a word of ours, null where somebody
    typed it.
    """

    __tablename__ = "orders"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        UniqueConstraint("merchant_id", "code"),
        ForeignKeyConstraint(["merchant_id", "customer_id"], ["customers.merchant_id", "customers.person_id"]),
        CheckConstraint("state <> 'requested' OR respond_by IS NOT NULL", name="request_has_deadline"),
        CheckConstraint("state <> 'awaiting_payment' OR pay_by IS NOT NULL", name="payment_has_deadline"),
        CheckConstraint("returned_value >= 0 AND refunded >= 0", name="money_back"),
        CheckConstraint("disputed >= 0 AND (disputes > 0 OR (disputes = 0 AND disputed = 0))", name="disputed"),
        CheckConstraint("parked_sum >= 0 AND (parked > 0 OR parked_sum = 0)", name="parked_sum"),
        CheckConstraint(
            "cancel_respond_by IS NULL OR (state = 'confirmed' AND cancel_asked_at IS NOT NULL)", name="cancel_asked"
        ),
        CheckConstraint(
            "(origin_kind = 'channel') = (channel_id IS NOT NULL) AND (channel_id IS NULL) = (external_id IS NULL)",
            name="origin",
        ),
        Index(None, "merchant_id", "customer_id", "id"),
        Index(
            "uq_orders_external",
            "merchant_id",
            "channel_id",
            "external_id",
            unique=True,
            postgresql_where=text("external_id IS NOT NULL"),
        ),
        Index(None, "customer_id", "id"),
        Index(
            "ix_orders_open",
            "merchant_id",
            "customer_id",
            postgresql_where=text("state IN ('requested', 'awaiting_payment', 'confirmed', 'picked_up')"),
        ),
        Index("ix_orders_requested", "merchant_id", "respond_by", postgresql_where=text("state = 'requested'")),
        Index(
            "ix_orders_awaiting_payment", "merchant_id", "sweep_at", postgresql_where=text("state = 'awaiting_payment'")
        ),
        Index(
            "ix_orders_pickup_due",
            "merchant_id",
            "pickup_due_at",
            postgresql_where=text("state = 'confirmed' AND pickup_due_at IS NOT NULL"),
        ),
        Index("ix_orders_owing", "merchant_id", "id", postgresql_where=text(MAY_OWE)),
        Index(
            "ix_orders_cancel_asked",
            "merchant_id",
            "cancel_respond_by",
            postgresql_where=text("cancel_respond_by IS NOT NULL"),
        ),
    )

    merchant_id: Mapped[Id]
    id: Mapped[Id]
    code: Mapped[Words]
    seq: Mapped[int]
    mode: Mapped[Mode] = mapped_column(one_of(Mode, "mode"))
    customer_id: Mapped[Id]
    customer_name: Mapped[Words]
    placed_by: Mapped[dict[str, str]] = mapped_column(JSONB)
    payment_terms: Mapped[Terms] = mapped_column(one_of(Terms, "payment_terms"))
    note: Mapped[Words | None]
    deliver_to: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    placed_at: Mapped[Instant]
    respond_by: Mapped[Instant | None]
    pay_by: Mapped[Instant | None]
    sweep_at: Mapped[Instant | None]
    answered_at: Mapped[Instant | None]
    answered_by: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    answer_note: Mapped[Words | None]
    confirmed_at: Mapped[Instant | None]
    cancel_by: Mapped[Instant | None]
    ready_at: Mapped[Instant | None]
    pickup_due_at: Mapped[Instant | None]
    pickup_asked_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]
    reason: Mapped[Words | None]
    cause: Mapped[Cause | None] = mapped_column(one_of(Cause, "cause"))
    cancel_asked_at: Mapped[Instant | None]
    cancel_respond_by: Mapped[Instant | None]
    origin_kind: Mapped[OriginKind] = mapped_column(one_of(OriginKind, "origin_kind"), server_default="api")
    channel_id: Mapped[Id | None]
    external_id: Mapped[Words | None]

    @property
    def origin(self) -> Origin:
        """Where it came from."""
        return Origin(self.origin_kind, self.channel_id, self.external_id)

    @property
    def cancel_requested(self) -> bool:
        """Whether the customer asked to cancel and nobody has answered yet."""
        return self.cancel_respond_by is not None


class OrderLine(Model):
    """One product of an order, as it was when it was placed: name, price, verdict and how it is fulfilled.

    `cancelled` and `returned` are units of `quantity` that it lost since. `guests` are the names of those who come
    beside the customer, null where the line is no registration. Why it got its verdict is kept as a sentence's code and
    figures.
    """

    __tablename__ = "order_lines"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "order_id", "line"),
        ForeignKeyConstraint(*ORDER),
        ForeignKeyConstraint(["merchant_id", "product_id"], ["products.merchant_id", "products.id"]),
        CheckConstraint(f"quantity BETWEEN 1 AND {LARGEST_QUANTITY}", name="quantity"),
        Index(None, "merchant_id", "product_id", "order_id", "line"),
        CheckConstraint("promised >= 0", name="promised"),
        CheckConstraint("cancelled >= 0 AND returned >= 0 AND cancelled + returned <= quantity", name="gone"),
    )

    merchant_id: Mapped[Id]
    order_id: Mapped[Id]
    line: Mapped[int]
    product_id: Mapped[Id]
    sku: Mapped[Words]
    name: Mapped[Words]
    quantity: Mapped[Quantity]
    unit_price: Mapped[Amount]
    fulfilment: Mapped[Fulfilment] = mapped_column(one_of(Fulfilment, "fulfilment"))
    is_tracked: Mapped[bool]
    location_id: Mapped[Id | None]
    grade_id: Mapped[Id | None]
    verdict: Mapped[Verdict] = mapped_column(one_of(Verdict, "verdict"))
    verdict_code: Mapped[Words]
    verdict_figures: Mapped[Document]
    promised: Mapped[Quantity]
    cancelled: Mapped[Quantity] = mapped_column(server_default="0")
    returned: Mapped[Quantity] = mapped_column(server_default="0")
    guests: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))

    @property
    def verdict_reason(self) -> Sentence:
        """Why it got its verdict."""
        return Sentence(self.verdict_code, self.verdict_figures)

    @property
    def kept(self) -> int:
        """Units that were not cancelled."""
        return self.quantity - self.cancelled

    @property
    def choice(self) -> tuple[UUID, UUID | None, UUID | None]:
        """Its product, and the location and grade that it names."""
        return (self.product_id, self.location_id, self.grade_id)


class OrderHistory(Model):
    """One move of an order: the state entered, the step, who, when, and what they said. Append-only by trigger."""

    __tablename__ = "order_history"
    __table_args__ = (PrimaryKeyConstraint("merchant_id", "order_id", "seq"), ForeignKeyConstraint(*ORDER))

    merchant_id: Mapped[Id]
    order_id: Mapped[Id]
    seq: Mapped[int]
    state: Mapped[State] = mapped_column(one_of(State, "state"))
    step: Mapped[Step] = mapped_column(one_of(Step, "step"))
    actor: Mapped[dict[str, str]] = mapped_column(JSONB)
    note: Mapped[Words | None]
    happened_at: Mapped[Instant]


class Registration(Model):
    """A person registered for a product; the row goes when the order ends undelivered, so nobody registers twice."""

    __tablename__ = "registrations"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "product_id", "person_id"),
        ForeignKeyConstraint(*ORDER),
        Index(None, "merchant_id", "order_id"),
    )

    merchant_id: Mapped[Id]
    product_id: Mapped[Id]
    person_id: Mapped[Id]
    order_id: Mapped[Id]
