"""Lines that wait for their next question: to one place each, few, for seconds, and never one that was hung up.

Many servers leave a line after five seconds of silence: ours ends before, so that seldom a question meets a line which
is being closed. The guard is asked for new lines only, so none outlives a minute.
"""

import select
import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Self

from outside.guard import Destination

IDLE_S = 4.0
OLDEST_S = 60.0
MOST_OF_A_PLACE = 8
MOST = 64


class Reached(NamedTuple):
    """Whom a line reaches. What was dialled unchecked, its host being opened, serves no spelling that is not."""

    scheme: str
    host: str
    port: int
    is_opened: bool

    @classmethod
    def by(cls, target: Destination) -> Self:
        """What a target asks for."""
        return cls(target.url.scheme, target.host, target.port, target.is_opened)


@dataclass(frozen=True, slots=True, eq=False)
class OpenLine:
    """A line, whom it reaches and when it was dialled (in the seconds of the one who keeps it)."""

    socket: socket.socket
    reached: Reached
    dialled_at: float

    @property
    def was_hung_up(self) -> bool:
        """Whether anything is to be read, be it the end: nobody has asked, so no answer can be due."""
        if isinstance(self.socket, ssl.SSLSocket) and self.socket.pending():
            return True
        poll = select.poll()
        poll.register(self.socket, select.POLLIN)
        return bool(poll.poll(0))


class KeptLines:
    """Lines between two questions, the longest kept first. Many threads may take and keep at once."""

    def __init__(self, now: Callable[[], float] = time.monotonic, idle_s: float = IDLE_S) -> None:
        self.now = now
        self._idle_s = idle_s
        self._kept: list[tuple[OpenLine, float]] = []  # and until when
        self._lock = threading.Lock()
        self._broom: threading.Timer | None = None

    def take(self, reached: Reached) -> OpenLine | None:
        """The line that was kept last, with nothing against using it; it is the caller's now."""
        with self._lock:
            for each in reversed([each for each in self._kept if each[0].reached == reached]):
                self._kept.remove(each)
                line, until = each
                if self.now() < until and not line.was_hung_up:
                    return line
                line.socket.close()
        return None

    def keep(self, line: OpenLine) -> None:
        """Take a line back on which nothing is under way and that no watch holds any more."""
        now = self.now()
        until = min(now + self._idle_s, line.dialled_at + OLDEST_S)
        with self._lock:
            self._kept.append((line, until))
            alike = [each for each in self._kept if each[0].reached == line.reached]
            self._drop([*alike[:-MOST_OF_A_PLACE], *self._kept[:-MOST]])
            self._sweep_at(now)

    def close(self) -> None:
        """Close all that is kept."""
        with self._lock:
            self._drop(list(self._kept))

    def _sweep(self) -> None:
        with self._lock:
            self._broom = None
            now = self.now()
            self._drop([each for each in self._kept if each[1] <= now])
            self._sweep_at(now)

    def _sweep_at(self, now: float) -> None:
        if self._kept and self._broom is None:
            self._broom = threading.Timer(max(0.0, min(until for _, until in self._kept) - now), self._sweep)
            self._broom.daemon = True
            self._broom.start()

    def _drop(self, ended: list[tuple[OpenLine, float]]) -> None:
        for each in ended:
            if each in self._kept:
                self._kept.remove(each)
                each[0].socket.close()
