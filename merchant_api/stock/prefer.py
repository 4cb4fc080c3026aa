"""Which cells of a product are taken from first: the merchant's order of preference, or the nearest location."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import and_, select

from merchant_api.accounts.models import Allocation, Merchant
from merchant_api.core.db import session
from merchant_api.stock.ledger import CellKey
from merchant_api.stock.models import Cell, Grade, Location
from merchant_api.stock.nearest import Point, nearest_first


def preferred_cells(merchant_id: UUID, products: Iterable[UUID], towards: Point | None = None) -> list[CellKey]:
    """All cells of some products, the preferred first within each product; not locked.

    By rank of location, then of grade; where the merchant chose so, the location nearest to `towards` comes first.
    """
    wanted = sorted(set(products))
    if not wanted:
        return []
    rows = (
        select(
            Cell.product_id,
            Cell.location_id,
            Cell.grade_id,
            Location.latitude,
            Location.longitude,
            Merchant.allocation,
        )
        .join(Merchant, Merchant.id == Cell.merchant_id)
        .join(Location, and_(Location.merchant_id == merchant_id, Location.id == Cell.location_id))
        .join(Grade, and_(Grade.merchant_id == merchant_id, Grade.id == Cell.grade_id))
        .where(Cell.merchant_id == merchant_id, Cell.product_id.in_(wanted))
        .order_by(Location.rank, Grade.rank, Cell.location_id, Cell.grade_id)
    )
    found = session().execute(rows).all()
    cells = [(row.product_id, row.location_id, row.grade_id) for row in found]
    if towards is None or not found or found[0].allocation is not Allocation.NEAREST:
        return cells
    points = {row.location_id: Point(row.latitude, row.longitude) for row in found if row.latitude is not None}
    return nearest_first(cells, points, towards)
