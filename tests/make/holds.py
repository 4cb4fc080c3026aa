"""Holds, as placing makes them, without the orders around them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from merchant_api.catalog.models import Product
from merchant_api.core.actor import job
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.stock import holds
from merchant_api.stock.cover import Promise, lacking
from merchant_api.stock.holds import UnitsWanted
from merchant_api.stock.lock import lock_products
from merchant_api.stock.models import Cell, Hold


def make_hold(product: Product, quantity: int, settle_at: datetime | None = None, cell: Cell | None = None) -> Hold:
    """An open hold on the product's first cell, or the given one; with `settle_at`, of a confirmed order."""
    book = lock_products(product.merchant_id, [product.id])
    key = next(iter(book.balances)) if cell is None else cell.key
    wanted = UnitsWanted(new_id(), 1, key, quantity)
    row = holds.hold(book, wanted, job("tests"), settle_at)
    session().add(row)
    book.write()
    session().commit()
    return row


def covered(on_hand: int, promises: Sequence[Promise]) -> set[UUID]:
    """The confirmed ones among the promises of a cell that lack nothing."""
    wanted = {each.hold_id: each.quantity for each in promises if each.is_confirmed}
    return wanted.keys() - lacking(on_hand, promises, wanted).keys()
