"""A turn of work again and again in a thread of its own: at once when woken, else five times a second.

A turn that fails (the database is away) is tried again, after ever longer pauses, and goes on when the fault is over.
"""

import random
import threading
from collections.abc import Callable

POLL_S = 0.2
FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 5.0


class Loop:
    """`turn` gives whether there may be more to do at once, or None when it failed."""

    def __init__(self, name: str, turn: Callable[[], bool | None], wake: threading.Event) -> None:
        self._turn = turn
        self._wake = wake
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, within_s: float) -> None:
        """Begin no further turn, and wait for the one that runs."""
        self._is_stopping.set()
        self._wake.set()
        self._thread.join(within_s)

    def _run(self) -> None:
        pause_s = FIRST_PAUSE_S
        while not self._is_stopping.is_set():
            self._wake.clear()
            has_more = self._turn()
            if has_more is None:
                self._is_stopping.wait(pause_s * random.uniform(0.5, 1.0))
                pause_s = min(LONGEST_PAUSE_S, pause_s * 2)
                continue
            pause_s = FIRST_PAUSE_S
            if not has_more:
                self._wake.wait(POLL_S)
