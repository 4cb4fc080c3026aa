"""The count of a cell that holds in the staged session, and the rows of the log that explain it.

Whoever changes what holds writes the row that says so in the same breath, so that the log tells every figure.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.dialects.postgresql import insert

from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.core.ids import new_id
from merchant_api.stock.ledger import CellKey
from merchant_api.stock.models import Cell
from merchant_api.stock.sessions import fold
from merchant_api.stock.sessions.fold import Counted
from merchant_api.stock.sessions.lock import Counting
from merchant_api.stock.sessions.models import Count, StagedCell
from merchant_api.stock.sessions.states import CountKind

_FIGURES = ("quantity", "count_id", "read_seq", "read_on_hand", "unpicked", "moved")
_KEY = ("merchant_id", "session_id", "product_id", "location_id", "grade_id")


def live(merchant_id: UUID, key: CellKey) -> Counted:
    """What a change builds on where nothing is counted yet; the cell exists."""
    figures = select(Cell.on_hand, Cell.seq).where(
        Cell.merchant_id == merchant_id,
        Cell.product_id == key[0],
        Cell.location_id == key[1],
        Cell.grade_id == key[2],
    )
    return fold.live(*session().execute(figures).one())


def holding(merchant_id: UUID, session_id: UUID, key: CellKey) -> Counted | None:
    """The count of the cell that holds, for who has the session alone."""
    columns = [getattr(StagedCell, name) for name in _FIGURES]
    found = session().execute(select(*columns).where(_is(merchant_id, session_id, key))).one_or_none()
    return None if found is None else Counted(*found)


def counted(merchant_id: UUID, session_id: UUID, count_id: UUID) -> Count:
    """A count, increase or decrease of the session; raises NotFound."""
    found = session().get(Count, (merchant_id, count_id))
    if found is None or found.session_id != session_id or found.kind is CountKind.WITHDRAWAL:
        raise NotFound
    return found


def key_of(row: Count) -> CellKey:
    """The cell that a row of the log is about."""
    return (row.product_id, row.location_id, row.grade_id)


def log(merchant_id: UUID, session_id: UUID, key: CellKey) -> list[Count]:
    """The cell's log in the session, oldest first."""
    rows = select(Count).where(
        Count.merchant_id == merchant_id,
        Count.session_id == session_id,
        Count.product_id == key[0],
        Count.location_id == key[1],
        Count.grade_id == key[2],
    )
    return list(session().execute(rows.order_by(Count.id)).scalars())


def entry(merchant_id: UUID, counting: Counting, key: CellKey, actor: Actor) -> Count:
    """A row of the log; the caller says of which kind, `write` what holds from it on."""
    return Count(
        merchant_id=merchant_id,
        id=new_id(counting.last_id),
        session_id=counting.session_id,
        product_id=key[0],
        location_id=key[1],
        grade_id=key[2],
        actor=actor.stamp(),
        counted_at=clock.now(),
    )


def write(row: Count, after: Counted | None) -> Count:
    """Let the figures hold, or nothing, and add the row that says so, for who has the session alone."""
    told = after or Counted(0, row.id, 0, 0, 0, None)
    row.quantity = None if after is None else after.quantity
    row.moved, row.unpicked = told.moved, told.unpicked
    row.read_seq, row.read_on_hand = told.read_seq, told.read_on_hand
    if after is None:
        where = _is(row.merchant_id, row.session_id, key_of(row))
        session().execute(delete(StagedCell).where(where).execution_options(synchronize_session=False))
    else:
        figures = {name: getattr(after, name) for name in _FIGURES}
        place = dict(zip(_KEY, (row.merchant_id, row.session_id, *key_of(row)), strict=True))
        holds = insert(StagedCell).values(place | figures)
        session().execute(holds.on_conflict_do_update(index_elements=_KEY, set_=figures))
    session().add(row)
    session().flush()
    return row


def _is(merchant_id: UUID, session_id: UUID, key: CellKey) -> ColumnElement[bool]:
    wanted = dict(zip(_KEY, (merchant_id, session_id, *key), strict=True))
    return and_(*(getattr(StagedCell, name) == value for name, value in wanted.items()))
