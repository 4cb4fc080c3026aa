"""Events are told to whoever listens: claimed, handed to each listener in batches of one merchant, and done.

One transaction a merchant's batch: either every listener wrote all of it, or the event is still pending. The event is
marked done under its lease, so two processes never tell the same thing twice. An event that cannot be fanned out waits,
longer each time, and ends as failed; the others go on.
"""

import itertools
import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from jobs import wake
from jobs.sweep import Tally, in_halves
from jobs.telling import people
from merchant_api.core import clock, metrics
from merchant_api.core.db import in_transaction
from merchant_api.core.tenancy import ACROSS, of
from merchant_api.outbox import claim, finish
from merchant_api.outbox.models import Event
from merchant_api.outbox.retry import wait_s

NAME = "fan_out"
MERCHANTS_AT_ONCE = 20
EVENTS_AT_ONCE = 50
LEASE_S = claim.MARGIN_S  # nothing is sent here: batches of milliseconds, each done under the lock of its events
Listener = Callable[[UUID, Sequence[Event]], None]  # writes what follows from events of a merchant, the oldest first
LISTENERS: tuple[Listener, ...] = (people.hear,)


def run(*, limit: int = claim.LARGEST_ROOM, lease_s: float = LEASE_S) -> Tally:
    """Fan out what is due, at most `limit` events of each merchant; wakes the deliveries."""
    tally = Tally()
    events = in_transaction(lambda: _claim(limit, lease_s), ACROSS)
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
    return claim.take(Event, claim.ClaimPlan(dict.fromkeys(merchants, limit), EVENTS_AT_ONCE, at, lease_s))


def _leave(event: Event) -> None:
    due_at = clock.now() + timedelta(seconds=wait_s(event.attempts, random.random()))
    in_transaction(lambda: finish.event_again(event, due_at), of(event.merchant_id))


def _tell(events: list[Event]) -> int:
    merchant_id = events[0].merchant_id
    return in_transaction(lambda: _tell_merchant(merchant_id, events), of(merchant_id))


def _tell_merchant(merchant_id: UUID, events: Sequence[Event]) -> int:
    ours = finish.done(merchant_id, events)
    heard = [event for event in events if event.id in ours]
    for hear in LISTENERS if heard else ():
        hear(merchant_id, heard)
    return len(heard)
