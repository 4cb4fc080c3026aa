"""How much may be on its way at once: in all, and for each merchant, device, push service and medium.

So whoever is slow or dead holds up itself and nobody else: it fills its own lane, and the others have theirs.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

IN_ALL = 32
WIDTHS = {"merchant": 4, "device": 1, "host": 4, "medium": 24}
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
