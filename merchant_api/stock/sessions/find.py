"""Reading sessions: the list, one of them with its version, what is counted in it, and its log of counts."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, tuple_

from merchant_api.catalog import categories
from merchant_api.catalog.models import Product
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.core.paging import Page, Window, cut, mapped, newest_first
from merchant_api.stock import places
from merchant_api.stock.ledger import CellKey
from merchant_api.stock.sessions import plan
from merchant_api.stock.sessions.errors import NoStagedSession
from merchant_api.stock.sessions.models import Count, Session, StagedCell
from merchant_api.stock.sessions.states import SessionState

CELL = (UUID, UUID, UUID)  # the key of pages that are ordered by cells
BY_STATE = {"live": SessionState.LIVE, "staged": SessionState.STAGED}


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session; the version of one that is being counted grows with every count."""

    row: Session
    version: int


@dataclass(frozen=True, slots=True)
class SessionDetail(SessionView):
    """A session, how many cells are counted in it, and some of them."""

    counted: int
    cells: Page["AtPlace"]


@dataclass(frozen=True, slots=True)
class AtPlace:
    """A row about a cell, with the names of its place."""

    row: Any
    location: str
    grade: str


def sessions(merchant_id: UUID, at: Window) -> Page[SessionView]:
    """A merchant's sessions, the newest first."""
    return mapped(newest_first(select(Session).where(Session.merchant_id == merchant_id), Session.id, at), view)


def view(row: Session) -> SessionView:
    """A session that is at hand."""
    if row.state is not SessionState.STAGED:
        return SessionView(row, row.version)
    return SessionView(row, plan.version(row.merchant_id, row.id))


def one(merchant_id: UUID, which: str) -> Session:
    """A session by `live`, `staged` or its id; raises NotFound."""
    wanted = Session.state == BY_STATE[which] if which in BY_STATE else Session.id == _id(which)
    found = session().execute(select(Session).where(Session.merchant_id == merchant_id, wanted)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def staged_id(merchant_id: UUID) -> UUID:
    """The session that is counted into, not locked; raises NoStagedSession."""
    rows = select(Session.id).where(Session.merchant_id == merchant_id, Session.state == SessionState.STAGED)
    found = session().execute(rows).scalar_one_or_none()
    if found is None:
        raise NoStagedSession
    return found


def detail(merchant_id: UUID, which: str, at: Window, category: str | None = None) -> SessionDetail:
    """A session with a page of what is counted in it, by cells, of one category where it is named.

    Raises NotFound.
    """
    row = one(merchant_id, which)
    of_session = [StagedCell.merchant_id == merchant_id, StagedCell.session_id == row.id]
    if category is not None:
        inside = select(Product.id).where(
            Product.merchant_id == merchant_id, Product.category_id == categories.sought(merchant_id, category)
        )
        of_session.append(StagedCell.product_id.in_(inside))
    counted = session().execute(select(func.count()).where(*of_session)).scalar_one()
    key = tuple_(StagedCell.product_id, StagedCell.location_id, StagedCell.grade_id)
    rows = (
        select(StagedCell.__table__, Product.sku)
        .join(Product, (Product.merchant_id == StagedCell.merchant_id) & (Product.id == StagedCell.product_id))
        .where(*of_session)
        .order_by(StagedCell.product_id, StagedCell.location_id, StagedCell.grade_id)
    )
    if at.after is not None:
        rows = rows.where(key > at.after)
    found = session().execute(rows.limit(at.limit + 1)).all()
    seen = view(row)
    return SessionDetail(row, seen.version, counted, named(merchant_id, cut(found, at, key_of)))


def log(merchant_id: UUID, which: str, at: Window) -> Page[AtPlace]:
    """A session's log of counts, the newest first; raises NotFound."""
    row = one(merchant_id, which)
    rows = select(Count).where(Count.merchant_id == merchant_id, Count.session_id == row.id)
    return named(merchant_id, newest_first(rows, Count.id, at))


def placed(row: Count) -> AtPlace:
    """A row of the log that is at hand."""
    names = places.names(row.merchant_id)
    return AtPlace(row, names[row.location_id], names[row.grade_id])


def named(merchant_id: UUID, page: Page[Any]) -> Page[AtPlace]:
    """The same page with the names of places."""
    names = places.names(merchant_id) if page.items else {}
    return mapped(page, lambda row: AtPlace(row, names[row.location_id], names[row.grade_id]))


def key_of(row: Row[Any]) -> CellKey:
    """The cell that a row is about."""
    return (row.product_id, row.location_id, row.grade_id)


def _id(which: str) -> UUID:
    try:
        return UUID(which)
    except ValueError as error:
        raise NotFound from error
