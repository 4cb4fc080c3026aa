"""Changing a count by a direction and an amount, and withdrawing one. The log keeps everything.

An increase or decrease builds on the count that holds, or else on the live on_hand. After a withdrawal holds what the
rest of the cell's log comes to. Both lock the cell's count, so that two changes at once both tell.
"""

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.columns import LARGEST_QUANTITY
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.core.ids import new_id
from merchant_api.stock import places
from merchant_api.stock.adjust import Adjustment, check_tracked
from merchant_api.stock.errors import BelowZero
from merchant_api.stock.ledger import CellKey, TooManyUnits
from merchant_api.stock.models import Cell
from merchant_api.stock.places import Place
from merchant_api.stock.sessions import lock
from merchant_api.stock.sessions.count import CellCount, count_again
from merchant_api.stock.sessions.errors import AlreadyWithdrawn
from merchant_api.stock.sessions.fold import Counted, fold
from merchant_api.stock.sessions.models import Count, StagedCell
from merchant_api.stock.sessions.states import CountKind

_FIGURES = ("quantity", "count_id", "read_seq", "read_on_hand", "unpicked", "moved")
_KEY = ("merchant_id", "session_id", "product_id", "location_id", "grade_id")


def adjust(merchant_id: UUID, wanted: Adjustment, actor: Actor) -> Count:
    """Change what is counted of a cell, with a reason; a new total is a count.

    Raises NoSuchProduct, NotTracked, NoSuchPlace, NoStagedSession, SessionClosing, BelowZero, TooManyUnits.
    """
    check_tracked(merchant_id, wanted.product_id)
    key = places.key_of(merchant_id, wanted.product_id, Place(wanted.location, wanted.grade))
    if wanted.quantity is not None:
        new = CellCount(key, wanted.quantity, wanted.comment, reason=wanted.reason)
        return count_again(merchant_id, new, actor)
    session_id = lock.counting(merchant_id)
    _begin(merchant_id, session_id, key)
    before = _holds(merchant_id, session_id, key)
    change = (wanted.increase or 0) - (wanted.decrease or 0)
    after = _added(before, change)
    row = _row(merchant_id, session_id, key, after, actor)
    row.id, row.kind = after.count_id, CountKind.INCREASE if change > 0 else CountKind.DECREASE
    row.change, row.reason, row.comment = change, wanted.reason, wanted.comment
    return _written(row, after)


def withdraw(merchant_id: UUID, count_id: UUID, actor: Actor) -> Count:
    """Take a count back: the cell falls back to what was counted before; gives the row that says so.

    Raises NoStagedSession, SessionClosing, NotFound for a count of another session, AlreadyWithdrawn, and BelowZero
    where a later decrease would have nothing to take from.
    """
    session_id = lock.counting(merchant_id)
    found = session().get(Count, (merchant_id, count_id))
    if found is None or found.session_id != session_id or found.kind is CountKind.WITHDRAWAL:
        raise NotFound
    key = (found.product_id, found.location_id, found.grade_id)
    _holds(merchant_id, session_id, key)
    log = _log(merchant_id, session_id, key)
    if any(row.withdraws == count_id for row in log):
        raise AlreadyWithdrawn
    after = fold(row for row in log if row.id != count_id)
    row = _row(merchant_id, session_id, key, after, actor)
    row.kind, row.withdraws = CountKind.WITHDRAWAL, count_id
    return _written(row, after)


def _begin(merchant_id: UUID, session_id: UUID, key: CellKey) -> None:
    """Let the live on_hand hold where nothing is counted yet: nobody looked at the shelf, so nothing lies unpicked."""
    places.make_cells(merchant_id, [key])
    live = select(
        literal(merchant_id),
        literal(session_id),
        Cell.product_id,
        Cell.location_id,
        Cell.grade_id,
        Cell.on_hand,
        literal(new_id()),
        Cell.seq,
        Cell.on_hand,
        literal(0),
    ).where(
        Cell.merchant_id == merchant_id,
        Cell.product_id == key[0],
        Cell.location_id == key[1],
        Cell.grade_id == key[2],
    )
    row = insert(StagedCell).from_select([*_KEY, *_FIGURES[:-1]], live)
    session().execute(row.on_conflict_do_nothing())


def _holds(merchant_id: UUID, session_id: UUID, key: CellKey) -> Counted | None:
    """The count of the cell that holds, under its lock."""
    columns = [getattr(StagedCell, name) for name in _FIGURES]
    rows = select(*columns).where(_is(merchant_id, session_id, key)).with_for_update(key_share=True)
    found = session().execute(rows).one_or_none()
    return None if found is None else Counted(*found)


def _is(merchant_id: UUID, session_id: UUID, key: CellKey) -> ColumnElement[bool]:
    wanted = dict(zip(_KEY, (merchant_id, session_id, *key), strict=True))
    return and_(*(getattr(StagedCell, name) == value for name, value in wanted.items()))


def _log(merchant_id: UUID, session_id: UUID, key: CellKey) -> list[Count]:
    rows = select(Count).where(
        Count.merchant_id == merchant_id,
        Count.session_id == session_id,
        Count.product_id == key[0],
        Count.location_id == key[1],
        Count.grade_id == key[2],
    )
    return list(session().execute(rows.order_by(Count.id)).scalars())


def _added(before: Counted | None, change: int) -> Counted:
    if before is None:
        raise AssertionError("what holds was made a moment ago")
    quantity = before.quantity + change
    if quantity < 0:
        raise BelowZero(f"{before.quantity} are counted.", counted=before.quantity)
    if quantity > LARGEST_QUANTITY:
        raise TooManyUnits
    return Counted(**asdict(before) | {"quantity": quantity, "count_id": new_id()})


def _row(merchant_id: UUID, session_id: UUID, key: CellKey, after: Counted | None, actor: Actor) -> Count:
    """A row of the log that says what holds from now on; the caller names its kind."""
    told = after or Counted(0, new_id(), 0, 0, 0, None)
    return Count(
        merchant_id=merchant_id,
        id=new_id(),
        session_id=session_id,
        product_id=key[0],
        location_id=key[1],
        grade_id=key[2],
        quantity=None if after is None else after.quantity,
        moved=told.moved,
        read_seq=told.read_seq,
        read_on_hand=told.read_on_hand,
        unpicked=told.unpicked,
        actor=actor.stamp(),
        counted_at=clock.now(),
    )


def _written(row: Count, after: Counted | None) -> Count:
    where = _is(row.merchant_id, row.session_id, (row.product_id, row.location_id, row.grade_id))
    if after is None:
        session().execute(delete(StagedCell).where(where).execution_options(synchronize_session=False))
    else:
        figures = {name: getattr(after, name) for name in _FIGURES}
        session().execute(update(StagedCell).where(where).values(figures).execution_options(synchronize_session=False))
    session().add(row)
    session().flush()
    return row
