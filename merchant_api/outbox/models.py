"""Tables of the outbox. Payloads are frozen when the event is recorded; nothing points here by foreign key."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Index, PrimaryKeyConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.core.columns import Id, Instant, Words, one_of
from merchant_api.core.db import Model


class EventState(StrEnum):
    """An event waits to be fanned out, or was; `failed` is shown to people after too many attempts."""

    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"


class DeliveryState(StrEnum):
    """A delivery waits, or came to an end."""

    PENDING = "pending"  # waits for `due_at`; leased while `lease_token` is set and `due_at` lies ahead
    SENT = "sent"  # the push service took it
    EXPIRED = "expired"  # its moment passed before it could be sent
    GONE = "gone"  # the address is dead
    REFUSED = "refused"  # our fault, or the wrong project
    FAILED = "failed"  # given up after too many attempts


class Leased(Model):
    """What is claimed under a lease while its `state` is pending (`claim.py`): `due_at` moves ahead to the lease's end.

    Such a table has a partial index `ix_<table>_due` on (merchant_id, due_at) for the state pending.
    """

    __abstract__ = True

    merchant_id: Mapped[Id]
    id: Mapped[Id]
    due_at: Mapped[Instant]
    lease_token: Mapped[Id | None]
    attempts: Mapped[int]


class Event(Leased):
    """What happened, recorded in the transaction in which it happened. `due_at` moves ahead while it is leased."""

    __tablename__ = "events"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        Index("ix_events_due", "merchant_id", "due_at", postgresql_where=text("state = 'pending'")),
    )

    type: Mapped[Words]
    order_id: Mapped[Id | None]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    happened_at: Mapped[Instant]
    state: Mapped[EventState] = mapped_column(one_of(EventState, "state"))


class Delivery(Leased):
    """An event on its way to one address of a person over one medium; `message` is frozen, without the address."""

    __tablename__ = "deliveries"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        Index("ix_deliveries_due", "merchant_id", "due_at", postgresql_where=text("state = 'pending'")),
        Index(None, "merchant_id", "order_id"),
        Index("ix_deliveries_ended", "merchant_id", "ended_at", postgresql_where=text("state <> 'pending'")),
    )

    event_id: Mapped[Id]
    event_type: Mapped[Words]
    order_id: Mapped[Id | None]
    notification_id: Mapped[Id | None]
    person_id: Mapped[Id]
    audience: Mapped[Words]
    medium: Mapped[Words]
    installation: Mapped[Words]
    message: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[DeliveryState] = mapped_column(one_of(DeliveryState, "state"))
    expires_at: Mapped[Instant]
    created_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]


class Attempt(Model):
    """One try of a delivery and the answer received."""

    __tablename__ = "attempts"
    __table_args__ = (PrimaryKeyConstraint("merchant_id", "delivery_id", "number"),)

    merchant_id: Mapped[Id]
    delivery_id: Mapped[Id]
    number: Mapped[int]
    outcome: Mapped[Words]
    answer: Mapped[Words]
    tried_at: Mapped[Instant]
