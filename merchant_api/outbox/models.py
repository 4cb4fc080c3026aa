"""Tables of the outbox. Payloads are frozen when the event is recorded; nothing points here by foreign key.

A delivery names its address by kind and id, never by the address itself, which is looked up when it is sent: of
a device the id is the installation, beside the person whose device it is; of a receiver of webhooks its own id.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, UniqueConstraint, false, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.core.columns import Id, Instant, Words, one_of
from merchant_api.core.db import Model


class EventState(StrEnum):
    """An event waits to be fanned out, or was; `failed` is shown to people after too many attempts.

    One that is `noted` waits for those who gather what changed, and is done by them; it is never fanned out.
    """

    PENDING = "pending"
    NOTED = "noted"
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


class Audience(StrEnum):
    """Whom a message is for: every member of the merchant, or the customer of the order."""

    MERCHANT = "merchant"
    CUSTOMER = "customer"


class Medium(StrEnum):
    """How a delivery travels."""

    PUSH = "push"
    MAIL = "mail"
    WEBHOOK = "webhook"


class AddressKind(StrEnum):
    """What kind of address a delivery goes to; the medium follows from it."""

    FCM = "fcm"  # a device of a person, reached by way of Firebase
    WEB_PUSH = "web_push"  # a browser of a person
    MAIL = "mail"  # a mailbox of a person
    WEBHOOK = "webhook"  # a receiver that a merchant named; no person reads there

    @property
    def medium(self) -> Medium:
        """The medium over which such an address is reached."""
        return Medium.PUSH if self in (AddressKind.FCM, AddressKind.WEB_PUSH) else Medium(self.value)


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
        Index("ix_events_noted", "merchant_id", "due_at", postgresql_where=text("state = 'noted'")),
    )

    type: Mapped[Words]
    order_id: Mapped[Id | None]
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    happened_at: Mapped[Instant]
    state: Mapped[EventState] = mapped_column(one_of(EventState, "state"))


class Delivery(Leased):
    """An event on its way to one address over one medium; `message` is frozen, without the address.

    `is_urgent` of what rings against a deadline, or ends such a ring. `person_id` and `audience` say who reads there
    and as whom: of a webhook nobody.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        PrimaryKeyConstraint("merchant_id", "id"),
        UniqueConstraint(
            "merchant_id",
            "event_id",
            "medium",
            "person_id",
            "address_id",
            name="uq_deliveries_address",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(
            "medium = CASE WHEN address_kind IN ('fcm', 'web_push') THEN 'push' ELSE address_kind END",
            name="medium_of_its_address",
        ),
        CheckConstraint("(medium = 'webhook') = (person_id IS NULL)", name="webhooks_have_no_reader"),
        CheckConstraint("(person_id IS NULL) = (audience IS NULL)", name="a_reader_is_of_an_audience"),
        Index("ix_deliveries_due", "merchant_id", "due_at", postgresql_where=text("state = 'pending'")),
        Index(
            "ix_deliveries_in_line",
            *("merchant_id", "medium", "audience", text("is_urgent DESC"), "id"),
            postgresql_where=text("state = 'pending'"),
        ),
        Index(None, "merchant_id", "order_id"),
        Index("ix_deliveries_ended", "merchant_id", "ended_at", postgresql_where=text("state <> 'pending'")),
    )

    event_id: Mapped[Id]
    event_type: Mapped[Words]
    order_id: Mapped[Id | None]
    notification_id: Mapped[Id | None]
    medium: Mapped[Medium] = mapped_column(one_of(Medium, "medium"))
    address_kind: Mapped[AddressKind] = mapped_column(one_of(AddressKind, "address_kind"))
    address_id: Mapped[Words]
    person_id: Mapped[Id | None]
    audience: Mapped[Audience | None] = mapped_column(one_of(Audience, "audience"))
    message: Mapped[dict[str, Any]] = mapped_column(JSONB)
    is_urgent: Mapped[bool] = mapped_column(server_default=false())
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
