"""Events become notifications and deliveries: who hears is planned, worded and written, and the event is done.

One transaction a merchant's batch: either all of it is there, or the event is still pending. The event is marked done
under its lease, so two processes never tell the same thing twice. An event that cannot be fanned out waits, longer
each time, and ends as failed; the others go on.
"""

import itertools
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from jobs import wake
from jobs.sweep import Tally, in_halves
from jobs.telling import deliveries
from jobs.telling.deliveries import Reader
from merchant_api.alerts import audience, rings
from merchant_api.alerts.hears import RINGS, Plan, plan
from merchant_api.core import clock, metrics
from merchant_api.core.db import in_transaction, session
from merchant_api.outbox import claim, finish
from merchant_api.outbox.models import Audience, Delivery, Event
from merchant_api.outbox.retry import wait_s

NAME = "fan_out"
MERCHANTS_AT_ONCE = 20
EVENTS_AT_ONCE = 50
LEASE_S = 15.0  # the rings of a process that died are this late; a batch takes milliseconds
Shown = tuple[UUID | None, UUID | None, str]  # order, person, installation


def run(*, limit: int = claim.LARGEST_ROOM, lease_s: float = LEASE_S) -> Tally:
    """Fan out what is due, at most `limit` events of each merchant; wakes the deliveries."""
    tally = Tally()
    events = in_transaction(lambda: _claim(limit, lease_s))
    for _, batch in itertools.groupby(sorted(events, key=_merchant), key=_merchant):
        tally += in_halves(NAME, list(batch), _tell, _leave)
    for result, rows in (("done", tally.done), ("bad", tally.bad)):
        metrics.job_rows.labels(NAME, result).inc(rows)
    if tally.done:
        wake.deliver.set()
    return tally


def _merchant(event: Event) -> UUID:
    return event.merchant_id


def _claim(limit: int, lease_s: float) -> list[Event]:
    at = clock.now()
    merchants = claim.merchants_due(Event, at, MERCHANTS_AT_ONCE)
    return claim.take(Event, claim.Wish(dict.fromkeys(merchants, limit), EVENTS_AT_ONCE, at, lease_s))


def _leave(event: Event) -> None:
    due_at = clock.now() + timedelta(seconds=wait_s(event.attempts, random.random()))
    in_transaction(lambda: finish.event_again(event, due_at))


def _tell(events: list[Event]) -> int:
    return in_transaction(lambda: _tell_merchant(events[0].merchant_id, events))


def _tell_merchant(merchant_id: UUID, events: list[Event]) -> int:
    ours = finish.done(merchant_id, events)
    plans = [(event, plan(event.type, event.payload, event.happened_at)) for event in events if event.id in ours]
    fresh = _write(merchant_id, plans)
    session().flush()
    for ring in RINGS:
        _take_back(merchant_id, ring, _ended(ring, plans), fresh)
    return len(ours)


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
    fresh: set[Shown] = set()
    for event, each in plans:
        is_over = event.type in still_open and event.order_id not in still_open[event.type]
        for telling in each.tellings:
            for person_id in people[event.id][telling.audience]:
                reader = readers[person_id]
                reader = Reader(person_id, reader.locale, []) if is_over else reader
                rows = deliveries.tell(event, telling, reader)
                session().add_all(rows)
                fresh |= {_shown(row) for row in rows if isinstance(row, Delivery) and _replaces_a_request(row)}
    return fresh


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
