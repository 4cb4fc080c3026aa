"""Routing, pure: what each line of an order meets on live stock, and from which cells it takes (DESIGN.md 2).

Lines that name a cell are allotted first; lines of one product with the same choice are summed and share a verdict.
Wherever a line takes from, it gets no more than the product has over all its cells beyond what is promised: units that
were promised without naming a place count against every place (docs/decisions/0016).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from merchant_api.catalog.models import WhenShort
from merchant_api.core.sentences.sentence import Sentence, say
from merchant_api.orders.states import Verdict

CellKey = tuple[UUID, UUID, UUID]  # product, location, grade
Choice = tuple[UUID, UUID | None, UUID | None]


@dataclass(frozen=True, slots=True)
class Need:
    """One line: units wanted of a product, from a named location or grade or from anywhere."""

    line: int
    product_id: UUID
    quantity: int
    location_id: UUID | None = None
    grade_id: UUID | None = None

    @property
    def choice(self) -> Choice:
        """What lines must share to be summed."""
        return (self.product_id, self.location_id, self.grade_id)


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a product offers: its cells in the merchant's order of preference."""

    is_tracked: bool
    when_short: WhenShort
    cells: Sequence[CellKey] = ()


@dataclass(slots=True)
class Routed:
    """The verdict on one line, the sentence behind it, and the units it takes from each cell.

    `nowhere` is the choice of a backorder for which there is no cell yet: it takes once one is made.
    """

    verdict: Verdict
    reason: Sentence
    wanted: int
    available: int
    takes: dict[CellKey, int] = field(default_factory=dict)
    nowhere: Choice | None = None


def route(needs: Iterable[Need], shelves: Mapping[UUID, Shelf], available: Mapping[CellKey, int]) -> dict[int, Routed]:
    """A verdict per line; `available` may be negative and is not changed."""
    left = dict(available)
    groups: dict[Choice, list[Need]] = {}
    for need in needs:
        groups.setdefault(need.choice, []).append(need)
    routed: dict[int, Routed] = {}
    for choice in sorted(groups, key=named_first):
        routed |= _route_group(groups[choice], shelves[choice[0]], left)
    return routed


def named_first(choice: Choice) -> int:
    """Sorts choices so that those which name a place are allotted before those which take from anywhere."""
    return sum(part is None for part in choice)


def _route_group(group: list[Need], shelf: Shelf, left: dict[CellKey, int]) -> dict[int, Routed]:
    wanted = sum(need.quantity for need in group)
    if not shelf.is_tracked:
        return {need.line: Routed(Verdict.COVERED, say("verdict.not_tracked"), wanted, wanted) for need in group}
    cells = eligible(group[0].choice, shelf.cells)
    there = min(sum(max(left[cell], 0) for cell in cells), beyond(shelf.cells, left))
    verdict = _verdict(wanted, there, shelf.when_short)
    reason = sentence(verdict, wanted, there)
    nowhere = group[0].choice if verdict is Verdict.BACKORDER and not cells else None
    routed = {need.line: Routed(verdict, reason, wanted, there, nowhere=nowhere) for need in group}
    if verdict in (Verdict.COVERED, Verdict.BACKORDER) and cells:
        for need in group:
            routed[need.line].takes = take(need.quantity, cells, left, beyond(shelf.cells, left))
            owed = need.quantity - sum(routed[need.line].takes.values())
            if owed:
                routed[need.line].takes[cells[0]] = routed[need.line].takes.get(cells[0], 0) + owed
                left[cells[0]] -= owed
    return routed


def beyond(cells: Iterable[CellKey], left: Mapping[CellKey, int]) -> int:
    """What a product has over all its cells beyond what is promised; 0 where more is promised than there is."""
    return max(0, sum(left[cell] for cell in cells))


def _verdict(wanted: int, there: int, when_short: WhenShort) -> Verdict:
    if there >= wanted:
        return Verdict.COVERED
    if when_short is WhenShort.BACKORDER:
        return Verdict.BACKORDER
    return Verdict.ASK if when_short is WhenShort.ASK else Verdict.REFUSE


def eligible(choice: Choice, cells: Iterable[CellKey]) -> list[CellKey]:
    """The cells that a choice may take from, in their order."""
    _, location_id, grade_id = choice
    return [cell for cell in cells if location_id in (None, cell[1]) and grade_id in (None, cell[2])]


def take(quantity: int, cells: Iterable[CellKey], left: dict[CellKey, int], most: int) -> dict[CellKey, int]:
    """Up to `quantity` units, and up to `most`, from what is left in the cells, in order; `left` falls by them."""
    taken: dict[CellKey, int] = {}
    for cell in cells:
        units = min(min(quantity, most) - sum(taken.values()), max(left[cell], 0))
        if units > 0:
            taken[cell] = units
            left[cell] -= units
    return taken


def sentence(verdict: Verdict, wanted: int, available: int) -> Sentence:
    """Why a line went the way it went, for both sides to read."""
    there = max(available, 0)
    if verdict is Verdict.BACKORDER:
        return say("verdict.backorder", wanted=wanted, available=there, backordered=wanted - there)
    return say("verdict.stock", wanted=wanted, available=there)
