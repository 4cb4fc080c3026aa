"""Customers who are not proven yet, pure: how much one may hold at once, and what of an order goes beyond.

What goes beyond is not refused: its lines are asked of the merchant, and hold nothing until he accepts (DESIGN.md 2).
An order above the number of open orders is asked as a whole; a product above its units is asked as a whole, whatever
the choices of its lines. Where stock is not counted there are no units to count either. The share is one of what the
product would have available without him, so that the bound, which he is told, tells nothing more (decision 0035).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

from merchant_api.core.sentences.sentence import Sentence, say
from merchant_api.orders.route import Need, Routed
from merchant_api.orders.states import Verdict

UNITS, ORDERS = "verdict.unproven", "verdict.unproven_orders"
UNPROVEN = "unproven"  # what clients know both by
HOLD = (Verdict.COVERED, Verdict.BACKORDER)  # a line of which units are promised at once


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a merchant lets somebody hold who is not proven: open orders, and of one product units or a share."""

    open_orders: int
    units: int
    share_percent: int

    def most(self, stock: int) -> int:
        """The units of a product of which he has and could have `stock`; below 0 where units are owed."""
        return max(self.units, stock * self.share_percent // 100)


@dataclass(slots=True)
class Stranger:
    """What a customer who is not proven has at once, in open orders and in units of products that they promise him.

    `turn` is the state of his row that it was read with; `is_known` says that there was one.
    """

    turn: int = 0
    is_known: bool = False
    orders: int = 0
    units: Counter[UUID] = field(default_factory=Counter)

    def copy(self) -> Self:
        """The same once more, for a batch that may have to be drawn up again."""
        return type(self)(self.turn, self.is_known, self.orders, Counter(self.units))

    def add(self, needs: Iterable[Need], routed: Mapping[int, Routed]) -> None:
        """Count an order that stands now."""
        self.orders += 1
        self.units.update(_promised(needs, routed))


def asked(
    needs: Sequence[Need],
    routed: Mapping[int, Routed],
    stranger: Stranger,
    bounds: Bounds,
    available: Mapping[UUID, int],
) -> dict[int, Routed]:
    """The verdicts as they are for a stranger; `available` are units of the products whose stock is counted.

    What stock says already, that a line is asked or refused, stays.
    """
    if stranger.orders >= bounds.open_orders:
        reason = say(ORDERS, orders=stranger.orders, most=bounds.open_orders)
        reasons = dict.fromkeys((need.product_id for need in needs), reason)
    else:
        reasons = _beyond(_promised(needs, routed), stranger, bounds, available)
    return {need.line: _ask(routed[need.line], reasons.get(need.product_id)) for need in needs}


def _beyond(
    wanted: Mapping[UUID, int], stranger: Stranger, bounds: Bounds, available: Mapping[UUID, int]
) -> dict[UUID, Sentence]:
    """Of which products more would be promised than may be, and why."""
    found = {}
    for product_id, units in wanted.items():
        held = stranger.units[product_id]
        if product_id in available and held + units > (most := bounds.most(held + available[product_id])):
            found[product_id] = say(UNITS, wanted=units, held=held, most=most)
    return found


def code_of(reason: str) -> str:
    """What clients know the reason of a verdict by, of its code: `unproven` (DESIGN.md 2), or the end of it."""
    return UNPROVEN if reason in (UNITS, ORDERS) else reason.rpartition(".")[2]


def _promised(needs: Iterable[Need], routed: Mapping[int, Routed]) -> Counter[UUID]:
    units = Counter[UUID]()
    for need in needs:
        if routed[need.line].verdict in HOLD:
            units[need.product_id] += need.quantity
    return units


def _ask(routed: Routed, reason: Sentence | None) -> Routed:
    if reason is None or routed.verdict not in HOLD:
        return routed
    return Routed(Verdict.ASK, reason, routed.wanted, routed.available)
