"""The desk of pushes: members before customers, devices as they are now, nothing that a newer push has overtaken."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Text, Uuid, cast, func, select, tuple_

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
        person, device = Delivery.person_id, (Delivery.person_id, Delivery.address_id)
        is_reachable = (
            Delivery.medium == Medium.PUSH,
            *((Delivery.is_urgent,) if lanes.room(TELLS) < 1 else ()),
            tuple_(person).not_in(_rows([(name,) for name in lanes.full("person")], Uuid)),
            tuple_(*device).not_in(_rows([name.split(":", 1) for name in lanes.full("device")], Uuid, Text)),
            tuple_(*device, Delivery.message["tag"].astext).not_in(
                _rows([parts_of_tag(name) for name in lanes.full(SAME_TAG)], Uuid, Text, Text)
            ),
        )
        line, deadline_s = (Delivery.is_urgent.desc(), Delivery.id), self._senders.deadline_s
        return [
            Round((Delivery.audience == each, *is_reachable), line, partial(lanes_of, audience=each), deadline_s)
            for each in (Audience.MERCHANT, Audience.CUSTOMER)
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


def _rows(found: Sequence[Sequence[str]], *kinds: Any) -> Select[Any]:
    """A hashed list to compare with, the same statement however long it is."""
    columns = zip(*found, strict=True) if found else ((),) * len(kinds)
    arrays = [cast(list(column), ARRAY(kind)) for column, kind in zip(columns, kinds, strict=True)]
    names = [f"part_{number}" for number in range(len(kinds))]
    return select(func.unnest(*arrays).table_valued(*names, name="full").render_derived())


def _readers(people: set[UUID]) -> dict[tuple[UUID | None, str], tuple[Device, str]]:
    """The devices of people with the name of who reads there, by person and installation."""
    if not people:
        return {}
    found = audience.readers_of(people)
    for device, _ in found:
        session().expunge(device)  # as it is now: whether it was registered anew is asked by its version
    return {(each.person_id, each.installation): (each, name) for each, name in found}
