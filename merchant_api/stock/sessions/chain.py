"""The chain of documents behind a cell's figures, and the sum that it must come to; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from merchant_api.stock.ledger_models import LedgerRow
from merchant_api.stock.states import Reason


@dataclass(frozen=True, slots=True)
class Figures:
    """Units of a cell, or of several."""

    on_hand: int
    held: int
    used: int

    @property
    def available(self) -> int:
        """What others can buy; negative where more is promised than there is."""
        return self.on_hand - self.held


@dataclass(frozen=True, slots=True)
class Start:
    """Where a chain begins: the cell in the snapshot of the session closed last, or nothing (no session)."""

    session_id: UUID | None
    closed_at: datetime | None
    figures: Figures
    seq: int


@dataclass(frozen=True, slots=True)
class Summed:
    """Ledger rows of one reason that are not shown one by one: how many, and what they come to."""

    reason: Reason
    rows: int
    on_hand_change: int
    held_change: int
    used_change: int


@dataclass(frozen=True, slots=True)
class Promoted:
    """What a promotion went by: units counted (None: not counted), sold but on the shelf then, and moved since.

    `left_out` is what moved where that was left out, else None.
    """

    session_id: UUID
    counted: int | None
    unpicked: int
    moved: int
    left_out: int | None
    after: int


@dataclass(frozen=True, slots=True)
class Held:
    """Units that an order holds; `is_confirmed` once they are about to leave the stock."""

    id: UUID
    order_id: UUID
    line: int
    quantity: int
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Sum:
    """A figure by its documents and as it stands: start + changes = now, or something is wrong."""

    start: int
    changes: int
    now: int

    @property
    def is_right(self) -> bool:
        """Whether the documents come to the figure."""
        return self.start + self.changes == self.now


@dataclass(frozen=True, slots=True)
class Chain:
    """All that led to a cell's figures: where they start, sums of earlier rows, the newest rows, the open holds.

    `holds` and `units` are of every open hold, `held` are the oldest of them; `promoted` is told where a row is a
    promotion.
    """

    location: str
    grade: str
    now: Figures
    seq: int
    start: Start
    earlier: Sequence[Summed]
    rows: Sequence[LedgerRow]
    held: Sequence[Held]
    holds: int
    units: int
    promoted: Promoted | None

    @property
    def on_hand(self) -> Sum:
        """Units that are there."""
        changes = [*(row.on_hand_change for row in self.earlier), *(row.on_hand_change for row in self.rows)]
        return Sum(self.start.figures.on_hand, sum(changes), self.now.on_hand)

    @property
    def promised(self) -> Sum:
        """Units that are held."""
        changes = [*(row.held_change for row in self.earlier), *(row.held_change for row in self.rows)]
        return Sum(self.start.figures.held, sum(changes), self.now.held)

    @property
    def used(self) -> Sum:
        """Units that were sold."""
        changes = [*(row.used_change for row in self.earlier), *(row.used_change for row in self.rows)]
        return Sum(self.start.figures.used, sum(changes), self.now.used)

    @property
    def numbers(self) -> Sum:
        """The running numbers of the ledger: no row is missing, none is there twice."""
        return Sum(self.start.seq, sum(row.rows for row in self.earlier) + len(self.rows), self.seq)

    @property
    def open_holds(self) -> Sum:
        """The open holds against what is held."""
        return Sum(0, self.units, self.now.held)

    @property
    def is_right(self) -> bool:
        """Whether everything adds up."""
        return all(each.is_right for each in (self.on_hand, self.promised, self.used, self.numbers, self.open_holds))


def together(chains: Sequence[Chain]) -> Figures:
    """The figures over some cells."""
    return Figures(
        sum(chain.now.on_hand for chain in chains),
        sum(chain.now.held for chain in chains),
        sum(chain.now.used for chain in chains),
    )
