"""The merchant's order of preference: which cells of a product are taken from first (location, then grade)."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import and_, select

from merchant_api.core.db import session
from merchant_api.stock.ledger import CellKey
from merchant_api.stock.models import Cell, Grade, Location


def preferred_cells(merchant_id: UUID, products: Iterable[UUID]) -> list[CellKey]:
    """All cells of some products, the preferred first within each product; not locked."""
    wanted = sorted(set(products))
    if not wanted:
        return []
    rows = (
        select(Cell.product_id, Cell.location_id, Cell.grade_id)
        .join(Location, and_(Location.merchant_id == merchant_id, Location.id == Cell.location_id))
        .join(Grade, and_(Grade.merchant_id == merchant_id, Grade.id == Cell.grade_id))
        .where(Cell.merchant_id == merchant_id, Cell.product_id.in_(wanted))
        .order_by(Location.rank, Grade.rank, Cell.location_id, Cell.grade_id)
    )
    return [(row[0], row[1], row[2]) for row in session().execute(rows)]
