"""One leased delivery made ready to send, and what its outcome means for it: no database, no network."""

import random
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import UUID

from jobs.sending.lanes import CUSTOMERS, SAME_TAG, Lane
from merchant_api.alerts.devices import Target
from merchant_api.alerts.models import Device, DeviceKind
from merchant_api.core import clock
from merchant_api.outbox import retry
from merchant_api.outbox.finish import Answer
from merchant_api.outbox.models import Audience, Delivery, DeliveryState
from notifications.message import Address, Message
from notifications.outcome import Gone, Later, Outcome, Refused, Sent

LOGGED = Sent("log")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery, the device as it was when it was leased, how it is reached, and who reads it."""

    delivery: Delivery
    device: Device
    target: Target = field(repr=False)
    reader: str = ""

    @property
    def address(self) -> Address:
        """For the senders."""
        to = self.target
        return Address(to.kind.value, to.address, to.p256dh, to.auth)

    @property
    def message(self) -> Message:
        """For the senders; what is left of its time is counted now."""
        left_s = (self.delivery.expires_at - clock.now()).total_seconds()
        return Message(id=str(self.delivery.id), ttl_s=max(0, int(left_s)), **self.delivery.message)

    @property
    def lanes(self) -> list[Lane]:
        """Where it counts while it is on its way."""
        delivery = self.delivery
        device = f"{delivery.person_id}:{delivery.address_id}"
        found = [
            *lanes_of(delivery.merchant_id, delivery.audience),
            ("person", str(delivery.person_id)),
            ("device", device),
            (SAME_TAG, f"{device}:{delivery.message['tag']}"),
            ("medium", delivery.address_kind),
        ]
        if self.target.kind is DeviceKind.WEB_PUSH:
            found.append(("host", f"{delivery.audience}:{urlsplit(self.target.address).netloc}"))
        return found


def lanes_of(merchant_id: UUID, audience: Audience | None) -> list[Lane]:
    """The lanes that what a merchant has to say to an audience must find room in."""
    if audience is Audience.MERCHANT:
        return [("merchant", str(merchant_id))]
    return [("shopper", str(merchant_id)), CUSTOMERS]


def then(delivery: Delivery, outcome: Outcome) -> retry.Next:
    """What becomes of the delivery."""
    at = clock.now()
    match outcome:
        case Sent():
            return retry.Next(DeliveryState.SENT, at)
        case Gone():
            return retry.Next(DeliveryState.GONE, at)
        case Refused():
            return retry.Next(DeliveryState.REFUSED, at)
        case Later(after_s=stated_s):
            return retry.after(retry.Tried(delivery.attempts, at, delivery.expires_at, stated_s), random.random())


def answer(outcome: Outcome) -> Answer:
    """What is kept of the attempt."""
    words = outcome.reference if isinstance(outcome, Sent) else outcome.why
    return Answer(type(outcome).__name__.lower(), words)


def line(parcel: Parcel) -> str:
    """The message as one line for people, where no sender is set up; it names the reader and no address."""
    message, delivery = parcel.message, parcel.delivery
    words = "takes the notification back" if message.is_silent else f"{message.title}: {message.body}"
    actions = message.data.get("actions", "").replace(",", "|")
    offered = f" [{actions}]" if actions else ""
    who = f"{parcel.reader or 'somebody'} ({message.data.get('audience', '')}, {delivery.address_id})"
    return " ".join(f"[push] to {who}: {words}{offered}".split())
