"""Tables of orders. `orders.state` has one writer, `orders/move.py` (and placing, which writes the first one)."""

from typing import Any

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
from merchant_api.core.columns import LARGEST_QUANTITY, Amount, Id, Instant, Quantity, Words, one_of
from merchant_api.core.db import Model
from merchant_api.core.money import Money
from merchant_api.orders.states import ENDED_UNDELIVERED, PaymentState, State, Step, Verdict

ORDER = (["merchant_id", "order_id"], ["orders.merchant_id", "orders.id"])


class Order(Model):
    """One customer's order from one merchant. Money is minor units of `currency`; deadlines are absolute instants.

    `seq` counts its history rows; `paid` is the money that counts, `parked` the number of payments that wait for a
    decision.
    """

    __tablename__ = "orders"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        UniqueConstraint("merchant_id", "code"),
        ForeignKeyConstraint(["merchant_id", "customer_id"], ["customers.merchant_id", "customers.person_id"]),
        CheckConstraint("state <> 'requested' OR respond_by IS NOT NULL", name="request_has_deadline"),
        CheckConstraint("state <> 'awaiting_payment' OR pay_by IS NOT NULL", name="payment_has_deadline"),
        Index(None, "merchant_id", "customer_id", "id"),
        Index(None, "customer_id", "id"),
        Index(
            "ix_orders_unpaid",
            "merchant_id",
            "customer_id",
            postgresql_where=text("state IN ('requested', 'awaiting_payment')"),
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
    )

    merchant_id: Mapped[Id]
    id: Mapped[Id]
    code: Mapped[Words]
    state: Mapped[State] = mapped_column(one_of(State, "state"))
    seq: Mapped[int]
    mode: Mapped[Words]
    customer_id: Mapped[Id]
    customer_name: Mapped[Words]
    placed_by: Mapped[dict[str, str]] = mapped_column(JSONB)
    payment_terms: Mapped[Terms] = mapped_column(one_of(Terms, "payment_terms"))
    currency: Mapped[Words]
    total: Mapped[Amount]
    paid: Mapped[Amount]
    parked: Mapped[int]
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

    @property
    def total_money(self) -> Money:
        """The order's total."""
        return Money(self.total, self.currency)

    @property
    def paid_money(self) -> Money:
        """The money that counts as paid."""
        return Money(self.paid, self.currency)

    @property
    def refund_due(self) -> bool:
        """Whether it ended undelivered with money taken."""
        return self.state in ENDED_UNDELIVERED and (self.paid > 0 or self.parked > 0)


class OrderLine(Model):
    """One product of an order, as it was when it was placed: name, price, verdict and how it is fulfilled."""

    __tablename__ = "order_lines"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "order_id", "line"),
        ForeignKeyConstraint(*ORDER),
        ForeignKeyConstraint(["merchant_id", "product_id"], ["products.merchant_id", "products.id"]),
        CheckConstraint(f"quantity BETWEEN 1 AND {LARGEST_QUANTITY}", name="quantity"),
        CheckConstraint("promised >= 0", name="promised"),
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
    verdict_reason: Mapped[Words]
    promised: Mapped[Quantity]


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


class Payment(Model):
    """Money that moved, as it was reported: counted for the order, or parked with the reason why."""

    __tablename__ = "payments"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        UniqueConstraint("merchant_id", "reference"),
        ForeignKeyConstraint(*ORDER),
        CheckConstraint("amount > 0", name="amount"),
        Index(None, "merchant_id", "order_id"),
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
    parked_reason: Mapped[Words | None]

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.amount, self.currency)
