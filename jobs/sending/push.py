"""The desk of pushes: members before customers, devices as they are now, nothing that a newer push has overtaken."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Text, Uuid, bindparam, cast, func, select, tuple_

from jobs.sending.cargo import Round
from jobs.sending.desk import Packed
from jobs.sending.lanes import Lane, Lanes
from jobs.sending.push_parcel import PushParcel
from jobs.sending.widths import SAME_TAG, TELLS, lanes_of, lanes_of_push, parts_of_tag
from merchant_api.alerts import audience, devices
from merchant_api.alerts.models import Device
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.log import log
from merchant_api.core.seal import Unsealable
from merchant_api.outbox.models import Audience, Delivery, DeliveryState, Medium
from merchant_api.outbox.overtaken import beside
from notifications.send import Senders

_log = log(__name__)


class PushDesk:
    """The desk of one process; no push takes longer than its senders' deadline. `say` prints what no sender took."""

    medium = Medium.PUSH

    def __init__(self, senders: Senders, say: Callable[[str], None]) -> None:
        self._senders = senders
        self._say = say

    def rounds(self, lanes: Lanes) -> list[Round]:
        """Members first, what rings before what tells, then the oldest; nothing that finds its lane full."""
        only_rings = lanes.room(TELLS) < 1
        given = {
            **_given("person", [(name,) for name in lanes.full("person")], 1),
            **_given("device", [name.split(":", 1) for name in lanes.full("device")], 2),
            **_given(SAME_TAG, [parts_of_tag(name) for name in lanes.full(SAME_TAG)], 3),
        }
        return [
            Round(only, _LINE, partial(lanes_of, audience=each), self._senders.deadline_s, given)
            for (each, is_of_rings), only in _ONLY.items()
            if is_of_rings is only_rings
        ]

    def lanes_of(self, row: Delivery) -> list[Lane]:
        """All but the push service's."""
        return lanes_of_push(row)

    def pack(self, deliveries: Sequence[Delivery]) -> Packed:
        """Read the devices and names of all the people at once; what a newer push has overtaken is late."""
        others = beside(deliveries, clock.now())
        in_time = [each for each in deliveries if each.id not in others.overtaken | others.behind]
        readers = _readers({each.person_id for each in in_time if each.person_id})
        ready: list[PushParcel] = []
        untried: dict[DeliveryState, list[Delivery]] = defaultdict(list)
        untried[DeliveryState.EXPIRED] = [each for each in deliveries if each.id in others.overtaken]
        for each in in_time:
            reader = readers.get((each.person_id, each.address_id))
            packed = DeliveryState.GONE if reader is None else self._packed(each, *reader)
            if isinstance(packed, PushParcel):
                ready.append(packed)
            else:
                untried[packed].append(each)
        return Packed(ready, untried, [each for each in deliveries if each.id in others.behind])

    def _packed(self, delivery: Delivery, device: Device, name: str) -> PushParcel | DeliveryState:
        """The delivery made ready, or the state in which it ends."""
        try:
            target = devices.opened(device)
        except Unsealable:
            _log.error("push.alarm", why="an address cannot be opened: is a key missing?", delivery=str(delivery.id))
            return DeliveryState.REFUSED
        return PushParcel(delivery, device, target, self._senders, self._say, name)


def _listed(name: str, *kinds: Any) -> Select[Any]:
    """A hashed list to compare with, the same statement however long it is; `_given` gives what is in it."""
    parts = [f"{name}_{number}" for number in range(len(kinds))]
    arrays = [cast(bindparam(part, type_=ARRAY(kind)), ARRAY(kind)) for part, kind in zip(parts, kinds, strict=True)]
    return select(func.unnest(*arrays).table_valued(*parts, name="full").render_derived())


def _given(name: str, rows: Sequence[Sequence[str]], width: int) -> dict[str, list[str]]:
    return {f"{name}_{number}": [row[number] for row in rows] for number in range(width)}


_DEVICE = (Delivery.person_id, Delivery.address_id)
_LINE = (Delivery.is_urgent.desc(), Delivery.id)
_IS_REACHABLE = (
    Delivery.medium == Medium.PUSH,
    tuple_(Delivery.person_id).not_in(_listed("person", Uuid)),
    tuple_(*_DEVICE).not_in(_listed("device", Uuid, Text)),
    tuple_(*_DEVICE, Delivery.message["tag"].astext).not_in(_listed(SAME_TAG, Uuid, Text, Text)),
)
_ONLY = {  # by audience, and whether nothing but rings finds room
    (each, is_of_rings): (Delivery.audience == each, *_IS_REACHABLE, *((Delivery.is_urgent,) if is_of_rings else ()))
    for each in (Audience.MERCHANT, Audience.CUSTOMER)
    for is_of_rings in (False, True)
}


def _readers(people: set[UUID]) -> dict[tuple[UUID | None, str], tuple[Device, str]]:
    """The devices of people with the name of who reads there, by person and installation."""
    if not people:
        return {}
    found = audience.readers_of(people)
    for device, _ in found:
        session().expunge(device)  # as it is now: whether it was registered anew is asked by its version
    return {(each.person_id, each.installation): (each, name) for each, name in found}
