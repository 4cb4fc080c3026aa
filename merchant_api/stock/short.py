"""Short: units that an order holds and that are not on the shelf for it, the oldest promises being covered first."""

from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from merchant_api.core.db import session
from merchant_api.stock.models import Cell, Hold
from merchant_api.stock.states import HoldState


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
    rows = (
        select(Hold.line, func.sum(owed))
        .join(
            Cell,
            and_(
                Cell.merchant_id == merchant_id,
                Cell.product_id == Hold.product_id,
                Cell.location_id == Hold.location_id,
                Cell.grade_id == Hold.grade_id,
            ),
        )
        .where(Hold.merchant_id == merchant_id, Hold.order_id == order_id, Hold.state == HoldState.OPEN)
        .where(Cell.held > Cell.on_hand)
        .group_by(Hold.line)
        .having(func.sum(owed) > 0)
    )
    return {row[0]: row[1] for row in session().execute(rows)}
