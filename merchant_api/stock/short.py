"""Short: units that an order holds and that are not on the shelf for it, the oldest promises being covered first."""

from typing import TypeVarTuple
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from merchant_api.core.db import session
from merchant_api.stock.models import Cell, Hold
from merchant_api.stock.states import HoldState

Columns = TypeVarTuple("Columns")


def is_owed(merchant_id: UUID, order_id: UUID) -> bool:
    """Whether any cell of a product that the order waits for promised more than it has.

    What lacks units there may find them in the order's own place, before the order's are settled.
    """
    is_product = and_(Cell.merchant_id == merchant_id, Cell.product_id == Hold.product_id)
    rows = select(Hold.id).join(Cell, is_product).where(Hold.merchant_id == merchant_id, Hold.order_id == order_id)
    rows = rows.where(Hold.state == HoldState.OPEN, Cell.held > Cell.on_hand)
    return session().execute(rows.limit(1)).scalar_one_or_none() is not None


def of_order(merchant_id: UUID, order_id: UUID) -> dict[int, int]:
    """Units owed per line of an order, by one read; lines that the shelf covers are not named.

    Only cells that promised more than they have are looked into.
    """
    earlier = aliased(Hold)
    promised = (
        select(func.sum(earlier.quantity - earlier.back))
        .where(
            earlier.merchant_id == merchant_id,
            earlier.product_id == Hold.product_id,
            earlier.location_id == Hold.location_id,
            earlier.grade_id == Hold.grade_id,
            earlier.state == HoldState.OPEN,
            earlier.id <= Hold.id,
        )
        .scalar_subquery()
    )
    owed = func.least(Hold.quantity - Hold.back, func.greatest(promised - Cell.on_hand, 0))
    rows = _in_owing_cells(select(Hold.line, func.sum(owed)), merchant_id, order_id)
    found = session().execute(rows.group_by(Hold.line).having(func.sum(owed) > 0))
    return {row[0]: int(row[1]) for row in found}  # a sum of sums is a numeric


def _in_owing_cells(rows: Select[*Columns], merchant_id: UUID, order_id: UUID) -> Select[*Columns]:
    """Of the order's open holds those in cells that promised more than they have."""
    is_cell = and_(
        Cell.merchant_id == merchant_id,
        Cell.product_id == Hold.product_id,
        Cell.location_id == Hold.location_id,
        Cell.grade_id == Hold.grade_id,
    )
    theirs = rows.join(Cell, is_cell).where(Hold.merchant_id == merchant_id, Hold.order_id == order_id)
    return theirs.where(Hold.state == HoldState.OPEN, Cell.held > Cell.on_hand)
