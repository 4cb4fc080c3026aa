"""The desk of pushes: members before customers, devices as they are now, nothing that a newer push has overtaken."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from sqlalchemy import Text, and_, cast

from jobs.sending.cargo import Round
from jobs.sending.desk import Packed
from jobs.sending.lanes import Lanes
from jobs.sending.push_parcel import PushParcel
from jobs.sending.widths import lanes_of
from merchant_api.alerts import audience, devices
from merchant_api.alerts.models import Device
from merchant_api.core.db import session
from merchant_api.core.log import log
from merchant_api.core.seal import Unsealable
from merchant_api.outbox.models import Audience, Delivery, DeliveryState, Medium
from merchant_api.outbox.overtaken import overtaken
from notifications.send import Senders

_log = log(__name__)


class PushDesk:
    """The desk of one process. `say` prints what no sender took."""

    medium = Medium.PUSH
    passed_over = ("person", "device")

    def __init__(self, senders: Senders, say: Callable[[str], None]) -> None:
        self._senders = senders
        self._say = say

    def rounds(self, lanes: Lanes) -> list[Round]:
        """Members first, and nobody whose lane is full: what cannot set out must not stand before a ring."""
        person = cast(Delivery.person_id, Text)
        is_reachable = and_(
            Delivery.medium == Medium.PUSH,
            person.not_in(lanes.full("person")),
            (person + ":" + Delivery.address_id).not_in(lanes.full("device")),
        )
        return [
            Round((Delivery.audience == each, is_reachable), partial(lanes_of, audience=each))
            for each in (Audience.MERCHANT, Audience.CUSTOMER)
        ]

    def pack(self, deliveries: Sequence[Delivery]) -> Packed:
        """Read the devices and names of all the people at once; what a newer push has overtaken is late."""
        late = overtaken(deliveries)
        in_time = [each for each in deliveries if each.id not in late]
        readers = _readers({each.person_id for each in in_time if each.person_id})
        ready: list[PushParcel] = []
        untried: dict[DeliveryState, list[Delivery]] = defaultdict(list)
        untried[DeliveryState.EXPIRED] = [each for each in deliveries if each.id in late]
        for each in in_time:
            reader = readers.get((each.person_id, each.address_id))
            packed = DeliveryState.GONE if reader is None else self._packed(each, *reader)
            if isinstance(packed, PushParcel):
                ready.append(packed)
            else:
                untried[packed].append(each)
        return Packed(ready, untried)

    def _packed(self, delivery: Delivery, device: Device, name: str) -> PushParcel | DeliveryState:
        """The delivery made ready, or the state in which it ends."""
        try:
            target = devices.opened(device)
        except Unsealable:
            _log.error("push.alarm", why="an address cannot be opened: is a key missing?", delivery=str(delivery.id))
            return DeliveryState.REFUSED
        return PushParcel(delivery, device, target, self._senders, self._say, name)


def _readers(people: set[UUID]) -> dict[tuple[UUID | None, str], tuple[Device, str]]:
    """The devices of people with the name of who reads there, by person and installation."""
    if not people:
        return {}
    names = audience.names_of(people)
    found = [device for some in audience.devices_of(people).values() for device in some]
    for device in found:
        session().expunge(device)  # as it is now: whether it was registered anew is asked by its version
    return {(each.person_id, each.installation): (each, names.get(each.person_id, "")) for each in found}
