"""What a cell's log of counts comes to, pure: the later one wins, and what was withdrawn was never there."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from merchant_api.stock.errors import BelowZero
from merchant_api.stock.sessions.models import Count
from merchant_api.stock.sessions.states import CountKind, Moved


@dataclass(frozen=True, slots=True)
class Counted:
    """The count of a cell that holds: units, the row it stems from, and the live cell when it was looked at."""

    quantity: int
    count_id: UUID
    read_seq: int
    read_on_hand: int
    unpicked: int
    moved: Moved | None


def fold(log: Iterable[Count]) -> Counted | None:
    """What holds after a cell's rows, given oldest first; None when nothing does.

    Raises BelowZero where a decrease would have nothing left to take from.
    """
    rows = list(log)
    withdrawn = {row.withdraws for row in rows}
    holds: Counted | None = None
    for row in rows:
        if row.kind is not CountKind.WITHDRAWAL and row.id not in withdrawn:
            holds = _after(row, holds)
    return holds


def _after(row: Count, before: Counted | None) -> Counted:
    if row.kind is CountKind.COUNT:
        return Counted(row.quantity or 0, row.id, row.read_seq, row.read_on_hand, row.unpicked, row.moved)
    # A change of what was not counted starts from the live figure, in which sold units are gone already.
    base = before or Counted(row.read_on_hand, row.id, row.read_seq, row.read_on_hand, 0, None)
    quantity = base.quantity + (row.change or 0)
    if quantity < 0:
        raise BelowZero(f"{base.quantity} are counted.", counted=base.quantity)
    return Counted(quantity, row.id, base.read_seq, base.read_on_hand, base.unpicked, base.moved)
