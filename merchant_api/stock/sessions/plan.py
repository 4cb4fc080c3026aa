"""What promoting the staged session would do to every cell: the one plan, for the preview and the promotion alike.

on_hand becomes what was counted, less the units that were sold and still lay on the shelf then, and what has moved
since (DESIGN.md 3); what moved is today's on_hand less the one that was read with the count, for a cell's ledger adds
up. It needs no ledger, so it is made of the locked cells themselves and can't be stale. In a full count, cells that
nobody counted become 0, unless units came into them since the first count: nothing lies there. Only units that were
handed over and are not taken out of stock yet stay on the books, or else settling them would eat what comes in next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, Uuid, bindparam, func, select, text

from merchant_api.core.db import session
from merchant_api.stock.ledger import CellKey
from merchant_api.stock.sessions.models import Count
from merchant_api.stock.sessions.states import Moved, Scope

MODES_SHOWN = 200
NOWHERE, NEVER = UUID(int=0), UUID(int=2**128 - 1)

_COUNTED = """
    SELECT product_id, location_id, grade_id, cells.on_hand, cells.held, cells.used, cells.seq, cells.ctid AS version,
        staged.quantity AS counted, staged.unpicked,
        CASE WHEN :is_ignored OR staged.moved = 'ignore' THEN 0 ELSE cells.on_hand - staged.read_on_hand END AS moved,
        CASE WHEN :is_ignored OR staged.moved = 'ignore' THEN cells.on_hand - staged.read_on_hand END AS left_out
    FROM staged_cells AS staged JOIN cells USING (merchant_id, product_id, location_id, grade_id)
    WHERE staged.merchant_id = :merchant_id AND cells.merchant_id = :merchant_id AND staged.session_id = :session_id
"""
_NOT_COUNTED = """
    UNION ALL
    SELECT product_id, location_id, grade_id, on_hand, held, used, seq, cells.ctid,
        NULL, least(coalesce(shelf.unpicked, 0), 0), 0, NULL
    FROM cells LEFT JOIN (
        SELECT product_id, location_id, grade_id,
            sum(CASE state WHEN 'settled' THEN quantity - back ELSE back - quantity END) AS unpicked
        FROM holds
        WHERE merchant_id = :merchant_id
            AND (state = 'settled' AND left_at IS NULL OR state = 'open' AND left_at IS NOT NULL)
        GROUP BY product_id, location_id, grade_id
    ) AS shelf USING (product_id, location_id, grade_id)
    WHERE merchant_id = :merchant_id AND (on_hand > 0 OR shelf.unpicked < 0) AND NOT EXISTS (
        SELECT 1 FROM staged_cells AS staged
        WHERE staged.merchant_id = :merchant_id AND staged.session_id = :session_id
            AND staged.product_id = cells.product_id AND staged.location_id = cells.location_id
            AND staged.grade_id = cells.grade_id
    ) AND NOT EXISTS (
        SELECT 1 FROM ledger
        WHERE ledger.merchant_id = :merchant_id AND ledger.id >= :since AND ledger.on_hand_change > 0
            AND ledger.product_id = cells.product_id AND ledger.location_id = cells.location_id
            AND ledger.grade_id = cells.grade_id AND ledger.reason <> 'promotion'
    )
"""
PLAN_SQL = """plan AS (
    SELECT *, greatest(coalesce(counted, 0) - unpicked + moved, 0) AS after FROM ({cells}) AS cell{among})"""
_OF_CATEGORY = """
    WHERE product_id IN (
        SELECT products.id FROM products
        WHERE products.merchant_id = :merchant_id AND products.category_id = :category_id)"""

_PAGE = """
    SELECT plan.*, products.sku, products.name
    FROM plan JOIN products ON products.merchant_id = :merchant_id AND products.id = plan.product_id
    WHERE (product_id, location_id, grade_id) > (:product_id, :location_id, :grade_id)
    ORDER BY product_id, location_id, grade_id LIMIT :limit
"""
_TOTALS = """
    SELECT count(*) FILTER (WHERE counted IS NOT NULL) AS counted,
        count(*) FILTER (WHERE after <> on_hand) AS changed,
        count(*) FILTER (WHERE counted IS NULL AND after < on_hand) AS zeroed,
        coalesce(sum(held), 0) AS held, coalesce(sum(unpicked), 0) AS unpicked,
        count(*) FILTER (WHERE after < held) AS conflicts
    FROM plan
"""
# Units that an order can take, of the products whose first unit comes or whose last one goes.
_FREE = """, free AS (
        SELECT cells.product_id, greatest(sum(cells.on_hand - cells.held), 0) AS free_before,
            greatest(sum(coalesce(plan.after, cells.on_hand) - cells.held), 0) AS free_after,
            sum(greatest(cells.held - cells.on_hand, 0)) AS owed_before,
            sum(greatest(cells.held - coalesce(plan.after, cells.on_hand), 0)) AS owed_after
        FROM cells LEFT JOIN plan USING (product_id, location_id, grade_id)
        WHERE cells.merchant_id = :merchant_id AND cells.product_id IN (
            SELECT product_id FROM plan WHERE after <> on_hand)
        GROUP BY cells.product_id
    )
    SELECT product_id, free_before, free_after, owed_before, owed_after, count(*) OVER () AS products
    FROM free JOIN products ON products.merchant_id = :merchant_id AND products.id = product_id
    WHERE (free_before > 0) <> (free_after > 0) AND products.is_tracked AND products.status = 'published'
    ORDER BY product_id LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class Promotion:
    """How the staged session shall be promoted: what becomes of cells not counted, and of what moved since."""

    scope: Scope = Scope.PARTIAL
    moved: Moved | None = None


@dataclass(frozen=True, slots=True)
class PlanTotals:
    """A plan in figures: cells but for `held` and `unpicked`, which are units."""

    counted: int
    changed: int
    zeroed: int
    held: int
    unpicked: int
    conflicts: int


def version(merchant_id: UUID, session_id: UUID) -> int:
    """The number of rows in a session's log of counts: it grows with every count and withdrawal."""
    rows = select(func.count()).where(Count.merchant_id == merchant_id, Count.session_id == session_id)
    return session().execute(rows).scalar_one()


def parameters(merchant_id: UUID, session_id: UUID, wish: Promotion, category_id: UUID | None = None) -> dict[str, Any]:
    """What a statement made by `statement` takes; a category narrows what is looked at, and is never carried out."""
    given: dict[str, Any] = {
        "merchant_id": merchant_id,
        "session_id": session_id,
        "is_ignored": wish.moved is Moved.IGNORE,
    }
    if wish.scope is Scope.FULL:
        given["since"] = _since(merchant_id, session_id)
    if category_id is not None:
        given["category_id"] = category_id
    return given


def statement(scope: Scope, after: str, among: str = "") -> TextClause:
    """A statement that begins with the plan, narrowed by `among`, and goes on with `after`."""
    cells = _COUNTED + (_NOT_COUNTED if scope is Scope.FULL else "")
    ids = ("merchant_id", "session_id") + (("since",) if scope is Scope.FULL else ())
    begun = PLAN_SQL.format(cells=cells, among=among)
    return text(f"WITH {begun}{after}").bindparams(*(bindparam(i, type_=Uuid()) for i in ids))


def page(given: dict[str, Any], scope: Scope, after: CellKey | None, limit: int) -> Sequence[Row[Any]]:
    """The plan of some cells, by their keys."""
    product_id, location_id, grade_id = after or (NOWHERE, NOWHERE, NOWHERE)
    at = {"product_id": product_id, "location_id": location_id, "grade_id": grade_id, "limit": limit}
    asked = statement(scope, _PAGE, _among(given)).bindparams(*(bindparam(name, type_=Uuid()) for name in list(at)[:3]))
    return session().execute(asked, given | at).all()


def totals(given: dict[str, Any], scope: Scope) -> PlanTotals:
    """The plan in figures."""
    return PlanTotals(*session().execute(statement(scope, _TOTALS, _among(given)), given).one())


def free(given: dict[str, Any], scope: Scope) -> Sequence[Row[Any]]:
    """Published products which the plan gives their first unit to sell or takes the last one from; 200 at most."""
    return session().execute(statement(scope, _FREE, _among(given)), given | {"limit": MODES_SHOWN}).all()


def _among(given: dict[str, Any]) -> str:
    return _OF_CATEGORY if "category_id" in given else ""


def _since(merchant_id: UUID, session_id: UUID) -> UUID:
    """The session's first count: ledger rows with a larger id came after it, none where nothing was counted yet."""
    rows = select(Count.id).where(Count.merchant_id == merchant_id, Count.session_id == session_id)
    return session().execute(rows.order_by(Count.id).limit(1)).scalar_one_or_none() or NEVER
