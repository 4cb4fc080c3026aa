"""Moving a count that was entered for the wrong cell: withdrawn there and counted here, as if it had been all along.

A count remembers the live figures of its cell when the units were looked at, so the moved one remembers those that the
right cell had then: what has left its shelf meanwhile is not put back by the promotion. The log keeps both rows, and
each names the other. What is moved last holds, as what is counted last.
"""

from dataclasses import dataclass
from uuid import UUID

from merchant_api.core.actor import Actor
from merchant_api.stock import places
from merchant_api.stock.adjust import Adjustment, check_tracked
from merchant_api.stock.errors import SamePlace
from merchant_api.stock.ledger import CellKey
from merchant_api.stock.places import Place
from merchant_api.stock.sessions import as_of, change, lock, staged
from merchant_api.stock.sessions.fold import Counted
from merchant_api.stock.sessions.lock import Counting
from merchant_api.stock.sessions.models import Count
from merchant_api.stock.sessions.states import CountKind
from merchant_api.stock.states import Reason


@dataclass(frozen=True, slots=True)
class CountMove:
    """The place where the units lie in truth, by name."""

    location: str
    grade: str
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class MovedCount:
    """The row that withdraws the count, and the one that counts its units in the right cell."""

    withdrawn: Count
    counted: Count


def move(merchant_id: UUID, count_id: UUID, wanted: CountMove, actor: Actor) -> MovedCount:
    """Move a count, or an increase or decrease, to another place of its product.

    Raises NoStagedSession, SessionClosing, NotFound for a count of another session, NoSuchPlace, SamePlace, NotTracked,
    AlreadyWithdrawn, TooManyUnits, and BelowZero where a decrease would have nothing to take from.
    """
    counting = lock.changing(merchant_id)
    wrong = staged.counted(merchant_id, counting.session_id, count_id)
    check_tracked(merchant_id, wrong.product_id)
    source = staged.key_of(wrong)
    target = places.key_of(merchant_id, wrong.product_id, Place(wanted.location, wanted.grade))
    if source == target:
        raise SamePlace("It is counted there already.", errors={"location": ["The count is there already."]})
    names = places.names(merchant_id)
    note = _noted(
        f"moved from {names[source[1]]}, {names[source[2]]}: count {wrong.id}", wanted.comment or wrong.comment
    )
    places.make_cells(merchant_id, [target])
    counted = _counted(wrong, counting, target, wanted, note, actor)
    said = _noted(f"moved to {names[target[1]]}, {names[target[2]]}: count {counted.id}", wanted.comment)
    return MovedCount(change.withdraw(merchant_id, count_id, actor, said), counted)


def _counted(wrong: Count, counting: Counting, target: CellKey, wanted: CountMove, note: str, actor: Actor) -> Count:
    if wrong.kind is not CountKind.COUNT:
        return change.adjust(wrong.merchant_id, _adjustment(wrong, wanted, note), actor)
    then = as_of.seen(wrong.merchant_id, target, wrong)
    row = staged.entry(wrong.merchant_id, counting, target, actor)
    row.kind, row.reason, row.comment = CountKind.COUNT, wrong.reason, note
    after = Counted(wrong.quantity or 0, row.id, then.seq, then.on_hand, then.unpicked, wrong.moved)
    return staged.write(row, after)


def _adjustment(wrong: Count, wanted: CountMove, note: str) -> Adjustment:
    """The same direction and amount; it builds on what is counted in the right cell, or else on its live figure."""
    units = wrong.change or 0
    return Adjustment(
        product_id=wrong.product_id,
        reason=wrong.reason or Reason.CORRECTION,
        location=wanted.location,
        grade=wanted.grade,
        increase=max(units, 0),
        decrease=max(-units, 0),
        comment=note,
    )


def _noted(note: str, comment: str | None) -> str:
    return note if comment is None else f"{note}; {comment}"
