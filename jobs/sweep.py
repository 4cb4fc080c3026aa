"""Do what is due, merchant by merchant, each batch in a transaction of its own; one bad row stops nobody.

A batch that fails is halved until the bad row stands alone; it is logged and left behind for a growing pause, and the
others are done. A merchant with more than one batch due gets its next when all others had theirs, for a bounded time:
a backlog is worked off, and nobody waits for it. A database that is away is nobody's fault: that failure goes to the
caller, who backs off. This is the only place that catches everything; `guarded` does it for what runs around the
batches.
"""

import random
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from merchant_api.core import clock, metrics
from merchant_api.core.actor import Actor, job
from merchant_api.core.db import in_transaction, is_unavailable, sqlstate
from merchant_api.core.log import log
from merchant_api.core.tenancy import ACROSS, of

T = TypeVar("T")
LOCKED_OR_SLOW = ("55P03", "57014")  # the fault of a row, not of the server
FIRST_PAUSE_S = 2.0
LONGEST_PAUSE_S = 600.0
MOST_MERCHANTS = 200
MOST_BATCHES = 50  # of one merchant in one run
LONGEST_RUN_S = 2.0  # after which no second batch is begun
_log = log(__name__)


class Waiting(Protocol):
    """Where work waits: which merchants have any, and the ids of a merchant's rows that are due, the longest first."""

    def merchants(self, at: datetime, limit: int) -> list[UUID]: ...

    def ids(self, merchant_id: UUID, at: datetime, limit: int) -> list[UUID]: ...


class Work(Protocol):
    """Does the work on those rows and gives how many there were in truth."""

    def __call__(self, merchant_id: UUID, ids: list[UUID], actor: Actor, /) -> int: ...


@dataclass(frozen=True, slots=True)
class Duty:
    """A kind of work that falls due: its name, where to find it, and the verb that does it.

    `then` is what follows from it on the same rows, in a transaction of its own (other locks come first in it).
    """

    name: str
    due: Waiting
    work: Work
    then: Work | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """What a run did: rows handled, rows left behind."""

    done: int = 0
    bad: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.done + other.done, self.bad + other.bad)


@dataclass(slots=True)
class Pauses:
    """Rows left behind, each until an instant of time.monotonic(); the pause doubles every time."""

    _until: dict[UUID, tuple[float, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, row: UUID) -> None:
        """Leave a row behind, longer than the last time."""
        with self._lock:
            pause = min(LONGEST_PAUSE_S, 2 * self._until.get(row, (0.0, FIRST_PAUSE_S / 2))[1])
            self._until[row] = (time.monotonic() + pause * random.uniform(0.8, 1.2), pause)

    def end(self, rows: Iterable[UUID]) -> None:
        """These went well."""
        with self._lock:
            for row in rows:
                self._until.pop(row, None)

    def still(self) -> frozenset[UUID]:
        """The rows that are paused now."""
        with self._lock:
            instant = time.monotonic()
            # What nobody met again for so long was done elsewhere, and is forgotten.
            self._until = {row: kept for row, kept in self._until.items() if kept[0] > instant - LONGEST_PAUSE_S}
            return frozenset(row for row, (until, _) in self._until.items() if until > instant)


pauses = Pauses()


def sweep(duty: Duty, *, limit: int) -> Tally:
    """One run over the merchants who have work due, in batches of `limit` rows.

    Raises SQLAlchemyError if the database is away.
    """
    at, until = clock.now(), time.monotonic() + LONGEST_RUN_S
    merchants = in_transaction(lambda: duty.due.merchants(at, MOST_MERCHANTS), ACROSS)
    parts = [_Part(duty, each, at, limit) for each in merchants]
    tally = sum((each.batch() for each in parts), Tally())
    for _ in range(MOST_BATCHES - 1):
        parts = [each for each in parts if each.has_more]
        tally = sum((each.batch() for each in parts if time.monotonic() < until), tally)
    for result, rows in (("done", tally.done), ("bad", tally.bad)):
        metrics.job_rows.labels(duty.name, result).inc(rows)
    return tally


@dataclass(slots=True)
class _Part:
    """A merchant's part of a run. What was taken once is not taken again: if it is still due, a rival holds it."""

    duty: Duty
    merchant_id: UUID
    at: datetime
    limit: int
    has_more: bool = True
    _taken: set[UUID] = field(default_factory=set)

    def batch(self) -> Tally:
        """The next rows."""
        paused = pauses.still()
        # Asking for more than is wanted by the number of rows left behind, so that they do not stand in the way.
        wish = self.limit + len(paused)
        found = in_transaction(lambda: self.duty.due.ids(self.merchant_id, self.at, wish), of(self.merchant_id))
        rows = [row for row in found if row not in paused and row not in self._taken][: self.limit]
        self._taken.update(rows)
        self.has_more = bool(rows) and len(found) == wish
        return in_halves(self.duty.name, rows, self._work, pauses.put)

    def _work(self, some: list[UUID]) -> int:
        actor, then, theirs = job(self.duty.name), self.duty.then, of(self.merchant_id)
        done = in_transaction(lambda: self.duty.work(self.merchant_id, some, actor), theirs)
        if then is not None:
            in_transaction(lambda: then(self.merchant_id, some, actor), theirs)
        pauses.end(some)
        return done


def in_halves(name: str, rows: list[T], work: Callable[[list[T]], int], leave: Callable[[T], None]) -> Tally:
    """Do `work`, which commits, on all rows, or on ever smaller halves; a row that fails alone goes to `leave`."""
    if not rows:
        return Tally()
    try:
        return Tally(done=work(rows))
    except Exception as error:
        if isinstance(error, SQLAlchemyError) and is_away(error):
            raise
        if len(rows) == 1:
            _log.error("job.row_left_behind", job=name, row=str(getattr(rows[0], "id", rows[0])), exc_info=error)
            leave(rows[0])
            return Tally(bad=1)
    middle = len(rows) // 2
    return in_halves(name, rows[:middle], work, leave) + in_halves(name, rows[middle:], work, leave)


def guarded(name: str, run: Callable[[], T]) -> T | None:
    """One run of a job or loop: whatever goes wrong is logged and counted, and gives None."""
    try:
        result = run()
    except Exception as error:  # noqa: BLE001 - a loop that ended would be the worse failure; it is logged
        _log.error("job.failed", job=name, error=type(error).__name__, exc_info=None if _is_known(error) else error)
        metrics.job_runs.labels(name, "failed").inc()
        return None
    metrics.job_runs.labels(name, "done").inc()
    return result


def is_away(error: SQLAlchemyError) -> bool:
    """Whether the database is at fault, so that going on makes no sense."""
    is_of_a_row = isinstance(error, DBAPIError) and sqlstate(error) in LOCKED_OR_SLOW
    return is_unavailable(error) and not is_of_a_row


def _is_known(error: Exception) -> bool:
    return isinstance(error, SQLAlchemyError) and is_away(error)
