"""Changing a count by a direction and an amount, and withdrawing one. The log keeps everything.

An increase or decrease builds on the count that holds, or else on the live on_hand. After a withdrawal holds what the
rest of the cell's log comes to. Both have the session alone, so that of two at once each builds on the other.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.dialects.postgresql import insert

from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.core.ids import new_id
from merchant_api.stock import places
from merchant_api.stock.adjust import Adjustment, check_tracked
from merchant_api.stock.ledger import CellKey
from merchant_api.stock.models import Cell
from merchant_api.stock.places import Place
from merchant_api.stock.sessions import lock
from merchant_api.stock.sessions.count import CellCount, count_again
from merchant_api.stock.sessions.errors import AlreadyWithdrawn
from merchant_api.stock.sessions.fold import Counted, changed, fold, live
from merchant_api.stock.sessions.lock import Counting
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
    staged = lock.changing(merchant_id)
    places.make_cells(merchant_id, [key])
    before = _holds(merchant_id, staged.session_id, key) or _live(merchant_id, key)
    row = _row(merchant_id, staged, key, actor)
    row.change = (wanted.increase or 0) - (wanted.decrease or 0)
    row.kind = CountKind.INCREASE if row.change > 0 else CountKind.DECREASE
    row.reason, row.comment = wanted.reason, wanted.comment
    return _written(row, changed(before, row))


def withdraw(merchant_id: UUID, count_id: UUID, actor: Actor) -> Count:
    """Take a count back: the cell falls back to what was counted before; gives the row that says so.

    Raises NoStagedSession, SessionClosing, NotFound for a count of another session, AlreadyWithdrawn, and where later
    changes can't do without it BelowZero, TooManyUnits.
    """
    staged = lock.changing(merchant_id)
    found = session().get(Count, (merchant_id, count_id))
    if found is None or found.session_id != staged.session_id or found.kind is CountKind.WITHDRAWAL:
        raise NotFound
    key = (found.product_id, found.location_id, found.grade_id)
    log = _log(merchant_id, staged.session_id, key)
    if any(row.withdraws == count_id for row in log):
        raise AlreadyWithdrawn
    row = _row(merchant_id, staged, key, actor)
    row.kind, row.withdraws = CountKind.WITHDRAWAL, count_id
    return _written(row, fold(row for row in log if row.id != count_id))


def _live(merchant_id: UUID, key: CellKey) -> Counted:
    """What holds where nothing is counted yet: nobody looked at the shelf, so nothing lies unpicked."""
    figures = select(Cell.on_hand, Cell.seq).where(
        Cell.merchant_id == merchant_id,
        Cell.product_id == key[0],
        Cell.location_id == key[1],
        Cell.grade_id == key[2],
    )
    return live(*session().execute(figures).one())


def _holds(merchant_id: UUID, session_id: UUID, key: CellKey) -> Counted | None:
    columns = [getattr(StagedCell, name) for name in _FIGURES]
    found = session().execute(select(*columns).where(_is(merchant_id, session_id, key))).one_or_none()
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


def _row(merchant_id: UUID, staged: Counting, key: CellKey, actor: Actor) -> Count:
    """A row of the log; the caller says of which kind."""
    return Count(
        merchant_id=merchant_id,
        id=new_id(staged.last_id),
        session_id=staged.session_id,
        product_id=key[0],
        location_id=key[1],
        grade_id=key[2],
        actor=actor.stamp(),
        counted_at=clock.now(),
    )


def _written(row: Count, after: Counted | None) -> Count:
    """Write what holds from now on, and the row that says so."""
    told = after or Counted(0, row.id, 0, 0, 0, None)
    row.quantity = None if after is None else after.quantity
    row.moved, row.unpicked = told.moved, told.unpicked
    row.read_seq, row.read_on_hand = told.read_seq, told.read_on_hand
    key = (row.product_id, row.location_id, row.grade_id)
    if after is None:
        where = _is(row.merchant_id, row.session_id, key)
        session().execute(delete(StagedCell).where(where).execution_options(synchronize_session=False))
    else:
        figures = {name: getattr(after, name) for name in _FIGURES}
        place = dict(zip(_KEY, (row.merchant_id, row.session_id, *key), strict=True))
        staged = insert(StagedCell).values(place | figures)
        session().execute(staged.on_conflict_do_update(index_elements=_KEY, set_=figures))
    session().add(row)
    session().flush()
    return row
