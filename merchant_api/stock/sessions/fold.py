"""What a cell's log of counts comes to, pure: the later one wins, and what was withdrawn was never there."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from merchant_api.core.columns import LARGEST_QUANTITY
from merchant_api.stock.errors import BelowZero
from merchant_api.stock.ledger import TooManyUnits
from merchant_api.stock.sessions.models import Count
from merchant_api.stock.sessions.states import CountKind, Moved

NOBODYS = UUID(int=0)


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

    Raises BelowZero where a decrease would have nothing left to take from, TooManyUnits for more than a cell may hold.
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
    return changed(before or live(row.read_on_hand, row.read_seq), row)


def live(on_hand: int, seq: int) -> Counted:
    """What a change of a cell that nobody counted builds on: the live figure, in which sold units are gone already."""
    return Counted(on_hand, NOBODYS, seq, on_hand, 0, None)


def changed(before: Counted, row: Count) -> Counted:
    """What holds once `row.change` units are added; raises BelowZero, TooManyUnits."""
    quantity = before.quantity + (row.change or 0)
    if quantity < 0:
        raise BelowZero(f"{before.quantity} are counted.", counted=before.quantity)
    if quantity > LARGEST_QUANTITY:
        raise TooManyUnits
    return replace(before, quantity=quantity, count_id=row.id)
