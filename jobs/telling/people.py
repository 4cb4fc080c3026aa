"""People are told: who hears of an event is planned, worded and written, as a notification and for each device a push.

What ends a ring takes its notification back from the devices that showed it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from jobs.telling import deliveries
from jobs.telling.deliveries import Reader
from merchant_api.alerts import audience, rings
from merchant_api.alerts.hears import RINGS, Plan, Telling, plan
from merchant_api.core.db import session
from merchant_api.outbox.models import Audience, Delivery, Event

Shown = tuple[UUID | None, UUID | None, str]  # order, person, installation


def hear(merchant_id: UUID, events: Sequence[Event]) -> None:
    """Write all rows by which people are told of a merchant's events. ValueError for a broken payload."""
    plans = [(event, plan(event.type, event.payload, event.happened_at)) for event in events]
    fresh = _write(merchant_id, plans)
    session().flush()
    for ring in RINGS:
        _take_back(merchant_id, ring, _ended(ring, plans), fresh)


def _ended(ring: str, plans: list[tuple[Event, Plan]]) -> dict[UUID, tuple[Event, datetime]]:
    """The orders whose ring is over, by what, and until when to say so."""
    return {
        event.order_id: (event, each.withdraw_until)
        for event, each in plans
        if each.withdraws == ring and each.withdraw_until and event.order_id
    }


def _write(merchant_id: UUID, plans: list[tuple[Event, Plan]]) -> set[Shown]:
    """Gives the phones that are told, under an order's tag, something else than that it is requested."""
    heard = {each.audience for _, plan in plans for each in plan.tellings}
    members = audience.members_of(merchant_id) if Audience.MERCHANT in heard else []
    people = {event.id: _people(event, plan, members) for event, plan in plans}
    readers = _readers(person for told in people.values() for some in told.values() for person in some)
    still_open = {
        ring: rings.still_open(
            merchant_id, ring, [event.order_id for event, _ in plans if event.type == ring and event.order_id]
        )
        for ring in RINGS
    }
    ended = {event.order_id for event, each in plans if each.withdraws}
    fresh: set[Shown] = set()
    for event, each in plans:
        is_over = event.type in still_open and event.order_id not in still_open[event.type]
        for telling in each.tellings:
            for person_id in people[event.id][telling.audience]:
                reader = readers[person_id]
                reader = Reader(person_id, reader.locale, []) if is_over else reader
                rows = deliveries.tell(event, _urgently(telling, event, ended), reader)
                session().add_all(rows)
                fresh |= {_shown(row) for row in rows if isinstance(row, Delivery) and _replaces_a_request(row)}
    return fresh


def _urgently(telling: Telling, event: Event, ended: set[UUID | None]) -> Telling:
    """What stands for the withdrawal of a ring is as urgent as that."""
    is_urgent = telling.is_urgent or (telling.audience is Audience.MERCHANT and event.order_id in ended)
    return replace(telling, is_urgent=is_urgent)


def _shown(delivery: Delivery) -> Shown:
    return delivery.order_id, delivery.person_id, delivery.address_id


def _replaces_a_request(delivery: Delivery) -> bool:
    return delivery.event_type not in RINGS and delivery.message["tag"] == str(delivery.order_id)


def _people(event: Event, plan: Plan, members: list[UUID]) -> dict[Audience, list[UUID]]:
    """A member who orders for himself is told once, as a member: the other text would replace the ring."""
    told: dict[Audience, list[UUID]] = {}
    audiences = {telling.audience for telling in plan.tellings}
    if Audience.MERCHANT in audiences:
        told[Audience.MERCHANT] = members
    if Audience.CUSTOMER in audiences:
        customer = UUID(event.payload["customer_id"])
        told[Audience.CUSTOMER] = [] if customer in told.get(Audience.MERCHANT, ()) else [customer]
    return told


def _readers(people: Iterable[UUID]) -> dict[UUID, Reader]:
    everybody = set(people)
    if not everybody:
        return {}
    locales, devices = audience.locales_of(everybody), audience.devices_of(everybody)
    return {person: Reader(person, locales.get(person), devices.get(person, [])) for person in everybody}


def _take_back(merchant_id: UUID, ring: str, over: dict[UUID, tuple[Event, datetime]], fresh: set[Shown]) -> None:
    """Where a phone gets fresh news of the order, that replaces the request, and a withdrawal would take it away."""
    told = [each for each in rings.call_off(merchant_id, ring, over) if _shown(each) not in fresh]
    if not told:
        return
    devices = audience.devices_of(delivery.person_id for delivery in told if delivery.person_id)
    for order_id, (event, until) in over.items():
        shown = {(each.person_id, each.address_id) for each in told if each.order_id == order_id}
        here = [each for some in devices.values() for each in some if (each.person_id, each.installation) in shown]
        session().add_all(deliveries.take_back(event, here, until))
