"""The count of a cell that holds in the staged session, under its lock, and the rows of the log that explain it.

Whoever changes what holds writes the row that says so in the same breath, so that the log tells every figure.
"""

import json
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, bindparam, delete, literal, select, text, update
from sqlalchemy.dialects.postgresql import insert

from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.core.ids import new_id
from merchant_api.stock import places
from merchant_api.stock.ledger import CellKey
from merchant_api.stock.models import Cell
from merchant_api.stock.sessions.fold import Counted
from merchant_api.stock.sessions.models import Count, StagedCell
from merchant_api.stock.sessions.states import CountKind

_LOCK = text(
    """
    SELECT count(*) FROM (
        SELECT 1 FROM staged_cells
        JOIN jsonb_to_recordset(CAST(:cells AS jsonb)) AS wanted(product_id uuid, location_id uuid, grade_id uuid)
            USING (product_id, location_id, grade_id)
        WHERE merchant_id = :merchant_id AND session_id = :session_id
        ORDER BY product_id, location_id, grade_id FOR NO KEY UPDATE OF staged_cells
    ) AS locked
    """
).bindparams(bindparam("merchant_id", type_=Uuid()), bindparam("session_id", type_=Uuid()))
_FIGURES = ("quantity", "count_id", "read_seq", "read_on_hand", "unpicked", "moved")
_KEY = ("merchant_id", "session_id", "product_id", "location_id", "grade_id")


def begun(merchant_id: UUID, session_id: UUID, key: CellKey) -> Counted:
    """The count of the cell that holds, under its lock; where nothing is counted, the live on_hand from now on."""
    while True:
        _begin(merchant_id, session_id, key)
        found = holding(merchant_id, session_id, key)
        if found is not None:
            return found  # else somebody who was waited for has withdrawn it: it begins again


def holding(merchant_id: UUID, session_id: UUID, key: CellKey) -> Counted | None:
    """The count of the cell that holds, under its lock."""
    columns = [getattr(StagedCell, name) for name in _FIGURES]
    rows = select(*columns).where(_is(merchant_id, session_id, key)).with_for_update(key_share=True)
    found = session().execute(rows).one_or_none()
    return None if found is None else Counted(*found)


def lock_counted(merchant_id: UUID, session_id: UUID, keys: Iterable[CellKey]) -> None:
    """Lock the counts of those cells that are counted: rows of the log that are made now come after all of theirs."""
    cells = [dict(zip(_KEY[2:], map(str, key), strict=True)) for key in set(keys)]
    given = {"merchant_id": merchant_id, "session_id": session_id, "cells": json.dumps(cells)}
    session().execute(_LOCK, given)


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


def entry(merchant_id: UUID, session_id: UUID, key: CellKey, after: Counted | None, actor: Actor) -> Count:
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


def write(row: Count, after: Counted | None) -> Count:
    """Let the figures hold, or nothing, and add the row that says so; the caller has the lock."""
    where = _is(row.merchant_id, row.session_id, key_of(row))
    if after is None:
        session().execute(delete(StagedCell).where(where).execution_options(synchronize_session=False))
    else:
        figures = {name: getattr(after, name) for name in _FIGURES}
        session().execute(update(StagedCell).where(where).values(figures).execution_options(synchronize_session=False))
    session().add(row)
    session().flush()
    return row


def _begin(merchant_id: UUID, session_id: UUID, key: CellKey) -> None:
    """Nobody looked at the shelf, so nothing of the live on_hand lies unpicked."""
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


def _is(merchant_id: UUID, session_id: UUID, key: CellKey) -> ColumnElement[bool]:
    wanted = dict(zip(_KEY, (merchant_id, session_id, *key), strict=True))
    return and_(*(getattr(StagedCell, name) == value for name, value in wanted.items()))
