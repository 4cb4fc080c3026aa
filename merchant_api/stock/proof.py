"""What must hold between cells, ledger and holds, as three reads that find only what does not.

A cell is the sum of its ledger, its `seq` their number, its `held` the sum of its open holds. Every ledger row goes on
from the one before. Every hold stands in the ledger for exactly what its state says.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, Uuid, bindparam, text

from merchant_api.core.db import session

Found = Sequence[Row[Any]]


def _of_merchant(sql: str) -> TextClause:
    return text(sql).bindparams(bindparam("merchant_id", type_=Uuid()))


_CELLS = _of_merchant(
    """
    WITH told AS (
        SELECT product_id, location_id, grade_id, count(*) AS seq, sum(on_hand_change) AS on_hand,
            sum(held_change) AS held, sum(used_change) AS used
        FROM ledger WHERE merchant_id = :merchant_id GROUP BY product_id, location_id, grade_id
    ), promised AS (
        SELECT product_id, location_id, grade_id, sum(quantity - back) AS held
        FROM holds WHERE merchant_id = :merchant_id AND state = 'open' GROUP BY product_id, location_id, grade_id
    )
    SELECT product_id, location_id, grade_id, cells.on_hand, cells.held, cells.used, cells.seq,
        coalesce(told.on_hand, 0) AS told_on_hand, coalesce(told.held, 0) AS told_held,
        coalesce(told.used, 0) AS told_used, coalesce(told.seq, 0) AS told_seq,
        coalesce(promised.held, 0) AS promised
    FROM cells
    LEFT JOIN told USING (product_id, location_id, grade_id)
    LEFT JOIN promised USING (product_id, location_id, grade_id)
    WHERE cells.merchant_id = :merchant_id AND (cells.on_hand, cells.held, cells.used, cells.seq, cells.held)
        IS DISTINCT FROM (coalesce(told.on_hand, 0), coalesce(told.held, 0), coalesce(told.used, 0),
            coalesce(told.seq, 0), coalesce(promised.held, 0))
    ORDER BY product_id, location_id, grade_id
    """
)
_ROWS = _of_merchant(
    """
    SELECT * FROM (
        SELECT id, product_id, location_id, grade_id, order_id, reason, seq, on_hand, held, used,
            lag(seq, 1, 0::bigint) OVER cell + 1 AS right_seq,
            lag(on_hand, 1, 0) OVER cell + on_hand_change AS right_on_hand,
            lag(held, 1, 0) OVER cell + held_change AS right_held,
            lag(used, 1, 0) OVER cell + used_change AS right_used
        FROM ledger WHERE merchant_id = :merchant_id
        WINDOW cell AS (PARTITION BY product_id, location_id, grade_id ORDER BY seq)
    ) AS walked
    WHERE (seq, on_hand, held, used) <> (right_seq, right_on_hand, right_held, right_used)
    ORDER BY product_id, location_id, grade_id, seq
    """
)
_HOLDS = _of_merchant(
    """
    WITH told AS (
        SELECT hold_id, product_id, location_id, grade_id, max(order_id::text) AS order_id,
            sum(on_hand_change) AS on_hand, sum(held_change) AS held, sum(used_change) AS used
        FROM ledger
        WHERE merchant_id = :merchant_id AND hold_id IS NOT NULL
            AND reason IN ('held', 'sold', 'released', 'cancelled', 'returned')
        GROUP BY hold_id, product_id, location_id, grade_id
    ), kept AS (
        SELECT id AS hold_id, product_id, location_id, grade_id, order_id::text AS order_id, state, quantity,
            CASE WHEN state = 'open' THEN quantity - back ELSE 0 END AS held,
            CASE WHEN state = 'settled' THEN quantity - back ELSE 0 END AS used
        FROM holds WHERE merchant_id = :merchant_id
    )
    SELECT hold_id, product_id, location_id, grade_id, coalesce(kept.order_id, told.order_id) AS order_id,
        kept.state, kept.quantity, coalesce(kept.held, 0) AS held, coalesce(kept.used, 0) AS used,
        coalesce(told.held, 0) AS told_held, coalesce(told.used, 0) AS told_used
    FROM kept FULL JOIN told USING (hold_id, product_id, location_id, grade_id)
    WHERE (kept.held, kept.used, -kept.used) IS DISTINCT FROM (told.held, told.used, told.on_hand)
    ORDER BY hold_id
    """
)
_BEHIND = _of_merchant(
    """
    (SELECT 'ledger row ' || id || ' (seq ' || seq || ', ' || reason || coalesce(', order ' || order_id, '') || ')'
    FROM ledger
    WHERE merchant_id = :merchant_id AND product_id = :product_id AND location_id = :location_id
        AND grade_id = :grade_id
    ORDER BY seq DESC LIMIT 5)
    UNION ALL
    (SELECT 'hold ' || id || ' (' || quantity - back || ' open, order ' || order_id || ')' FROM holds
    WHERE merchant_id = :merchant_id AND product_id = :product_id AND location_id = :location_id
        AND grade_id = :grade_id AND state = 'open'
    ORDER BY id DESC LIMIT 20)
    """
).bindparams(*(bindparam(name, type_=Uuid()) for name in ("product_id", "location_id", "grade_id")))
_SIZE = _of_merchant(
    """
    SELECT (SELECT count(*) FROM cells WHERE merchant_id = :merchant_id) AS cells,
        (SELECT count(*) FROM ledger WHERE merchant_id = :merchant_id) AS entries,
        (SELECT count(*) FROM holds WHERE merchant_id = :merchant_id) AS holds
    """
)


def cells(merchant_id: UUID) -> Found:
    """Cells that are not the sum of their ledger, or whose open holds do not add up to `held`."""
    return _found(_CELLS, merchant_id)


def entries(merchant_id: UUID) -> Found:
    """Ledger rows that do not go on from the row before them in number or balances."""
    return _found(_ROWS, merchant_id)


def holds(merchant_id: UUID) -> Found:
    """Holds for which the ledger says something else than their state, or that one of the two does not know."""
    return _found(_HOLDS, merchant_id)


def size(merchant_id: UUID) -> Row[Any]:
    """How many cells, entries and holds were looked at."""
    return session().execute(_SIZE, {"merchant_id": merchant_id}).one()


def documents(merchant_id: UUID, row: Row[Any]) -> tuple[str, ...]:
    """The latest ledger rows and the open holds of the cell that a finding is about."""
    cell = {"product_id": row.product_id, "location_id": row.location_id, "grade_id": row.grade_id}
    return tuple(session().execute(_BEHIND, {"merchant_id": merchant_id, **cell}).scalars())


def _found(statement: TextClause, merchant_id: UUID) -> Found:
    return session().execute(statement, {"merchant_id": merchant_id}).all()
