"""Put addresses on leased deliveries: the devices they go to, opened, as they are now."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from jobs.sending.outgoing import Parcel
from merchant_api.alerts import audience, devices
from merchant_api.alerts.models import Device
from merchant_api.core.db import session
from merchant_api.core.log import log
from merchant_api.core.seal import Unsealable
from merchant_api.outbox.models import Delivery

_log = log(__name__)


@dataclass(frozen=True, slots=True)
class Addressed:
    """What can be sent, what has no device any more, and what has an address that our keys do not open."""

    ready: list[Parcel] = field(default_factory=list)
    gone: list[Delivery] = field(default_factory=list)
    unreadable: list[Delivery] = field(default_factory=list)


def address(deliveries: Sequence[Delivery]) -> Addressed:
    """Read the devices and names of all the people at once."""
    sorted_out = Addressed()
    people = {delivery.person_id for delivery in deliveries if delivery.person_id}
    if not people:
        return sorted_out
    names = audience.names_of(people)
    known: dict[tuple[UUID | None, str], Device] = {
        (each.person_id, each.installation): each for some in audience.devices_of(people).values() for each in some
    }
    for each in known.values():
        session().expunge(each)  # as it is now: whether it was registered anew is asked by its version
    for delivery in deliveries:
        device = known.get((delivery.person_id, delivery.address_id))
        _sort(sorted_out, delivery, device, names.get(delivery.person_id, "") if delivery.person_id else "")
    return sorted_out


def _sort(sorted_out: Addressed, delivery: Delivery, device: Device | None, name: str) -> None:
    if device is None:
        sorted_out.gone.append(delivery)
        return
    try:
        sorted_out.ready.append(Parcel(delivery, device, devices.opened(device), name))
    except Unsealable:
        _log.error("push.alarm", why="an address cannot be opened: is a key missing?", delivery=str(delivery.id))
        sorted_out.unreadable.append(delivery)
