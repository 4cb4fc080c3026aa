"""How much may be on its way at once: in all, and in each lane of those in which a parcel counts.

So whoever is slow or dead holds up itself and nobody else: it fills its own lane, and the others have theirs.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

Lane = tuple[str, str]  # its kind, and whose it is


@dataclass(slots=True)
class Lanes:
    """Counts what is on its way; used by one thread. `widths` has a width for every kind of lane."""

    widths: Mapping[str, int]
    in_all: int
    _busy: Counter[Lane] = field(default_factory=Counter)
    total: int = 0

    @property
    def free(self) -> int:
        """How many more may set out."""
        return self.in_all - self.total

    def copy(self) -> Self:
        """To try out in."""
        return replace(self, _busy=Counter(self._busy))

    def room(self, lane: Lane) -> int:
        """How many more may set out in this lane."""
        return self.widths[lane[0]] - self._busy[lane]

    def full(self, kind: str) -> list[str]:
        """The lanes of a kind in which no more may set out."""
        return [name for (each, name), busy in self._busy.items() if each == kind and busy >= self.widths[kind]]

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
