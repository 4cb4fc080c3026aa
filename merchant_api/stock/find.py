"""Reading stock: products and their cells, what holds them, and the ledger behind them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import aliased

from merchant_api.catalog import categories
from merchant_api.catalog.models import Product
from merchant_api.core.db import session
from merchant_api.core.paging import Page, Window, mapped, newest_first
from merchant_api.stock import places, reach
from merchant_api.stock.adjust import Adjusted
from merchant_api.stock.figures import CellView, Named, ProductDetail, ProductStock, ProductTotals
from merchant_api.stock.ledger_models import LedgerRow
from merchant_api.stock.models import Cell, Grade, Hold, Location
from merchant_api.stock.narrow import Narrow, RowsWanted, narrow
from merchant_api.stock.states import HoldState

HOLDS_SHOWN = 200
ENTRIES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class CellsWanted:
    """Which cells the live view shows, by product and by the names of places and category."""

    product_id: UUID | None = None
    location: str | None = None
    grade: str | None = None
    category: str | None = None


def totals(merchant_id: UUID, product_ids: Iterable[UUID]) -> dict[UUID, ProductTotals]:
    """The figures of some products by one grouped read; a product without a cell has none."""
    owed = func.sum(func.greatest(Cell.held - Cell.on_hand, 0))
    rows = (
        select(Cell.product_id, func.sum(Cell.on_hand), func.sum(Cell.held), func.sum(Cell.used), owed)
        .where(Cell.merchant_id == merchant_id, Cell.product_id.in_(sorted(product_ids)))
        .group_by(Cell.product_id)
    )
    return {row[0]: ProductTotals(*row[1:]) for row in session().execute(rows)}


def page(merchant_id: UUID, wanted: CellsWanted, at: Window) -> Page[ProductStock]:
    """Products that have cells at the wanted places, newest first, with those cells."""
    place = places.sought(merchant_id, wanted.location, wanted.grade)
    wished = _cells(merchant_id, wanted.product_id, place)
    inside = wished.where(Cell.product_id == Product.id).correlate(Product).exists()
    rows = select(Product).where(Product.merchant_id == merchant_id, inside)
    if wanted.category is not None:
        rows = rows.where(Product.category_id == categories.sought(merchant_id, wanted.category))
    products = newest_first(rows, Product.id, at)
    cells = _views(wished.where(Cell.product_id.in_([row.id for row in products.items])))
    return mapped(products, lambda product: ProductStock(product, cells.get(product.id, [])))


def detail(product: Product) -> ProductDetail:
    """All about the stock of a product."""
    merchant_id = product.merchant_id
    cells = _views(_cells(merchant_id, product.id, {}))
    held = (
        select(Hold)
        .where(Hold.merchant_id == merchant_id, Hold.product_id == product.id, Hold.state == HoldState.OPEN)
        .order_by(Hold.id)
        .limit(HOLDS_SHOWN)
    )
    entries = newest_first(_ledger(narrow(merchant_id, RowsWanted(product.id))), LedgerRow.id, Window(ENTRIES_SHOWN))
    named = places.names(merchant_id)
    return ProductDetail(
        product,
        cells.get(product.id, []),
        [_named(row, named) for row in session().execute(held).scalars()],
        [_named(row, named) for row in entries.items],
    )


def ledger(merchant_id: UUID, wanted: RowsWanted, at: Window) -> Page[Named]:
    """The ledger, newest first."""
    narrowed = narrow(merchant_id, wanted)
    last_id = reach.last_id(narrowed, (LedgerRow.happened_at,), at)
    rows = newest_first(_ledger(narrowed), LedgerRow.id, at, last_id)
    named = places.names(merchant_id) if rows.items else {}
    return mapped(rows, lambda row: _named(row, named))


def after(merchant_id: UUID, adjusted: Sequence[Adjusted]) -> list[Named]:
    """The ledger rows of adjustments that were just made, in their order."""
    numbered = [(*each.cell, each.balance.seq) for each in adjusted]
    key = tuple_(LedgerRow.product_id, LedgerRow.location_id, LedgerRow.grade_id, LedgerRow.seq)
    rows = session().execute(select(LedgerRow).where(LedgerRow.merchant_id == merchant_id, key.in_(numbered))).scalars()
    found = {(row.product_id, row.location_id, row.grade_id, row.seq): row for row in rows}
    named = places.names(merchant_id)
    return [_named(found[number], named) for number in numbered]


def _named(row: LedgerRow | Hold, named: dict[UUID, str]) -> Named:
    return Named(row, named[row.location_id], named[row.grade_id])


def _cells(
    merchant_id: UUID, product_id: UUID | None, place: Mapping[str, UUID]
) -> Select[UUID, str, str, int, int, int, int]:
    everywhere = aliased(Cell)
    free = select(func.greatest(func.sum(everywhere.on_hand - everywhere.held), 0)).where(
        everywhere.merchant_id == merchant_id, everywhere.product_id == Cell.product_id
    )
    rows = (
        select(
            Cell.product_id,
            Location.name,
            Grade.name,
            Cell.on_hand,
            Cell.held,
            Cell.used,
            free.scalar_subquery().label("free"),
        )
        .join(Location, (Location.merchant_id == Cell.merchant_id) & (Location.id == Cell.location_id))
        .join(Grade, (Grade.merchant_id == Cell.merchant_id) & (Grade.id == Cell.grade_id))
        .where(Cell.merchant_id == merchant_id)
    )
    if product_id is not None:
        rows = rows.where(Cell.product_id == product_id)
    return rows.where(*(getattr(Cell, column) == place_id for column, place_id in place.items()))


def _views(cells: Select[UUID, str, str, int, int, int, int]) -> dict[UUID, list[CellView]]:
    found: dict[UUID, list[CellView]] = {}
    for row in session().execute(cells.order_by(Location.rank, Grade.rank, Location.id, Grade.id)):
        found.setdefault(row[0], []).append(CellView(*row[1:]))
    return found


def _ledger(narrowed: Narrow) -> Select[LedgerRow]:
    return narrowed.of(select(LedgerRow), LedgerRow, LedgerRow.happened_at)
