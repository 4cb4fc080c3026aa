"""Counting into the staged session: any number of cells by one statement, and nothing that is for sale changes.

The statement reads each live cell's figures and what of it is sold but still on the shelf on one snapshot, writes the
log, and makes the count the one that holds unless a later one is there. A cell that does not exist yet is made.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select, text

from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.stock import places
from merchant_api.stock.adjust import check_tracked
from merchant_api.stock.ledger import CellKey
from merchant_api.stock.places import Place
from merchant_api.stock.sessions import lock
from merchant_api.stock.sessions.models import Count
from merchant_api.stock.sessions.states import Moved
from merchant_api.stock.states import Reason

_COUNT = text(
    """
    WITH new AS (
        SELECT new.*, coalesce(cells.seq, 0) AS read_seq, coalesce(cells.on_hand, 0) AS read_on_hand, (
                SELECT coalesce(sum(quantity - back), 0) FROM holds
                WHERE holds.merchant_id = :merchant_id AND holds.product_id = new.product_id
                    AND holds.location_id = new.location_id AND holds.grade_id = new.grade_id
                    AND holds.state = 'settled' AND holds.left_at IS NULL
            ) - (
                SELECT coalesce(sum(quantity - back), 0) FROM holds
                WHERE holds.merchant_id = :merchant_id AND holds.product_id = new.product_id
                    AND holds.location_id = new.location_id AND holds.grade_id = new.grade_id
                    AND holds.state = 'open' AND holds.left_at IS NOT NULL
            ) AS unpicked
        FROM jsonb_to_recordset(CAST(:counts AS jsonb)) AS new(
            id uuid, product_id uuid, location_id uuid, grade_id uuid, quantity integer, reason text, comment text,
            moved text)
        LEFT JOIN cells ON cells.merchant_id = :merchant_id AND cells.product_id = new.product_id
            AND cells.location_id = new.location_id AND cells.grade_id = new.grade_id
    ), made AS (
        INSERT INTO cells (merchant_id, product_id, location_id, grade_id, on_hand, held, used, seq)
        SELECT DISTINCT CAST(:merchant_id AS uuid), product_id, location_id, grade_id, 0, 0, 0, 0 FROM new
        WHERE read_seq = 0
        ORDER BY product_id, location_id, grade_id
        ON CONFLICT DO NOTHING
    ), logged AS (
        INSERT INTO counts (merchant_id, id, session_id, product_id, location_id, grade_id, kind, quantity, reason,
            comment, moved, read_seq, read_on_hand, unpicked, actor, counted_at)
        SELECT :merchant_id, id, :session_id, product_id, location_id, grade_id, 'count', quantity, reason,
            comment, moved, read_seq, read_on_hand, unpicked, CAST(:actor AS jsonb), :counted_at FROM new
    )
    INSERT INTO staged_cells (merchant_id, session_id, product_id, location_id, grade_id, quantity, count_id,
        read_seq, read_on_hand, unpicked, moved)
    SELECT DISTINCT ON (product_id, location_id, grade_id) CAST(:merchant_id AS uuid), CAST(:session_id AS uuid),
        product_id, location_id, grade_id, quantity, id, read_seq, read_on_hand, unpicked, moved
    FROM new ORDER BY product_id, location_id, grade_id, id DESC
    ON CONFLICT (merchant_id, session_id, product_id, location_id, grade_id) DO UPDATE SET
        quantity = excluded.quantity, count_id = excluded.count_id, read_seq = excluded.read_seq,
        read_on_hand = excluded.read_on_hand, unpicked = excluded.unpicked, moved = excluded.moved
    WHERE staged_cells.count_id < excluded.count_id
    """
).bindparams(bindparam("merchant_id", type_=Uuid()), bindparam("session_id", type_=Uuid()))


@dataclass(frozen=True, slots=True)
class NewCount:
    """Units found of a product at a place. `moved` leaves out what moves between this count and its promotion."""

    product_id: UUID
    quantity: int
    location: str = places.DEFAULT
    grade: str = places.DEFAULT
    comment: str | None = None
    moved: Moved | None = None


@dataclass(frozen=True, slots=True)
class CellCount:
    """Units found in a cell whose product is the merchant's and tracked, and whose place is known."""

    cell: CellKey
    quantity: int
    comment: str | None = None
    moved: Moved | None = None
    reason: Reason | None = None


def count(merchant_id: UUID, new: NewCount, actor: Actor) -> Count:
    """Count one cell.

    Raises NoSuchProduct, NotTracked, NoSuchPlace, NoStagedSession, SessionClosing.
    """
    check_tracked(merchant_id, new.product_id)
    cell = places.key_of(merchant_id, new.product_id, Place(new.location, new.grade))
    ids = count_cells(merchant_id, [CellCount(cell, new.quantity, new.comment, new.moved)], actor)
    return _row(merchant_id, ids[0])


def count_again(merchant_id: UUID, new: CellCount, actor: Actor) -> Count:
    """Count a cell that is known; raises NoStagedSession, SessionClosing."""
    return _row(merchant_id, count_cells(merchant_id, [new], actor)[0])


def count_cells(merchant_id: UUID, new: Iterable[CellCount], actor: Actor) -> Sequence[UUID]:
    """Count any number of cells, all or none; of one cell named twice the later count holds. Gives the rows' ids.

    Raises NoStagedSession, SessionClosing.
    """
    staged = lock.counting(merchant_id)
    rows = [_record(each, staged.last_id) for each in new]
    given = {
        "merchant_id": merchant_id,
        "session_id": staged.session_id,
        "counts": json.dumps(rows),
        "actor": json.dumps(actor.stamp()),
        "counted_at": clock.now(),
    }
    session().execute(_COUNT, given)
    return [UUID(row["id"]) for row in rows]


def _record(new: CellCount, last_id: UUID | None) -> dict[str, Any]:
    return {
        "id": str(new_id(last_id)),
        "product_id": str(new.cell[0]),
        "location_id": str(new.cell[1]),
        "grade_id": str(new.cell[2]),
        "quantity": new.quantity,
        "reason": new.reason,
        "comment": new.comment,
        "moved": new.moved,
    }


def _row(merchant_id: UUID, count_id: UUID) -> Count:
    return session().execute(select(Count).where(Count.merchant_id == merchant_id, Count.id == count_id)).scalar_one()
