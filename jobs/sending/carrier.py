"""Leased rows go out: claim, commit, send from a small pool of threads, record the outcome under the lease.

The carrier knows no cargo: which rows are claimed, how they are packed and what an outcome means for them is said by
its `Cargo`. Only the loop's own thread touches the database; the threads of the pool only send. What is claimed is sent
at once, never queued, so that no lease runs out in a line; what finds its lane full is handed back untried.
"""

import itertools
import threading
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Generic
from uuid import UUID

from jobs.sending.cargo import Cargo, P, Row
from jobs.sending.lanes import Lanes
from jobs.sweep import in_halves
from merchant_api.core import clock
from merchant_api.core.db import in_transaction
from merchant_api.core.tenancy import ACROSS, of
from merchant_api.outbox import claim, finish
from notifications.outcome import Later, Outcome

MERCHANTS_AT_ONCE = 50
LANE_FULL_S = 0.25


@dataclass(frozen=True, slots=True)
class _Ended(Generic[P]):
    parcel: P
    outcome: Outcome

    @property
    def id(self) -> UUID:
        return self.parcel.row.id

    @property
    def merchant_id(self) -> UUID:
        return self.parcel.row.merchant_id


class Carrier(Generic[Row, P]):
    """The life of one cargo in one process: `turn()` again and again, `drain()` at the end.

    `lease_s` must be longer than the slowest parcel's deadline; `wake` is set when there is something to do.
    """

    def __init__(self, cargo: Cargo[Row, P], lanes: Lanes, lease_s: float, wake: threading.Event) -> None:
        self._cargo = cargo
        self._lanes = lanes
        self._lease_s = lease_s
        self._wake = wake
        self._pool = ThreadPoolExecutor(lanes.in_all, thread_name_prefix="send")
        self._ended: deque[_Ended[P]] = deque()  # filled by the pool's threads
        self._recorded: deque[_Ended[P]] = deque()  # not yet settled

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
            self._wake.wait(0.1)
            self._wake.clear()
            self._record()
        self._pool.shutdown(wait=False, cancel_futures=True)
        return not self._lanes.total

    def _set_out(self) -> int:
        at = clock.now()
        leased = in_transaction(lambda: self._claim(at), ACROSS)
        if not leased:
            return 0
        packed = self._cargo.pack(leased)
        full = [each for each in packed if not self._send(each)]
        self._hand_back(full)
        return len(packed) - len(full)

    def _claim(self, at: datetime) -> list[Row]:
        leased: list[Row] = []
        table = self._cargo.table
        due = claim.merchants_due(table, at, MERCHANTS_AT_ONCE)
        for each in self._cargo.rounds(self._lanes):
            rooms = {merchant: min(map(self._lanes.room, each.lanes_of(merchant))) for merchant in due}
            rooms = {merchant: room for merchant, room in rooms.items() if room > 0}
            wish = claim.ClaimPlan(rooms, self._lanes.free - len(leased), at, self._lease_s, each.only)
            leased += claim.take(table, wish)
        return leased

    def _hand_back(self, full: list[P]) -> None:
        """What is passed over while its lane is full keeps the place; the others make way."""
        if not full:
            return
        at = clock.now()
        closed = {(kind, name) for kind in self._cargo.passed_over for name in self._lanes.full(kind)}
        keeps = [each.row for each in full if not closed.isdisjoint(each.lanes)]
        goes = [each.row for each in full if closed.isdisjoint(each.lanes)]
        for some, due_at in ((keeps, at), (goes, at + timedelta(seconds=LANE_FULL_S))):
            in_transaction(partial(finish.hand_back, some, due_at), ACROSS)
        self._wake.set()  # others may have waited behind them

    def _send(self, parcel: P) -> bool:
        if not self._lanes.enter(parcel.lanes):
            return False
        future = self._pool.submit(parcel.send)
        future.add_done_callback(partial(self._came_back, parcel))
        return True

    def _came_back(self, parcel: P, future: Future[Outcome]) -> None:
        error = future.exception()
        outcome = future.result() if error is None else Later(f"the sender broke ({error!r:.100})")
        self._ended.append(_Ended(parcel, outcome))
        self._wake.set()

    def _record(self) -> None:
        self._settle()  # what an earlier turn recorded before the database went away
        ended = list(self._ended)
        for _, some in itertools.groupby(sorted(ended, key=_merchant), key=_merchant):
            in_halves(self._cargo.name, list(some), self._record_merchant, _give_up)
        # Only now: where the database went away, they are recorded by a later turn.
        for each in ended:
            self._ended.popleft()
            self._lanes.leave(each.parcel.lanes)
        self._settle()

    def _settle(self) -> None:
        """What follows from each outcome; one that fails at it does not hold up the others."""
        while self._recorded:
            each = self._recorded.popleft()
            self._cargo.settled(each.parcel, each.outcome)

    def _record_merchant(self, ended: list[_Ended[P]]) -> int:
        """Keeps those whose lease was still theirs to be settled."""
        record, theirs = self._cargo.record, of(ended[0].merchant_id)
        ours = in_transaction(lambda: [each for each in ended if record(each.parcel, each.outcome)], theirs)
        self._recorded += ours
        return len(ours)


def _merchant(ended: _Ended[P]) -> UUID:
    return ended.merchant_id


def _give_up(ended: _Ended[P]) -> None:
    """Its outcome cannot be recorded: the lease runs out and it is tried again."""
