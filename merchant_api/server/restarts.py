"""When a process of ours that died is started again: at once, then after a growing pause, and at last not any more.

One death is an accident that nobody should have to get up for; one that dies as often as it is started has a cause that
somebody must look at.
"""

from collections import deque
from dataclasses import dataclass, field

MOST, WITHIN_S = 8, 60.0  # so many deaths in a minute end it
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 10.0


@dataclass(slots=True)
class Restarts:
    """The deaths of one process, by the instants of a clock that never goes back."""

    _deaths: deque[float] = field(default_factory=deque)

    def after_death(self, at: float) -> float | None:
        """How many seconds to wait before it is started again; None where it has died too often."""
        while self._deaths and self._deaths[0] <= at - WITHIN_S:
            self._deaths.popleft()
        self._deaths.append(at)
        before = len(self._deaths) - 1
        if before + 1 >= MOST:
            return None
        return min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (before - 1)) if before else 0.0
