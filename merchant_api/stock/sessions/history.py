"""What closed sessions left: their snapshots, what differs between two of them, and a product's level over all."""

from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select, text, tuple_

from merchant_api.catalog import find as catalog
from merchant_api.catalog.models import Product
from merchant_api.core.db import session
from merchant_api.core.paging import Page, Window, cut, newest_first
from merchant_api.stock.sessions import find
from merchant_api.stock.sessions.errors import NotClosed
from merchant_api.stock.sessions.find import AtPlace
from merchant_api.stock.sessions.models import Session, Snapshot
from merchant_api.stock.sessions.plan import NOWHERE
from merchant_api.stock.sessions.states import SessionState

_NAMES = ("merchant_id", "first_id", "second_id", "product_id", "location_id", "grade_id")
# A cell that one of the two does not know was made after it: it held nothing then.
_COMPARE = text(
    """
    WITH both_of_them AS (
        SELECT product_id, location_id, grade_id,
            coalesce(one.on_hand, 0) AS first_on_hand, coalesce(one.held, 0) AS first_held,
            coalesce(one.used, 0) AS first_used, coalesce(two.on_hand, 0) AS second_on_hand,
            coalesce(two.held, 0) AS second_held, coalesce(two.used, 0) AS second_used
        FROM (SELECT * FROM snapshots WHERE merchant_id = :merchant_id AND session_id = :first_id) AS one
        FULL JOIN (SELECT * FROM snapshots WHERE merchant_id = :merchant_id AND session_id = :second_id) AS two
            USING (product_id, location_id, grade_id)
    )
    SELECT both_of_them.*, products.sku
    FROM both_of_them JOIN products ON products.merchant_id = :merchant_id AND products.id = product_id
    WHERE (first_on_hand, first_held, first_used) <> (second_on_hand, second_held, second_used)
        AND (product_id, location_id, grade_id) > (:product_id, :location_id, :grade_id)
    ORDER BY product_id, location_id, grade_id LIMIT :limit
    """
).bindparams(*(bindparam(name, type_=Uuid()) for name in _NAMES))


def snapshot(merchant_id: UUID, which: str, at: Window) -> Page[AtPlace]:
    """The cells of a closed session as it left them; raises NotFound, NotClosed."""
    closed = closed_session(merchant_id, which)
    rows = (
        select(Snapshot.__table__, (Snapshot.on_hand - Snapshot.held).label("available"), Product.sku)
        .join(Product, (Product.merchant_id == Snapshot.merchant_id) & (Product.id == Snapshot.product_id))
        .where(Snapshot.merchant_id == merchant_id, Snapshot.session_id == closed.id)
        .order_by(Snapshot.product_id, Snapshot.location_id, Snapshot.grade_id)
    )
    if at.after is not None:
        rows = rows.where(tuple_(Snapshot.product_id, Snapshot.location_id, Snapshot.grade_id) > at.after)
    found = session().execute(rows.limit(at.limit + 1)).all()
    return find.named(merchant_id, cut(found, at, find.key_of))


def compare(merchant_id: UUID, ids: tuple[str, str], at: Window) -> Page[AtPlace]:
    """The cells whose figures differ between two closed sessions; raises NotFound, NotClosed."""
    first, second = (closed_session(merchant_id, each).id for each in ids)
    product_id, location_id, grade_id = at.after or (NOWHERE, NOWHERE, NOWHERE)
    given = {
        "merchant_id": merchant_id,
        "first_id": first,
        "second_id": second,
        "product_id": product_id,
        "location_id": location_id,
        "grade_id": grade_id,
        "limit": at.limit + 1,
    }
    found = session().execute(_COMPARE, given).all()
    return find.named(merchant_id, cut(found, at, find.key_of))


def levels(merchant_id: UUID, product_id: UUID, at: Window) -> Page[dict[str, Any]]:
    """A product's figures over all its cells at the end of each closed session, the newest first.

    Raises NoSuchProduct.
    """
    catalog.product(merchant_id, product_id)
    closed = select(Session).where(Session.merchant_id == merchant_id, Session.state == SessionState.CLOSED)
    page = newest_first(closed, Session.id, at)
    figures = _figures(merchant_id, product_id, [row.id for row in page.items])
    return Page([_level(row, figures.get(row.id)) for row in page.items], page.next)


def _figures(merchant_id: UUID, product_id: UUID, ids: list[UUID]) -> dict[UUID, Any]:
    rows = (
        select(
            Snapshot.session_id,
            func.sum(Snapshot.on_hand).label("on_hand"),
            func.sum(Snapshot.held).label("held"),
            func.sum(Snapshot.used).label("used"),
        )
        .where(Snapshot.merchant_id == merchant_id, Snapshot.session_id.in_(ids), Snapshot.product_id == product_id)
        .group_by(Snapshot.session_id)
    )
    return {row.session_id: row for row in session().execute(rows)}


def _level(closed: Session, figures: Any) -> dict[str, Any]:
    on_hand, held, used = (0, 0, 0) if figures is None else (figures.on_hand, figures.held, figures.used)
    return {
        "session_id": closed.id,
        "closed_at": closed.closed_at,
        "on_hand": on_hand,
        "held": held,
        "available": on_hand - held,
        "used": used,
    }


def closed_session(merchant_id: UUID, which: str) -> Session:
    """A closed session by its id; raises NotFound, NotClosed."""
    row = find.one(merchant_id, which)
    if row.state is not SessionState.CLOSED:
        raise NotClosed
    return row
