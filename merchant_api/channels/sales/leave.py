"""Units that a shop cancelled or took back leave our orders: cancelled before delivery, returned after it.

What somebody did here by hand before the shop told of it is not done again: a unit goes back at most once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from merchant_api.channels.sales.applied import Applied, Part
from merchant_api.channels.sales.plan import LineWish
from merchant_api.channels.sales.source import Source
from merchant_api.orders.move import Locked
from merchant_api.orders.states import BEFORE_PICKUP, ENDED_UNDELIVERED, Condition, State
from merchant_api.orders.steps.cancel import Cancel, cancel
from merchant_api.orders.steps.reduce import Part as Ending
from merchant_api.orders.steps.returns import Back, give_back

LEFT = frozenset({*BEFORE_PICKUP, State.DELIVERED})


@dataclass(slots=True)
class Leaving:
    """What leaves one of our orders: units by its lines, back into stock or not."""

    restocked: dict[int, int] = field(default_factory=dict)
    lost: dict[int, int] = field(default_factory=dict)


def leave(
    source: Source, applied: Applied, wishes: Sequence[LineWish], held: Mapping[UUID, Locked], *, restores: bool
) -> set[UUID]:
    """Let units leave, those of the newest order first; gives the products of which some had left by hand before.

    The caller holds the locks of the orders. `restores`: what the shop restocked is for sale here again.
    """
    leaving: dict[UUID, Leaving] = {}
    by_hand: set[UUID] = set()
    for wish in wishes:
        line = applied.lines.get(wish.key)
        if line is None:
            continue
        left, restocked = wish.leaves, wish.restocked
        for part in reversed(line.parts):
            units = min(part.units, left)
            moves = max(0, units - _gone_by_hand(part, held[part.order_id]))
            part.units, left = part.units - units, left - units
            if moves < units:
                by_hand.add(line.product_id)
            back = min(moves, restocked)
            restocked -= back
            _note(leaving, part, back if restores else 0, moves - (back if restores else 0))
    for order_id, each in sorted(leaving.items()):
        _leave(source, held[order_id], each)
    return by_hand


def _gone_by_hand(part: Part, locked: Locked) -> int:
    """Units that are to stand as far as the shop is concerned, and do not any more."""
    if locked.order.state in ENDED_UNDELIVERED:
        return part.units
    line = next(line for line in locked.lines if line.line == part.line)
    return max(0, part.units - (line.kept - line.returned))


def _note(leaving: dict[UUID, Leaving], part: Part, restocked: int, lost: int) -> None:
    each = leaving.setdefault(part.order_id, Leaving())
    if restocked:
        each.restocked[part.line] = restocked
    if lost:
        each.lost[part.line] = lost


def _leave(source: Source, locked: Locked, leaving: Leaving) -> None:
    order, reason = locked.order, f"Cancelled in {source.name}"
    if order.state is State.DELIVERED:
        backs = [
            Back(line, units, condition, note=f"Taken back in {source.name}")
            for lines, condition in ((leaving.restocked, Condition.RESELLABLE), (leaving.lost, Condition.DAMAGED))
            for line, units in lines.items()
        ]
        if backs:
            give_back(order.merchant_id, order.id, backs, source.actor)
        return
    for lines, restock in ((leaving.lost, False), (leaving.restocked, None)):
        if lines and order.state in LEFT:
            ending = [Ending(line, units) for line, units in lines.items()]
            cancel(order.merchant_id, order.id, Cancel(reason, restock, ending), source.actor)
