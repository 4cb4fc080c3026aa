"""What must hold between sessions, cells and ledger, as three reads that find only what does not.

A snapshot is the ledger at its `seq`; a live figure is the last snapshot plus the ledger since; what is counted of a
cell is what the last row of its log says.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, Uuid, bindparam, text

from merchant_api.core.db import session

Found = Sequence[Row[Any]]


def _of_merchant(sql: str) -> TextClause:
    return text(sql).bindparams(bindparam("merchant_id", type_=Uuid()))


_SNAPSHOTS = _of_merchant(
    """
    SELECT product_id, location_id, grade_id, snapshots.session_id, snapshots.seq,
        snapshots.on_hand, snapshots.held, snapshots.used, coalesce(ledger.on_hand, 0) AS told_on_hand,
        coalesce(ledger.held, 0) AS told_held, coalesce(ledger.used, 0) AS told_used
    FROM snapshots LEFT JOIN ledger USING (merchant_id, product_id, location_id, grade_id, seq)
    WHERE merchant_id = :merchant_id AND snapshots.merchant_id = :merchant_id
        AND (ledger.seq IS NULL AND snapshots.seq > 0 OR (snapshots.on_hand, snapshots.held, snapshots.used)
            <> (coalesce(ledger.on_hand, 0), coalesce(ledger.held, 0), coalesce(ledger.used, 0)))
    ORDER BY snapshots.session_id, product_id, location_id, grade_id
    """
)
_LIVE = _of_merchant(
    """
    WITH began AS (
        SELECT * FROM snapshots WHERE merchant_id = :merchant_id AND session_id = (
            SELECT id FROM sessions WHERE merchant_id = :merchant_id AND state = 'closed'
            ORDER BY closed_at DESC, id DESC LIMIT 1)
    ), since AS (
        SELECT product_id, location_id, grade_id, sum(on_hand_change) AS on_hand, sum(held_change) AS held,
            sum(used_change) AS used
        FROM began JOIN ledger USING (merchant_id, product_id, location_id, grade_id)
        WHERE ledger.merchant_id = :merchant_id AND ledger.seq > began.seq
        GROUP BY product_id, location_id, grade_id
    ), sums AS (
        SELECT product_id, location_id, grade_id, began.session_id,
            began.on_hand + coalesce(since.on_hand, 0) AS told_on_hand,
            began.held + coalesce(since.held, 0) AS told_held, began.used + coalesce(since.used, 0) AS told_used
        FROM began LEFT JOIN since USING (product_id, location_id, grade_id)
    )
    SELECT product_id, location_id, grade_id, session_id, on_hand, held, used, told_on_hand, told_held, told_used
    FROM cells JOIN sums USING (product_id, location_id, grade_id)
    WHERE cells.merchant_id = :merchant_id AND (on_hand, held, used) <> (told_on_hand, told_held, told_used)
    ORDER BY product_id, location_id, grade_id
    """
)
_COUNTED = _of_merchant(
    """
    WITH last AS (
        SELECT DISTINCT ON (session_id, product_id, location_id, grade_id)
            session_id, product_id, location_id, grade_id, id AS count_id, quantity AS told
        FROM counts WHERE merchant_id = :merchant_id
        ORDER BY session_id, product_id, location_id, grade_id, id DESC
    )
    SELECT product_id, location_id, grade_id, session_id, last.count_id, staged.quantity, told
    FROM last FULL JOIN (SELECT * FROM staged_cells WHERE merchant_id = :merchant_id) AS staged
        USING (session_id, product_id, location_id, grade_id)
    WHERE staged.quantity IS DISTINCT FROM told
    ORDER BY session_id, product_id, location_id, grade_id
    """
)


def snapshots(merchant_id: UUID) -> Found:
    """Cells of snapshots that are not what the ledger says at their `seq`."""
    return _found(_SNAPSHOTS, merchant_id)


def live(merchant_id: UUID) -> Found:
    """Cells that are not the last snapshot plus the ledger since."""
    return _found(_LIVE, merchant_id)


def counted(merchant_id: UUID) -> Found:
    """Cells whose count is not what the last row of their log says."""
    return _found(_COUNTED, merchant_id)


def _found(statement: TextClause, merchant_id: UUID) -> Found:
    return session().execute(statement, {"merchant_id": merchant_id}).all()
