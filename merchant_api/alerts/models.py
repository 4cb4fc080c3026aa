"""Tables of people's devices (keyed by person) and notifications (rows of a merchant, read by their person)."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from merchant_api.core.columns import Blob, Document, Id, Instant, Words, one_of
from merchant_api.core.db import Model


class DeviceKind(StrEnum):
    """How a device is reached; the kind is stored with the address."""

    FCM_FID = "fcm_fid"
    FCM_TOKEN = "fcm_token"  # noqa: S105 - the name of a kind, no secret
    WEB_PUSH = "web_push"


class Device(Model):
    """One installation of the app or one browser of a person; its address is sealed, and found by its digest.

    It is rung as long as the sign-in that registered it last lives (none: registered for the person, not by him).
    """

    __tablename__ = "devices"
    __table_args__ = (PrimaryKeyConstraint("person_id", "installation"), UniqueConstraint("address_hash"))

    person_id: Mapped[Id] = mapped_column(ForeignKey("people.id"))
    installation: Mapped[Words]
    sign_in_id: Mapped[Id | None]  # no foreign key: the sign-in is forgotten some time after it ended
    kind: Mapped[DeviceKind] = mapped_column(one_of(DeviceKind, "kind"))
    address_hash: Mapped[Blob]
    sealed_address: Mapped[Blob]
    version: Mapped[int]
    created_at: Mapped[Instant]
    refreshed_at: Mapped[Instant]


class Notification(Model):
    """What a person was told of a merchant's order, readable in the app; `seen_at` is the receipt from the app.

    `data` are what an app needs to act, instants among them; none in rows from before there were any.
    """

    __tablename__ = "notifications"
    __table_args__ = (PrimaryKeyConstraint("merchant_id", "id"), Index(None, "person_id", "id"))

    merchant_id: Mapped[Id]
    id: Mapped[Id]
    person_id: Mapped[Id]
    event_id: Mapped[Id]
    type: Mapped[Words]
    order_id: Mapped[Id | None]
    title: Mapped[Words]
    body: Mapped[Words]
    data: Mapped[Document]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant | None]
    seen_at: Mapped[Instant | None]


class InstallationKey(Model):
    """A key that this installation made for itself at first start (VAPID), sealed."""

    __tablename__ = "installation_keys"
    __table_args__ = (PrimaryKeyConstraint("name"),)

    name: Mapped[Words]
    sealed: Mapped[Blob]
    public: Mapped[Words]
    created_at: Mapped[Instant]
