"""Leased rows go out: claim, commit, send from a small pool of threads, record the outcome under the lease.

The carrier knows no cargo: which rows are claimed, how they are packed and what an outcome means for them is said by
its `Cargo`. Only the loop's own thread touches the database; the threads of the pool only send. What is claimed is sent
at once, never queued, so that no lease runs out in a line; what finds its lane full, or was leased too long ago to be
sent within its lease, is handed back untried.
"""

import itertools
import threading
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Generic
from uuid import UUID

from jobs.sending.cargo import Cargo, P, Parcel, Row
from jobs.sending.choose import Turn
from jobs.sending.lanes import Lanes
from jobs.sweep import in_halves
from merchant_api.core import clock
from merchant_api.core.db import in_transaction
from merchant_api.core.tenancy import ACROSS, of
from merchant_api.outbox import claim, finish
from merchant_api.outbox.models import Leased
from notifications.outcome import Later, Outcome

LANE_FULL_S = 0.25
SETS_OUT_WITHIN_S = claim.MARGIN_S / 2
_Lease = tuple[UUID, UUID | None]
CUT_OFF = Later("the job process was stopped while it was on its way")


@dataclass(frozen=True, slots=True)
class _Ended(Generic[P]):
    parcel: P
    outcome: Outcome

    @property
    def id(self) -> UUID:
        return self.parcel.row.id

    @property
    def lease(self) -> _Lease:
        return _lease(self.parcel)

    @property
    def merchant_id(self) -> UUID:
        return self.parcel.row.merchant_id


class Carrier(Generic[Row, P]):
    """The life of one cargo in one process: `turn()` again and again, `drain()` at the end.

    `wake` is set when there is something to do.
    """

    def __init__(self, cargo: Cargo[Row, P], lanes: Lanes, wake: threading.Event) -> None:
        self._cargo = cargo
        self._lanes = lanes
        self._wake = wake
        self._out: dict[_Lease, P] = {}  # set out and not yet recorded
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

        What takes longer is recorded as cut off, so that it is tried again soon, and not when its lease ends.
        """
        until = time.monotonic() + within_s
        while self._lanes.total and time.monotonic() < until:
            self._wake.wait(0.1)
            self._wake.clear()
            self._record()
        self._pool.shutdown(wait=False, cancel_futures=True)
        cut_off = list(self._out.values())
        self._ended += [_Ended(each, CUT_OFF) for each in cut_off]
        self._record()
        return not cut_off

    def _set_out(self) -> int:
        at = clock.now()
        leased = in_transaction(Turn(self._cargo, self._lanes, at).take, ACROSS)
        if not leased:
            return 0
        packed: list[P] = []
        in_halves(self._cargo.name, leased, lambda some: self._pack(some, packed), _leave_to_its_lease)
        is_late = clock.now() > at + timedelta(seconds=SETS_OUT_WITHIN_S)
        left = [each.row for each in packed if is_late or not self._send(each)]
        in_transaction(lambda: finish.hand_back(left, at + timedelta(seconds=LANE_FULL_S)), ACROSS)
        return len(packed) - len(left)

    def _pack(self, leased: list[Row], packed: list[P]) -> int:
        """All of them or none: one that cannot be packed holds up no other."""
        packed += self._cargo.pack(leased)
        return len(leased)

    def _send(self, parcel: P) -> bool:
        if not self._lanes.enter(parcel.lanes):
            return False
        self._out[_lease(parcel)] = parcel
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
        first = {
            each.lease: each for each in reversed(ended)
        }.values()  # what came back as it was cut off is here twice
        for _, some in itertools.groupby(sorted(first, key=_merchant), key=_merchant):
            in_halves(self._cargo.name, list(some), self._record_merchant, _give_up)
        # Only now: where the database went away, they are recorded by a later turn.
        for each in ended:
            self._ended.popleft()
            if self._out.pop(each.lease, None) is not None:  # else it came back after it was cut off
                self._lanes.leave(each.parcel.lanes)
        self._settle()

    def _settle(self) -> None:
        """What follows from each outcome; one that fails at it does not hold up the others."""
        while self._recorded:
            each = self._recorded.popleft()
            self._cargo.settled(each.parcel, each.outcome)

    def _record_merchant(self, ended: list[_Ended[P]]) -> int:
        """Keeps those whose lease was still theirs to be settled."""
        tries = [(each.parcel, each.outcome) for each in ended]
        ours = in_transaction(lambda: self._cargo.record(tries), of(ended[0].merchant_id))
        self._recorded += [each for each in ended if each.id in ours]
        return len(ours)


def _lease(parcel: Parcel) -> _Lease:
    return parcel.row.id, parcel.row.lease_token


def _merchant(ended: _Ended[P]) -> UUID:
    return ended.merchant_id


def _leave_to_its_lease(row: Leased) -> None:
    """It cannot be packed: its attempt counts, so that it is given up in the end and seen."""


def _give_up(ended: _Ended[P]) -> None:
    """Its outcome cannot be recorded: the lease runs out and it is tried again."""
