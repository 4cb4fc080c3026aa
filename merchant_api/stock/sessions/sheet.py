"""The counting sheet: the cells there are to be counted, and what is counted of them already in the staged session.

Counting is blind by default: people write down what they see, so what the books expect is shown only where it is asked
for. What should lie on the shelf is on_hand and what is sold but was not picked up yet.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, null, select, tuple_

from merchant_api.catalog import categories
from merchant_api.catalog.models import Category, Product, Status
from merchant_api.core.db import session
from merchant_api.core.paging import Page, Window, cut, mapped
from merchant_api.stock import places
from merchant_api.stock.models import Cell, Grade, Hold, Location
from merchant_api.stock.sessions import find
from merchant_api.stock.sessions.find import AtPlace
from merchant_api.stock.sessions.models import Count, StagedCell
from merchant_api.stock.states import HoldState

_KEY = (Cell.product_id, Cell.location_id, Cell.grade_id)


@dataclass(frozen=True, slots=True)
class SheetWanted:
    """Which cells a sheet shows, by names; `is_counted` None is both; `shows_expected` is not blind."""

    category: str | None = None
    location: str | None = None
    grade: str | None = None
    is_counted: bool | None = None
    shows_expected: bool = False


@dataclass(frozen=True, slots=True)
class SheetCell(AtPlace):
    """A cell to be counted."""

    @property
    def counted(self) -> dict[str, Any] | None:
        """Units, who counted them and when; None where nobody did."""
        if self.row.quantity is None:
            return None
        return {"quantity": self.row.quantity, "by": self.row.actor, "at": self.row.counted_at}


def page(merchant_id: UUID, wanted: SheetWanted, at: Window) -> Page[SheetCell]:
    """Cells to be counted, by their keys; raises NoStagedSession."""
    found = rows(merchant_id, wanted).order_by(*_KEY)
    if at.after is not None:
        found = found.where(tuple_(*_KEY) > at.after)
    seen = cut(session().execute(found.limit(at.limit + 1)).all(), at, find.key_of)
    return mapped(seen, lambda row: SheetCell(row, row.location, row.grade))


def rows(merchant_id: UUID, wanted: SheetWanted) -> Select[*tuple[Any, ...]]:
    """The cells of products that are tracked and not archived, with what is counted of each; raises NoStagedSession."""
    on_hand, on_shelf = _expected(merchant_id) if wanted.shows_expected else (null(), null())
    chosen = (
        select(
            *_KEY,
            Product.sku,
            Product.name,
            Category.name.label("category"),
            Location.name.label("location"),
            Grade.name.label("grade"),
            StagedCell.quantity,
            Count.actor,
            Count.counted_at,
            on_hand.label("on_hand"),
            on_shelf.label("on_shelf"),
        )
        .join(Product, and_(Product.merchant_id == Cell.merchant_id, Product.id == Cell.product_id))
        .join(Location, and_(Location.merchant_id == Cell.merchant_id, Location.id == Cell.location_id))
        .join(Grade, and_(Grade.merchant_id == Cell.merchant_id, Grade.id == Cell.grade_id))
        .outerjoin(Category, and_(Category.merchant_id == Product.merchant_id, Category.id == Product.category_id))
        .outerjoin(StagedCell, _is_count_of_cell(merchant_id, find.staged_id(merchant_id)))
        .outerjoin(Count, and_(Count.merchant_id == merchant_id, Count.id == StagedCell.count_id))
        .where(Cell.merchant_id == merchant_id, Product.is_tracked, Product.status != Status.ARCHIVED)
    )
    return chosen.where(*_narrowed(merchant_id, wanted))


def _narrowed(merchant_id: UUID, wanted: SheetWanted) -> list[ColumnElement[bool]]:
    place = places.sought(merchant_id, wanted.location, wanted.grade)
    conditions: list[ColumnElement[bool]] = [getattr(Cell, column) == place_id for column, place_id in place.items()]
    if wanted.category is not None:
        conditions.append(Product.category_id == categories.sought(merchant_id, wanted.category))
    if wanted.is_counted is not None:
        conditions.append(StagedCell.count_id.is_not(None) if wanted.is_counted else StagedCell.count_id.is_(None))
    return conditions


def _is_count_of_cell(merchant_id: UUID, session_id: UUID) -> ColumnElement[bool]:
    return and_(
        StagedCell.merchant_id == merchant_id,
        StagedCell.session_id == session_id,
        StagedCell.product_id == Cell.product_id,
        StagedCell.location_id == Cell.location_id,
        StagedCell.grade_id == Cell.grade_id,
    )


def _expected(merchant_id: UUID) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """on_hand, and what should lie on the shelf: the units that counting sees as `unpicked` lie there too."""
    sold = _held(merchant_id, Hold.state == HoldState.SETTLED, Hold.left_at.is_(None))
    taken = _held(merchant_id, Hold.state == HoldState.OPEN, Hold.left_at.is_not(None))
    return Cell.on_hand.expression, Cell.on_hand + sold - taken


def _held(merchant_id: UUID, *which: ColumnElement[bool]) -> ColumnElement[int]:
    units = select(func.coalesce(func.sum(Hold.quantity - Hold.back), 0)).where(
        Hold.merchant_id == merchant_id,
        Hold.product_id == Cell.product_id,
        Hold.location_id == Cell.location_id,
        Hold.grade_id == Cell.grade_id,
        *which,
    )
    return units.correlate(Cell).scalar_subquery()
