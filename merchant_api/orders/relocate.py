"""Move what open holds lack to the cells where their units are, in the ledger: released there and held anew here.

Only holds whose line named no place (or no grade), and which nobody placed by hand, go elsewhere. A moved part is as
old as its hold, so that the oldest stay first. An order that somebody else is changing is left alone and looked at
again: whoever holds the order's lock knows its holds.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_

from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.ids import family, following
from merchant_api.orders.models import OrderLine
from merchant_api.orders.move import lock_free
from merchant_api.orders.relocations import OpenHold, Relocation, plan
from merchant_api.stock import holds
from merchant_api.stock.holds import UnitsBack, UnitsWanted
from merchant_api.stock.ledger import Book, CellKey
from merchant_api.stock.models import Hold
from merchant_api.stock.prefer import preferred_cells
from merchant_api.stock.states import HoldState

PAGE = 200
MOST = 200  # parts of a product that move in one transaction: its cells are locked meanwhile, and nobody can order it
_NOBODY = UUID(int=0)
_IS_LINE = and_(
    OrderLine.merchant_id == Hold.merchant_id, OrderLine.order_id == Hold.order_id, OrderLine.line == Hold.line
)
_IS_FREE = and_(~Hold.is_by_hand, or_(OrderLine.location_id.is_(None), OrderLine.grade_id.is_(None)))


def relocate(book: Book, actor: Actor) -> tuple[list[UUID], set[UUID]]:
    """Move what lacks its units, of the products of which every cell is locked in `book`, which the caller writes.

    Gives the ids of confirmed holds that were made, which are due, and the products of which something should have
    moved and did not.
    """
    products = {product_id for product_id in book.owing() if _may_move(book, product_id)}
    if not products:
        return [], set()
    preferred = preferred_cells(book.merchant_id, products)
    planned = {product_id: _planned(book, product_id, preferred) for product_id in sorted(products)}
    unfinished = {product_id for product_id, some in planned.items() if len(some) >= MOST}
    made, stuck = _moved(book, [each for some in planned.values() for each in some], actor)
    return made, stuck | unfinished


def _may_move(book: Book, product_id: UUID) -> bool:
    """Whether a hold of the product that may move lies where too little is, and others may have what it lacks."""
    owing = [cell for cell, balance in book.balances.items() if cell[0] == product_id and balance.available < 0]
    filled = [cell for cell, balance in book.balances.items() if cell[0] == product_id and balance.on_hand]
    if not filled or len({*owing, *filled}) < 2:
        return False
    rows = _open(book.merchant_id, product_id).where(_IS_FREE, _lies_in(owing))
    return session().execute(rows.limit(1)).first() is not None


def _planned(book: Book, product_id: UUID, preferred: Iterable[CellKey]) -> list[Relocation]:
    known = [cell for cell in preferred if cell[0] == product_id and cell in book.balances]
    cells = known + sorted(cell for cell in book.balances if cell[0] == product_id and cell not in known)
    return plan(cells, book.balances, _oldest_first(book, product_id), MOST)


def _oldest_first(book: Book, product_id: UUID) -> Iterator[OpenHold]:
    """The product's open holds, read in pages as far as they are asked for; of empty cells only those that may move."""
    filled = [cell for cell, balance in book.balances.items() if cell[0] == product_id and balance.on_hand]
    rows = _open(book.merchant_id, product_id).where(or_(_IS_FREE, _lies_in(filled))).limit(PAGE)
    after = _NOBODY
    while page := session().execute(rows.where(Hold.id > after)).all():
        for row in page:
            cell = (product_id, row.location_id, row.grade_id)
            choice = cell if row.is_by_hand else (product_id, row.named_location, row.named_grade)
            yield OpenHold(row.id, cell, row.quantity - row.back, choice, row.settle_at is not None)
        after = page[-1].id


def _open(merchant_id: UUID, product_id: UUID) -> Select[*tuple[Any, ...]]:
    rows = select(
        Hold.id,
        Hold.location_id,
        Hold.grade_id,
        Hold.quantity,
        Hold.back,
        Hold.is_by_hand,
        Hold.settle_at,
        OrderLine.location_id.label("named_location"),
        OrderLine.grade_id.label("named_grade"),
    ).join(OrderLine, _IS_LINE)
    is_open = and_(Hold.merchant_id == merchant_id, Hold.product_id == product_id, Hold.state == HoldState.OPEN)
    return rows.where(is_open, OrderLine.merchant_id == merchant_id).order_by(Hold.id)


def _lies_in(cells: Sequence[CellKey]) -> ColumnElement[bool]:
    return tuple_(Hold.product_id, Hold.location_id, Hold.grade_id).in_(cells)


def _moved(book: Book, planned: Sequence[Relocation], actor: Actor) -> tuple[list[UUID], set[UUID]]:
    """Carry out what concerns orders that nobody else has locked."""
    if not planned:
        return [], set()
    merchant_id = book.merchant_id
    concerned = holds.by_id(merchant_id, {each.hold_id for each in planned})
    free = lock_free(merchant_id, {row.order_id for row in concerned})
    rows = holds.of_orders(merchant_id, free)
    lacking = {row.id: row for row in rows}
    now = [each for each in planned if each.hold_id in lacking]
    units: Counter[UUID] = Counter()
    for each in now:
        units[each.hold_id] += each.units
    holds.give_up(book, [UnitsBack(lacking[hold_id], number) for hold_id, number in units.items()], actor)
    new = _held_anew(book, now, lacking, actor)
    session().add_all(new)
    session().flush()
    stuck = {row.product_id for row in concerned if row.id not in lacking}
    return [row.id for row in new if row.is_confirmed], stuck


def _held_anew(book: Book, moving: Iterable[Relocation], rows: Mapping[UUID, Hold], actor: Actor) -> list[Hold]:
    """A new hold for each part, as old as the one that it comes from; if that is confirmed, it is due at once."""
    last = {family(hold_id): hold_id for hold_id in sorted(rows)}
    new = []
    for each in moving:
        row, at = rows[each.hold_id], family(each.hold_id)
        last[at] = following(last[at])
        units = UnitsWanted(row.order_id, row.line, each.to, each.units)
        made = holds.hold(book, units, actor, clock.now() if row.is_confirmed else None, last[at])
        made.left_at = row.left_at
        new.append(made)
    return new
