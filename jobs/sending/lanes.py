"""How much may be on its way at once: in all, and for each person, merchant, device, push service and medium.

So whoever is slow or dead holds up itself and nobody else: it fills its own lane, and the others have theirs. What goes
to customers has lanes of its own everywhere, and never takes more than half of all: a ring finds room whatever the
customers' phones do. No person fills a merchant's lane alone.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

IN_ALL = 32
CUSTOMERS = ("customers", "")
SAME_TAG = "tag"  # of one device: what replaces the other goes one after the other
WIDTHS = {"customers": 16, "merchant": 8, "shopper": 4, "person": 6, "device": 4, SAME_TAG: 1, "host": 8, "medium": 24}
Lane = tuple[str, str]


@dataclass(slots=True)
class Lanes:
    """Counts what is on its way; used by one thread."""

    _busy: Counter[Lane] = field(default_factory=Counter)
    total: int = 0

    @property
    def free(self) -> int:
        """How many more may set out."""
        return IN_ALL - self.total

    def room(self, lane: Lane) -> int:
        """How many more may set out in this lane."""
        return WIDTHS[lane[0]] - self._busy[lane]

    def full(self, kind: str) -> list[str]:
        """The lanes of a kind in which no more may set out."""
        return [name for (each, name), busy in self._busy.items() if each == kind and busy >= WIDTHS[kind]]

    def enter(self, lanes: Iterable[Lane]) -> bool:
        """Set out in all of these lanes, or not at all if one is full."""
        wanted = list(lanes)
        if self.free < 1 or any(self.room(lane) < 1 for lane in wanted):
            return False
        self._busy.update(wanted)
        self.total += 1
        return True

    def leave(self, lanes: Iterable[Lane]) -> None:
        """It came back."""
        for lane in lanes:
            self._busy[lane] -= 1
            if not self._busy[lane]:
                del self._busy[lane]
        self.total -= 1
