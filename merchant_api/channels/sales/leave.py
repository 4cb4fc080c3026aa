"""Which units leave our orders because the shop cancelled them or took them back, and how: one step at a time.

A step is of one order of ours, and all its units go back into stock, or none of them: so each transaction tells once of
what it changed. What somebody did here by hand before the shop told of it is not done again: a unit goes back once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID

from merchant_api.channels.sales.applied import AppliedLine, AppliedSale, TakenPart
from merchant_api.channels.sales.plan import LineWish
from merchant_api.channels.sales.source import Source
from merchant_api.orders.move import Locked
from merchant_api.orders.states import ENDED_UNDELIVERED, Condition, State
from merchant_api.orders.steps.cancel import Cancel, cancel
from merchant_api.orders.steps.reduce import Part as Ending
from merchant_api.orders.steps.returns import Back, give_back


class LeavesTo(IntEnum):
    """Where units go: they were gone already, they are lost to stock, or they are for sale again."""

    GONE = 0
    LOST = 1
    STOCK = 2


@dataclass(frozen=True, slots=True)
class UnitsLeaving:
    """Units of a part; of `back` of them the shop's own stock rose."""

    line: AppliedLine
    part: TakenPart
    to: LeavesTo
    units: int
    back: int


def next_step(
    applied: AppliedSale, wishes: Sequence[LineWish], held: Mapping[UUID, Locked], *, restores: bool
) -> list[UnitsLeaving]:
    """What is gone already, and the units of the next step, newest order first; nothing where nothing leaves.

    `restores`: what the shop restocked is for sale here again.
    """
    leaving = [
        each
        for wish in wishes
        if wish.leaves
        for each in _of_line(applied.lines[wish.key], wish, held, restores=restores)
        if each.units
    ]
    steps = sorted({(each.part.order_id, each.to) for each in leaving if each.to is not LeavesTo.GONE}, reverse=True)
    return [each for each in leaving if each.to is LeavesTo.GONE or (each.part.order_id, each.to) == steps[0]]


def _of_line(
    line: AppliedLine, wish: LineWish, held: Mapping[UUID, Locked], *, restores: bool
) -> Iterator[UnitsLeaving]:
    left, restocked = wish.leaves, wish.restocked
    for part in reversed(line.parts):
        units = min(part.units, left)
        back = min(units, restocked)
        left, restocked = left - units, restocked - back
        moves = max(0, units - _gone_by_hand(part, held[part.order_id]))
        moved_back = min(moves, back)
        to_stock = moved_back if restores else 0
        yield UnitsLeaving(line, part, LeavesTo.GONE, units - moves, back - moved_back)
        yield UnitsLeaving(line, part, LeavesTo.LOST, moves - to_stock, moved_back - to_stock)
        yield UnitsLeaving(line, part, LeavesTo.STOCK, to_stock, to_stock)


def _gone_by_hand(part: TakenPart, locked: Locked) -> int:
    """Units that are to stand as far as the shop is concerned, and do not any more."""
    if locked.order.state in ENDED_UNDELIVERED:
        return part.units
    line = next(line for line in locked.lines if line.line == part.line)
    return max(0, part.units - (line.kept - line.returned))


def leave(source: Source, held: Mapping[UUID, Locked], step: Sequence[UnitsLeaving]) -> None:
    """Cancel or return the units of one step; the caller holds the locks of the orders."""
    moving = [each for each in step if each.to is not LeavesTo.GONE]
    if not moving:
        return
    order, to = held[moving[0].part.order_id].order, moving[0].to
    if order.state is State.DELIVERED:
        condition = Condition.RESELLABLE if to is LeavesTo.STOCK else Condition.DAMAGED
        note = f"Taken back in {source.name}"
        backs = [Back(each.part.line, each.units, condition, note=note) for each in moving]
        give_back(order.merchant_id, order.id, backs, source.actor)
        return
    ending = [Ending(each.part.line, each.units) for each in moving]
    restock = None if to is LeavesTo.STOCK else False
    cancel(order.merchant_id, order.id, Cancel(f"Cancelled in {source.name}", restock, ending), source.actor)
