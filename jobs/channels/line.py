"""The line of one shop: what is on its way to it, what stands ready, and how much of both it bears.

A shop that was not heard of lately gets one call at a time, so that dead shops hold few threads; one that answers soon
has as many calls ready as may be on their way, so that none of its time is lost between two of them.
"""

import time
from collections import deque
from dataclasses import dataclass, field

from jobs.channels.call import LevelCall

IS_SOON_S = 0.5
NEVER = float("-inf")


@dataclass(slots=True)
class LevelLine:
    """Counts for `LevelLines`, under its lock; instants are of the steady clock."""

    width: int = 1
    out: int = 0
    ready: deque[LevelCall] = field(default_factory=deque)
    is_sure: bool = False
    is_soon: bool = False
    rests_until: float = NEVER
    failed_at: float = NEVER

    @property
    def is_resting(self) -> bool:
        """Whether nothing is sent now."""
        return time.monotonic() < self.rests_until

    @property
    def may_be_out(self) -> int:
        """How many calls may be on their way at once."""
        return self.width if self.is_sure else 1

    @property
    def room(self) -> int:
        """How many calls may be made ready."""
        ahead = self.may_be_out if self.is_soon else 0
        return max(0, self.may_be_out + ahead - self.out - len(self.ready))

    def heard(self, *, is_answer: bool, took_s: float) -> None:
        """A call came back."""
        self.is_sure = is_answer
        self.is_soon = is_answer and took_s < IS_SOON_S
