"""Ends an exchange at its deadline by closing the line under it, whatever the exchange is waiting for.

Nothing is said on a line that is found after the deadline: a name that took long to resolve, or a process that stood
still, sends no more once others may have begun anew.
"""

import contextlib
import socket
import threading
import time
from typing import Self


class Watch:
    """One exchange, from its beginning to `deadline_s` later; used as a context."""

    def __init__(self, deadline_s: float) -> None:
        self._ends_at = time.monotonic() + deadline_s
        self._line: socket.socket | None = None  # a second handle of it: the first may be wrapped or closed meanwhile
        self._lock = threading.Lock()
        self._timer = threading.Timer(max(0.0, deadline_s), self._end)
        self._timer.daemon = True
        self.is_over = False

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._watch(None)

    def over(self, line: socket.socket) -> None:
        """Watch this line from now on; TimeoutError if it comes too late."""
        self._watch(socket.fromfd(line.fileno(), line.family, line.type))
        self.is_over = self.is_over or time.monotonic() >= self._ends_at
        if self.is_over:
            raise TimeoutError("the deadline has passed")

    def left_s(self) -> float:
        """Seconds left, a little above 0 when none is, because 0 means never to wait in the language of sockets."""
        return max(0.001, self._ends_at - time.monotonic())

    def explain(self, error: Exception) -> str:
        """In words that repeat no address."""
        if self.is_over or isinstance(error, TimeoutError):
            return "no answer in time"
        return f"the connection failed ({type(error).__name__})"

    def _watch(self, line: socket.socket | None) -> None:
        with self._lock:
            before, self._line = self._line, line
            if before is not None:
                before.close()

    def _end(self) -> None:
        with self._lock:
            self.is_over = True
            if self._line is not None:
                with contextlib.suppress(OSError):  # it was closed meanwhile, which is what was wanted
                    self._line.shutdown(socket.SHUT_RDWR)
