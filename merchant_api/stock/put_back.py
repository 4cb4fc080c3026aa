"""Put units that came back from a customer into stock: through the hold by which they left, then where they shall lie.

The ledger tells each step: they are returned, then they go to another place or grade, or are written off as damaged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from merchant_api.core.actor import Actor
from merchant_api.stock import holds
from merchant_api.stock.holds import UnitsBack
from merchant_api.stock.ledger import Book, CellKey, Change
from merchant_api.stock.states import Reason


@dataclass(frozen=True, slots=True)
class Coming:
    """Units of one product that came back, in units.

    `held` are those that left by a hold, settled; `loose` those that never were in stock, which lie at `home` if
    nothing else is said. `target` is where all of them shall lie; without one they stay where they come to, or are
    written off.
    """

    order_id: UUID
    held: Sequence[UnitsBack]
    loose: int
    home: CellKey
    target: CellKey | None
    is_resellable: bool
    comment: str | None = None


Lies = dict[CellKey | None, int]  # units by the cell in which they lie now; None: written off


def put_back(book: Book, coming: Coming, actor: Actor) -> Lies:
    """Enter it into the book, whose cells are locked; gives where the units lie."""
    holds.give_back(book, coming.held, actor, Reason.RETURNED)
    lies: Lies = {}
    for each in coming.held:
        end = _go_on(book, coming, each, actor)
        lies[end] = lies.get(end, 0) + each.units
    if coming.loose:
        end = _arrive(book, coming, actor)
        lies[end] = lies.get(end, 0) + coming.loose
    return lies


def _go_on(book: Book, coming: Coming, given: UnitsBack, actor: Actor) -> CellKey | None:
    """Units that are back in the cell they were sold from go where they shall lie."""
    cell, units = given.hold.cell, given.units
    if coming.target is not None and coming.target != cell:
        reason = Reason.TRANSFER if coming.target[1] != cell[1] else Reason.REGRADE
        _change(book, coming, cell, reason, -units, actor)
        _add(book, coming, coming.target, reason, units, actor)
        return coming.target
    if coming.target is None and not coming.is_resellable:
        _change(book, coming, cell, Reason.DAMAGED, -units, actor)
        return None
    return cell


def _arrive(book: Book, coming: Coming, actor: Actor) -> CellKey | None:
    if coming.target is None and not coming.is_resellable:
        return None
    cell = coming.target or coming.home
    _add(book, coming, cell, Reason.RETURNED, coming.loose, actor)
    return cell


def _add(book: Book, coming: Coming, cell: CellKey, reason: Reason, units: int, actor: Actor) -> None:
    owing = book.owing() & {cell[0]}
    _change(book, coming, cell, reason, units, actor)
    holds.wake(book.merchant_id, owing)


def _change(book: Book, coming: Coming, cell: CellKey, reason: Reason, units: int, actor: Actor) -> None:
    change = Change(cell, reason, on_hand=units, comment=coming.comment, order_id=coming.order_id)
    book.change(change, actor)
