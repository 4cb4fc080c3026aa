"""Settling: holds of confirmed orders become decrements, within seconds, whole holds, oldest first.

Only as far as on_hand covers them; what is owed stays held and is looked at again later, or when units come in.
The number of statements does not depend on the number of holds; only a cell that owes is read in pages, and no
further than its units reach.
"""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from sqlalchemy import select

from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.due import Due
from merchant_api.stock import holds
from merchant_api.stock.cover import Promise
from merchant_api.stock.cover import lacking as lacking_in
from merchant_api.stock.ledger import Book, CellKey
from merchant_api.stock.models import Hold
from merchant_api.stock.states import HoldState

DUE = Due(Hold, "ix_holds_due")
PAGE = 200


def settle(book: Book, ids: Iterable[UUID], actor: Actor) -> int:
    """Settle those of the holds that are covered and put off the others; gives the number settled.

    The caller has locked their cells and writes the book. Holds that were settled or released meanwhile are left alone,
    so that running twice does no harm.
    """
    merchant_id = book.merchant_id
    waiting = [row for row in holds.lock_by_id(merchant_id, ids) if row.state is HoldState.OPEN and row.is_confirmed]
    chosen = coverable(book, waiting)
    settled = holds.settle(book, [row for row in waiting if row.id in chosen], actor)
    owed = [row for row in waiting if row.id not in chosen]
    if owed:
        holds.postpone(merchant_id, owed)
    return len(settled)


def sell(book: Book, held: Iterable[Hold], actor: Actor) -> None:
    """Settle those open holds of an order that is being ended whose units are there and nobody's before; the caller
    has locked their cells and writes the book.
    """
    waiting = [row for row in held if row.state is HoldState.OPEN]
    chosen = coverable(book, waiting)
    holds.settle(book, [row for row in waiting if row.id in chosen], actor)


def coverable(book: Book, waiting: Sequence[Hold]) -> set[UUID]:
    """The ids of those open holds whose units are there and nobody's before."""
    return {row.id for row in waiting} - lacking(book, waiting).keys()


def lacking(book: Book, waiting: Iterable[Hold]) -> dict[UUID, int]:
    """Units that those open holds lack, by the ids of those which lack any.

    Where a cell owes nothing all its holds are covered; only in the others the older promises are looked at.
    """
    found: dict[UUID, int] = {}
    by_cell: dict[CellKey, dict[UUID, int]] = {}
    for row in waiting:
        if book.balances[row.cell].available < 0:
            by_cell.setdefault(row.cell, {})[row.id] = row.units
    for cell, wanted in by_cell.items():
        promises = _promises(book.merchant_id, cell, max(wanted), set(wanted))
        found |= lacking_in(book.balances[cell].on_hand, promises, wanted)
    return found


def _promises(merchant_id: UUID, cell: CellKey, last: UUID, ending: set[UUID]) -> Iterator[Promise]:
    """The open holds of a cell up to one of them, the oldest first, read as far as they are asked for."""
    product_id, location_id, grade_id = cell
    rows = (
        select(Hold.id, Hold.quantity - Hold.back, Hold.settle_at)
        .where(Hold.merchant_id == merchant_id, Hold.product_id == product_id, Hold.location_id == location_id)
        .where(Hold.grade_id == grade_id, Hold.state == HoldState.OPEN, Hold.id <= last)
        .order_by(Hold.id)
        .limit(PAGE)
    )
    after = UUID(int=0)
    while page := session().execute(rows.where(Hold.id > after)).all():
        for row in page:
            yield Promise(row.id, row[1], row.settle_at is not None or row.id in ending)
        after = page[-1].id
