"""What is owed: units that orders were promised beyond what their cells have, by product and order, oldest first.

In each cell the units at hand belong to the oldest promises; what is left over of the others is owed. It comes from a
backorder, or from somebody who counted fewer than were promised (a conflict), and is shown as what it is.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Uuid, bindparam, text

from merchant_api.core.db import session
from merchant_api.core.paging import Page, Window, cut
from merchant_api.orders.models import Order

# The open holds of the merchant are few: they lead to the cells, of which no index tells how much they owe.
_OWED = text(
    """
    WITH promised AS (
        SELECT id, order_id, line, product_id, location_id, grade_id, quantity - back AS held,
            sum(quantity - back) OVER (PARTITION BY product_id, location_id, grade_id ORDER BY id) AS up_to
        FROM holds WHERE merchant_id = :merchant_id AND state = 'open'
            AND (CAST(:product_id AS uuid) IS NULL OR product_id = :product_id)
    )
    SELECT promised.id, promised.order_id, promised.line, promised.product_id, promised.held,
        least(promised.held, promised.up_to - cells.on_hand) AS owed, orders.code, orders.state, orders.customer_name,
        orders.placed_at, order_lines.sku, order_lines.name, locations.name AS location, grades.name AS grade,
        CASE WHEN order_lines.verdict = 'backorder' THEN 'backorder' ELSE 'conflict' END AS kind
    FROM promised
    JOIN cells ON cells.merchant_id = :merchant_id AND cells.product_id = promised.product_id
        AND cells.location_id = promised.location_id AND cells.grade_id = promised.grade_id
    JOIN orders ON orders.merchant_id = :merchant_id AND orders.id = promised.order_id
    JOIN order_lines ON order_lines.merchant_id = :merchant_id AND order_lines.order_id = promised.order_id
        AND order_lines.line = promised.line
    JOIN locations ON locations.merchant_id = :merchant_id AND locations.id = promised.location_id
    JOIN grades ON grades.merchant_id = :merchant_id AND grades.id = promised.grade_id
    WHERE promised.up_to > cells.on_hand AND promised.id > :after
    ORDER BY promised.id LIMIT :limit
    """
).bindparams(*(bindparam(name, type_=Uuid()) for name in ("merchant_id", "product_id", "after")))
_ROWS = _OWED.columns(state=Order.state.type)
_NOBODY = UUID(int=0)


def page(merchant_id: UUID, product_id: UUID | None, at: Window) -> Page[Row[Any]]:
    """Units owed, the oldest promise first, perhaps of one product only."""
    (after,) = at.after or (_NOBODY,)
    given = {"merchant_id": merchant_id, "product_id": product_id, "after": after, "limit": at.limit + 1}
    found: Sequence[Row[Any]] = session().execute(_ROWS, given).all()
    return cut(found, at, lambda row: (row.id,))
