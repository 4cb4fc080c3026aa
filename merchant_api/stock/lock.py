"""Locks on cells: `FOR NO KEY UPDATE`, always sorted by primary key, so that no two transactions wait in a circle."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, select, tuple_

from merchant_api.core.db import session
from merchant_api.stock.ledger import Balance, Book, CellKey
from merchant_api.stock.models import Cell


def lock_cells(merchant_id: UUID, keys: Iterable[CellKey]) -> Book:
    """Lock cells that exist and open a book on what they hold now; unknown keys are simply not in the book."""
    wanted = sorted(set(keys))
    if not wanted:
        return Book(merchant_id, {})
    where = tuple_(Cell.product_id, Cell.location_id, Cell.grade_id).in_(wanted)
    return _locked(merchant_id, where)


def lock_products(merchant_id: UUID, product_ids: Iterable[UUID]) -> Book:
    """Lock every cell of some products."""
    wanted = sorted(set(product_ids))
    return _locked(merchant_id, Cell.product_id.in_(wanted)) if wanted else Book(merchant_id, {})


def _locked(merchant_id: UUID, where: ColumnElement[bool]) -> Book:
    rows = session().execute(
        select(Cell.product_id, Cell.location_id, Cell.grade_id, Cell.on_hand, Cell.held, Cell.used, Cell.seq)
        .where(Cell.merchant_id == merchant_id, where)
        .order_by(Cell.product_id, Cell.location_id, Cell.grade_id)
        .with_for_update(key_share=True)
    )
    return Book(merchant_id, {(row[0], row[1], row[2]): Balance(*row[3:]) for row in rows})
