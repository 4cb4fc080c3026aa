"""The only reader of the time of day: the database's clock, by a measured offset.

Each process measures how far the database's clock is from its own monotonic one, on connecting and every minute,
and never steps back. So a machine whose wall clock is wrong changes no deadline. Tests pin the instant.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

MEASURE_EVERY_S = 60.0
LONGEST_ROUND_TRIP_S = 0.5


class Clock:
    """An instant source that follows the database and never goes back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._base: datetime | None = None
        self._base_at = 0.0
        self._last = datetime.min.replace(tzinfo=UTC)
        self._connect: Callable[[], None] | None = None
        self._pinned: datetime | None = None

    def now(self) -> datetime:
        """The database's time of day, UTC, as well as this process knows it.

        Before the first measurement it connects to make one, which may raise what connecting raises; the machine's own
        clock is asked only where there is no database at all.
        """
        if self._pinned is not None:
            return self._pinned
        if self._base is None and self._connect is not None:
            self._connect()
        with self._lock:
            if self._base is None:
                return datetime.now(UTC)
            instant = self._base + timedelta(seconds=time.monotonic() - self._base_at)
            self._last = max(self._last, instant)
            return self._last

    def follow(self, connect: Callable[[], None]) -> None:
        """Give the clock a way to be measured: `connect` opens a connection, on which `measure` is called."""
        self._connect = connect

    def is_due(self) -> bool:
        """Whether the offset is older than a minute."""
        return self._base is None or time.monotonic() - self._base_at >= MEASURE_EVERY_S

    def measure(self, ask: Callable[[], datetime]) -> None:
        """Take the database's instant from `ask`, placed in the middle of the round trip.

        A round trip that took long says little: it is dropped where an earlier one is known.
        """
        before = time.monotonic()
        instant = ask()
        after = time.monotonic()
        middle = (before + after) / 2
        with self._lock:
            if self._base is not None and after - before > LONGEST_ROUND_TRIP_S:
                return
            self._base, self._base_at = instant.astimezone(UTC), middle

    @contextmanager
    def pinned(self, instant: datetime) -> Iterator[None]:
        """Hold the clock at an instant; tests only."""
        before, self._pinned = self._pinned, instant
        try:
            yield
        finally:
            self._pinned = before


clock = Clock()


def now() -> datetime:
    """The one clock's instant, UTC."""
    return clock.now()
