"""Allocate: a member says from which location or grade an order's units shall come, before they leave the stock.

The line's open holds are released and its units held anew in the one cell, in one transaction; the ledger tells both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.orders import move
from merchant_api.orders.errors import NothingHeld, NotOnShelf, UnknownLine
from merchant_api.orders.models import OrderLine
from merchant_api.orders.move import Locked
from merchant_api.orders.states import State
from merchant_api.orders.view import OrderView, view
from merchant_api.stock import holds, places
from merchant_api.stock.errors import InsufficientStock
from merchant_api.stock.ledger import Book, CellKey
from merchant_api.stock.models import Hold
from merchant_api.stock.places import Place
from merchant_api.stock.states import HoldState

ON_SHELF = frozenset({State.REQUESTED, State.AWAITING_PAYMENT, State.CONFIRMED})


@dataclass(frozen=True, slots=True)
class AllocationAsked:
    """Which line's units shall come from where."""

    line: int
    to: Place


def allocate(merchant_id: UUID, order_id: UUID, wanted: AllocationAsked, actor: Actor) -> OrderView:
    """Move a line's open holds to one cell, as far as they are not there; the cell must have them available.

    They must be beyond what other orders hold, wherever: units that somebody else is owed are not given away by hand.

    Raises NotFound, NotOnShelf, UnknownLine, NoSuchPlace, NothingHeld, InsufficientStock.
    """
    locked = move.lock(merchant_id, order_id, actor)
    line = _line(locked, wanted.line)
    target = places.key_of(merchant_id, line.product_id, wanted.to)
    places.make_cells(merchant_id, [target])
    book, held = holds.lock_for_orders(merchant_id, [order_id], [line.product_id])
    own = [row for row in held if row.line == line.line and row.state is HoldState.OPEN]
    if not own:
        raise NothingHeld
    leaving = [row for row in own if row.cell != target]
    new = _moved(book, leaving, target, actor) if leaving else []
    return view(locked.order, locked.lines, [*held, *new])


def _line(locked: Locked, number: int) -> OrderLine:
    if locked.order.state not in ON_SHELF:
        raise NotOnShelf(state=locked.order.state.value)
    for line in locked.lines:
        if line.line == number:
            return line
    raise UnknownLine(errors={"line": ["This order has no such line."]})


def _moved(book: Book, leaving: Sequence[Hold], target: CellKey, actor: Actor) -> list[Hold]:
    units = sum(row.units for row in leaving)
    available = min(book.balances[target].available, _beyond_others(book, target[0], units))
    if available < units:
        raise InsufficientStock(f"{units} wanted, {max(available, 0)} available there.", available=available)
    first = leaving[0]
    settle_at = clock.now() if first.is_confirmed else None  # due at once: there is nothing to wait for any more
    holds.release(book, leaving, actor)
    new = holds.hold(book, holds.UnitsWanted(first.order_id, first.line, target, units), actor, settle_at)
    new.is_by_hand = True
    session().add(new)
    book.write()
    return [new]


def _beyond_others(book: Book, product_id: UUID, own: int) -> int:
    """What a product has over all its cells beyond what others hold; `own` units are held by the order itself."""
    left = book.available()
    return max(0, own + sum(units for cell, units in left.items() if cell[0] == product_id))
