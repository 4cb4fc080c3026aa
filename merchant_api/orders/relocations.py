"""Where open holds find their units, pure: the product counts as one shelf, as far as its orders' choices allow.

Units at hand belong to the oldest promises (stock/cover.py). A hold takes those of its own cell first. What it lacks
there is to be moved to cells that its choice allows: first units that nobody holds, in the order of preference, then
units that only younger holds have, which then lack them and look for others in their turn. A hold that is not
confirmed yet and would not be covered whole stays as it is and stands in nobody's way.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from merchant_api.orders.route import Choice, eligible
from merchant_api.stock.ledger import Balance, CellKey


@dataclass(frozen=True, slots=True)
class OpenHold:
    """Units promised in a cell, and what their line chose of its place."""

    hold_id: UUID
    cell: CellKey
    units: int
    choice: Choice
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Relocation:
    """Units of a hold that shall be held in another cell."""

    hold_id: UUID
    to: CellKey
    units: int


@dataclass(slots=True)
class _Shelves:
    """Per cell: units that no older hold has, and units that no hold at all has."""

    left: dict[CellKey, int]
    spare: dict[CellKey, int]
    moved: list[Relocation] = field(default_factory=list)

    def reach(self, cells: Iterable[CellKey]) -> int:
        """Units in these cells that no older hold has."""
        return sum(self.left[cell] for cell in cells)

    def find(self, hold: OpenHold, lacking: int, cells: Iterable[CellKey], *, from_younger: bool) -> int:
        """Move up to so many units of a hold to some cells; gives how many it still lacks."""
        for cell in cells:
            there = self.left[cell] if from_younger else min(self.left[cell], max(self.spare[cell], 0))
            units = min(lacking, there)
            if units > 0:
                self.left[cell] -= units
                self.spare[cell] -= units
                self.spare[hold.cell] += units
                self._note(hold, cell, units)
                lacking -= units
        return lacking

    def _note(self, hold: OpenHold, cell: CellKey, units: int) -> None:
        last = self.moved[-1] if self.moved else None
        if last is not None and (last.hold_id, last.to) == (hold.hold_id, cell):
            self.moved[-1] = Relocation(hold.hold_id, cell, last.units + units)
        else:
            self.moved.append(Relocation(hold.hold_id, cell, units))


def plan(
    cells: Sequence[CellKey],
    balances: Mapping[CellKey, Balance],
    promised: Iterable[OpenHold],
    most: int | None = None,
) -> list[Relocation]:
    """What moves of a product's open holds, given oldest first; `cells` are all of it in the order of preference.

    No more of them is asked for than there are units for, and none once `most` parts move: those that are left are as
    old as before, and a later plan begins with them.
    """
    shelves = _Shelves(
        {cell: balances[cell].on_hand for cell in cells}, {cell: balances[cell].available for cell in cells}
    )
    for hold in _while_there_are_any(promised, shelves):
        own = min(hold.units, shelves.left[hold.cell])
        others = [cell for cell in eligible(hold.choice, cells) if cell != hold.cell]
        if not hold.is_confirmed and own + shelves.reach(others) < hold.units:
            continue
        shelves.left[hold.cell] -= own
        lacking = shelves.find(hold, hold.units - own, others, from_younger=False)
        shelves.find(hold, lacking, others, from_younger=True)
        if most is not None and len(shelves.moved) >= most:
            break
    return shelves.moved


def _while_there_are_any(promised: Iterable[OpenHold], shelves: _Shelves) -> Iterator[OpenHold]:
    for hold in promised:
        if not any(shelves.left.values()) or min(shelves.spare.values()) >= 0:
            return
        yield hold
