"""Deliveries go out: lease, commit, send from a small pool of threads, record the outcome under the lease.

Only the loop's own thread touches the database; the threads of the pool only send. What is claimed is sent at once,
never queued, so that no lease runs out in a line; what finds its lane full is handed back untried.
"""

import itertools
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import Text, and_, cast

from jobs import wake
from jobs.sending import outgoing
from jobs.sending.address import Addressed, address
from jobs.sending.lanes import IN_ALL, Lanes
from jobs.sending.outgoing import LOGGED, Parcel
from jobs.sweep import in_halves
from merchant_api.alerts import devices
from merchant_api.core import clock, metrics
from merchant_api.core.db import in_transaction
from merchant_api.core.log import log
from merchant_api.outbox import claim, finish
from merchant_api.outbox.models import Audience, Delivery, DeliveryState
from merchant_api.outbox.overtaken import overtaken
from notifications.outcome import Gone, Later, Outcome
from notifications.send import Senders

NAME = "deliver"
MERCHANTS_AT_ONCE = 50
LANE_FULL_S = 0.25
_log = log(__name__)
Ended = tuple[Parcel, Outcome]


class Deliverer:
    """The life of one process's deliveries: `turn()` again and again, `drain()` at the end.

    `say` prints what no sender took; `lease_s` must be longer than the slowest sender's deadline.
    """

    def __init__(self, senders: Senders, lease_s: float, say: Callable[[str], None]) -> None:
        self._senders = senders
        self._lease_s = lease_s
        self._say = say
        self._pool = ThreadPoolExecutor(IN_ALL, thread_name_prefix="send")
        self._lanes = Lanes()
        self._ended: deque[Ended] = deque()  # filled by the pool's threads

    @property
    def is_busy(self) -> bool:
        """Whether anything is on its way or not yet recorded."""
        return self._lanes.total > 0

    def turn(self) -> int:
        """Record what came back, and send what is due and has room; gives how many set out."""
        self._record()
        return self._set_out() if self._lanes.free else 0

    def drain(self, within_s: float) -> bool:
        """Wait for what is on its way and record it, and say whether it all came back.

        What takes longer is due again when its lease ends.
        """
        until = time.monotonic() + within_s
        while self._lanes.total and time.monotonic() < until:
            wake.deliver.wait(0.1)
            wake.deliver.clear()
            self._record()
        self._pool.shutdown(wait=False, cancel_futures=True)
        return not self._lanes.total

    def _set_out(self) -> int:
        at = clock.now()
        leased = in_transaction(lambda: self._claim(at))
        return self._send_all(leased) if leased else 0

    def _claim(self, at: datetime) -> list[Delivery]:
        """Members first, and nobody whose lane is full: what cannot set out must not stand before a ring."""
        leased: list[Delivery] = []
        due = claim.merchants_due(Delivery, at, MERCHANTS_AT_ONCE)
        person = cast(Delivery.person_id, Text)
        is_reachable = and_(
            person.not_in(self._lanes.full("person")),
            (person + ":" + Delivery.address_id).not_in(self._lanes.full("device")),
        )
        for audience in (Audience.MERCHANT, Audience.CUSTOMER):
            rooms = {each: min(map(self._lanes.room, outgoing.lanes_of(each, audience))) for each in due}
            rooms = {each: room for each, room in rooms.items() if room > 0}
            only = (Delivery.audience == audience, is_reachable)
            leased += claim.take(Delivery, claim.Wish(rooms, self._lanes.free - len(leased), at, self._lease_s, only))
        return leased

    def _send_all(self, leased: list[Delivery]) -> int:
        instant = clock.now()
        late, found = in_transaction(lambda: _sorted_out(leased, instant))
        _end(late, DeliveryState.EXPIRED)
        _end(found.gone, DeliveryState.GONE)
        _end(found.unreadable, DeliveryState.REFUSED)
        full = [each for each in found.ready if not self._send(each)]
        self._hand_back(full)
        return len(found.ready) - len(full)

    def _hand_back(self, full: list[Parcel]) -> None:
        """Who waits for a person or a device keeps the place, and is passed over meanwhile; others make way."""
        if not full:
            return
        at = clock.now()
        closed = {(kind, name) for kind in ("person", "device") for name in self._lanes.full(kind)}
        keeps = [each.delivery for each in full if not closed.isdisjoint(each.lanes)]
        goes = [each.delivery for each in full if closed.isdisjoint(each.lanes)]
        for some, due_at in ((keeps, at), (goes, at + timedelta(seconds=LANE_FULL_S))):
            in_transaction(partial(finish.hand_back, some, due_at))
        wake.deliver.set()  # others may have waited behind them

    def _send(self, ready: Parcel) -> bool:
        if not self._lanes.enter(ready.lanes):
            return False
        future = self._pool.submit(self._senders.send, ready.address, ready.message)
        future.add_done_callback(partial(self._came_back, ready))
        return True

    def _came_back(self, ready: Parcel, future: Future[Outcome]) -> None:
        error = future.exception()
        self._ended.append((ready, future.result() if error is None else Later(f"the sender broke ({error!r:.100})")))
        wake.deliver.set()

    def _record(self) -> None:
        ended = list(self._ended)
        counted: list[Ended] = []
        for _, some in itertools.groupby(sorted(ended, key=_merchant), key=_merchant):
            in_halves(NAME, list(some), partial(_record_merchant, counted), _give_up)
        # Only now: where the database went away, they are recorded by a later turn.
        for ready, _ in ended:
            self._ended.popleft()
            self._lanes.leave(ready.lanes)
        for ready, outcome in counted:
            self._after(ready, outcome)

    def _after(self, ready: Parcel, outcome: Outcome) -> None:
        metrics.pushes.labels(ready.delivery.address_kind, type(outcome).__name__.lower()).inc()
        if outcome == LOGGED:
            self._say(outgoing.line(ready))
        if isinstance(outcome, Gone):
            in_transaction(lambda: devices.drop_if_unchanged(ready.device))
        if getattr(outcome, "why", "").startswith("alarm"):
            _log.error("push.alarm", why=outgoing.answer(outcome).words, medium=ready.delivery.address_kind)


def _merchant(ended: Ended) -> UUID:
    return ended[0].delivery.merchant_id


def _record_merchant(counted: list[Ended], ended: list[Ended]) -> int:
    """Adds to `counted` those whose lease was still theirs."""
    ours = in_transaction(lambda: [each for each in ended if _attempted(*each)])
    counted += ours
    return len(ours)


def _attempted(ready: Parcel, outcome: Outcome) -> bool:
    delivery = ready.delivery
    return finish.attempted(delivery, outgoing.answer(outcome), outgoing.then(delivery, outcome))


def _give_up(ended: Ended) -> None:
    """Its outcome cannot be recorded: the lease runs out and it is tried again."""


def _end(deliveries: list[Delivery], state: DeliveryState) -> None:
    _each_merchant(deliveries, lambda delivery: finish.end(delivery, state))
    for delivery in deliveries:
        metrics.pushes.labels(delivery.address_kind, state.value).inc()


def _sorted_out(leased: list[Delivery], instant: datetime) -> tuple[list[Delivery], Addressed]:
    """Those for which it is too late, and the others with their addresses."""
    late = overtaken(leased) | {each.id for each in leased if each.expires_at <= instant}
    in_time = address([each for each in leased if each.id not in late])
    return [each for each in leased if each.id in late], in_time


def _each_merchant(deliveries: list[Delivery], act: Callable[[Delivery], bool]) -> None:
    """One transaction a merchant."""
    for _, some in itertools.groupby(sorted(deliveries, key=_owner), key=_owner):
        in_transaction(partial(_all, list(some), act))


def _all(deliveries: list[Delivery], act: Callable[[Delivery], bool]) -> None:
    for delivery in deliveries:
        act(delivery)


def _owner(delivery: Delivery) -> UUID:
    return delivery.merchant_id
