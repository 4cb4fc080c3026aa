"""Which ended orders stock would cover again, many at once and without locks: for showing, never for deciding."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import and_, select

from merchant_api.catalog.models import Product, WhenShort
from merchant_api.core.db import session
from merchant_api.orders.models import OrderLine
from merchant_api.orders.money.revivable import needs, reroute
from merchant_api.orders.route import CellKey, Shelf
from merchant_api.orders.states import Verdict
from merchant_api.stock.models import Cell


def covered(merchant_id: UUID, order_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the orders whose lines stock covers now, each looked at as if it were alone; two reads."""
    wanted = sorted(set(order_ids))
    if not wanted:
        return set()
    lines: dict[UUID, list[OrderLine]] = {}
    rows = select(OrderLine).where(OrderLine.merchant_id == merchant_id, OrderLine.order_id.in_(wanted))
    for line in session().execute(rows).scalars():
        lines.setdefault(line.order_id, []).append(line)
    shelves, available = _stock(merchant_id, {line.product_id for some in lines.values() for line in some})
    return {order_id for order_id, some in lines.items() if _is_covered(some, shelves, available)}


def _is_covered(lines: Sequence[OrderLine], shelves: dict[UUID, Shelf], available: dict[CellKey, int]) -> bool:
    routed = reroute(needs(lines), shelves, available)
    return all(verdict.verdict is Verdict.COVERED for verdict in routed.values())


def _stock(merchant_id: UUID, products: Iterable[UUID]) -> tuple[dict[UUID, Shelf], dict[CellKey, int]]:
    """Shelves in no order of preference: that decides from where units come, not whether there are enough."""
    is_of_product = and_(Cell.merchant_id == merchant_id, Cell.product_id == Product.id)
    rows = (
        select(Product.id, Product.is_tracked, Cell.location_id, Cell.grade_id, Cell.on_hand - Cell.held)
        .outerjoin(Cell, is_of_product)
        .where(Product.merchant_id == merchant_id, Product.id.in_(sorted(products)))
    )
    cells: dict[UUID, list[CellKey]] = {}
    is_tracked: dict[UUID, bool] = {}
    available: dict[CellKey, int] = {}
    for product_id, tracked, location_id, grade_id, units in session().execute(rows):
        is_tracked[product_id] = tracked
        if location_id is not None:
            cells.setdefault(product_id, []).append((product_id, location_id, grade_id))
            available[product_id, location_id, grade_id] = units
    shelves = {each: Shelf(tracked, WhenShort.REFUSE, cells.get(each, [])) for each, tracked in is_tracked.items()}
    return shelves, available
