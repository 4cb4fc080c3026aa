"""Nobody waits for the database beyond the deadline of his request, also where it is there and says nothing.

A silent server would hold each of the few threads until the kernel gives its line up. So one thread watches the lines
that requests have taken, and shuts down the one whose request is out of time: who waits on it hears what he would hear
of any connection that broke.
"""

import contextlib
import math
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

_until: ContextVar[float | None] = ContextVar("cut_off_at", default=None)


@contextlib.contextmanager
def at(instant: float) -> Iterator[None]:
    """What this thread takes from the pool in between is cut off at an instant of time.monotonic()."""
    token = _until.set(instant)
    try:
        yield
    finally:
        _until.reset(token)


def left_s(most: float) -> float:
    """How many seconds the request of this thread may still wait, at most so many."""
    instant = _until.get()
    return most if instant is None else max(0.0, min(most, instant - time.monotonic()))


class Lines:
    """The lines that are watched, each with its instant."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._instants: dict[int, tuple[float, Any]] = {}
        self._wakes_at = math.inf  # earlier than which nobody has to be looked at
        self._thread: threading.Thread | None = None

    def take(self, connection: Any) -> None:
        """Watch a connection that is taken from the pool, if whoever takes it has a deadline."""
        instant = _until.get()
        if instant is None:
            return
        with self._changed:
            self._instants[id(connection)] = (instant, connection)
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="cut_off", daemon=True)
                self._thread.start()
            if instant < self._wakes_at:  # seldom: those who come later are out of time later
                self._wakes_at = instant
                self._changed.notify()

    def leave(self, connection: Any) -> None:
        """It is given back, or about to be closed: its number may be another line's from now on."""
        with self._changed:
            self._instants.pop(id(connection), None)

    def _watch(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                late = [key for key, (instant, _) in self._instants.items() if instant <= now]
                for key in late:
                    _shut_down(self._instants.pop(key)[1])
                self._wakes_at = min((instant for instant, _ in self._instants.values()), default=math.inf)
                self._changed.wait(None if self._wakes_at == math.inf else max(0.0, self._wakes_at - now))


lines = Lines()


def _shut_down(connection: Any) -> None:
    with contextlib.suppress(OSError), socket.socket(fileno=os.dup(connection.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)
