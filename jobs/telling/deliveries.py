"""The rows that an event becomes: a notification to read for each person, and a delivery for each address.

Words are chosen here, once, in the person's language (the merchant's, if none was chosen), with times of the merchant's
zone, said as such; what is sent later is what is written here. The instants themselves go along as data.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from merchant_api.alerts.hears import REQUESTED, WITHDRAWN, Telling, tag
from merchant_api.alerts.models import Device, DeviceKind, Notification
from merchant_api.core import clock
from merchant_api.core.ids import new_id
from merchant_api.outbox.models import AddressKind, Audience, Delivery, DeliveryState, Event
from notifications.payload import data_for
from notifications.wording import Wording, word


@dataclass(frozen=True, slots=True)
class Reader:
    """A person who is told, with the language chosen, if any, and the devices."""

    person_id: UUID
    locale: str | None
    devices: list[Device]


@dataclass(frozen=True, slots=True)
class Letter:
    """What deliveries say, and to which event and notification they belong; the message is of the medium's shape.

    `is_urgent` as of the delivery.
    """

    event: Event
    type: str
    notification_id: UUID | None
    message: dict[str, Any]
    expires_at: datetime
    is_urgent: bool


@dataclass(frozen=True, slots=True)
class To:
    """An address, and who reads there, if anybody does."""

    kind: AddressKind
    id: str
    person_id: UUID | None = None
    audience: Audience | None = None


def to_device(device: Device, audience: Audience) -> To:
    """The address of a person's device."""
    kind = AddressKind.WEB_PUSH if device.kind is DeviceKind.WEB_PUSH else AddressKind.FCM
    return To(kind, device.installation, device.person_id, audience)


def tell(event: Event, telling: Telling, reader: Reader) -> list[Notification | Delivery]:
    """The rows by which a reader is told of an event."""
    wording = worded(event, telling.audience, reader.locale)
    data = data_for(event.type, telling.audience.value, event.payload) | {"merchant_id": str(event.merchant_id)}
    notification = _notification(event, telling, reader, wording, data)
    message = {
        "type": event.type,
        "tag": tag(event.type, event.id, event.order_id, event.payload.get("state")),
        "title": wording.title,
        "body": wording.body,
        "data": data | {"notification_id": str(notification.id)},
        "is_silent": False,
    }
    letter = Letter(event, event.type, notification.id, message, telling.expires_at, telling.is_urgent)
    return [notification, *(delivery(letter, to_device(each, telling.audience)) for each in reader.devices)]


def take_back(event: Event, devices: list[Device], expires_at: datetime) -> list[Delivery]:
    """Silent deliveries that take the notification of a request off the devices that showed it."""
    message = {
        "type": WITHDRAWN,
        "tag": tag(REQUESTED, event.id, event.order_id),
        "title": "",
        "body": "",
        "data": {"audience": Audience.MERCHANT.value, "merchant_id": str(event.merchant_id)},
        "is_silent": True,
    }
    letter = Letter(event, WITHDRAWN, None, message, expires_at, is_urgent=True)
    return [delivery(letter, to_device(each, Audience.MERCHANT)) for each in devices]


def worded(event: Event, audience: Audience, locale: str | None) -> Wording:
    """The words for a reader."""
    payload = event.payload
    return word(
        event.type,
        audience.value,
        payload,
        locale=locale or payload.get("merchant_locale") or "en",
        time_zone=payload.get("merchant_time_zone") or "UTC",
    )


def _notification(
    event: Event, telling: Telling, reader: Reader, wording: Wording, data: dict[str, str]
) -> Notification:
    return Notification(
        merchant_id=event.merchant_id,
        id=new_id(),
        person_id=reader.person_id,
        event_id=event.id,
        type=event.type,
        order_id=event.order_id,
        title=wording.title,
        body=wording.body,
        data=data,
        created_at=clock.now(),
        expires_at=telling.expires_at,
        seen_at=None,
    )


def delivery(letter: Letter, to: To) -> Delivery:
    """The row by which a letter goes to one address, at once."""
    instant = clock.now()
    return Delivery(
        merchant_id=letter.event.merchant_id,
        id=new_id(),
        event_id=letter.event.id,
        event_type=letter.type,
        order_id=letter.event.order_id,
        notification_id=letter.notification_id,
        medium=to.kind.medium,
        address_kind=to.kind,
        address_id=to.id,
        person_id=to.person_id,
        audience=to.audience,
        message=letter.message,
        is_urgent=letter.is_urgent,
        state=DeliveryState.PENDING,
        due_at=instant,
        expires_at=letter.expires_at,
        lease_token=None,
        attempts=0,
        created_at=instant,
        ended_at=None,
    )
