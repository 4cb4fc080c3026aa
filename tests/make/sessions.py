"""Sessions that are counted and closed."""

from typing import Any

from sqlalchemy import select

from merchant_api.accounts.models import Merchant
from merchant_api.catalog.models import Product
from merchant_api.core.actor import Actor, job
from merchant_api.core.db import session
from merchant_api.orders.due import settle_stock
from merchant_api.stock import holds
from merchant_api.stock.models import Cell, Hold
from merchant_api.stock.sessions import count as counting
from merchant_api.stock.sessions import promote, start
from merchant_api.stock.sessions.count import NewCount
from merchant_api.stock.sessions.models import Count, Session
from merchant_api.stock.sessions.promote import Close, Closed
from tests.make.people import make_actor


def make_staged(merchant: Merchant, actor: Actor | None = None) -> Session:
    """A staged session of the merchant, with nothing counted."""
    row = start.start(merchant.id, actor or make_actor())
    session().commit()
    return row


def make_count(product: Product, quantity: int, actor: Actor | None = None, **more: Any) -> Count:
    """Units counted of the product, in its default cell unless another place is named."""
    row = counting.count(product.merchant_id, NewCount(product.id, quantity, **more), actor or make_actor())
    session().commit()
    return row


def make_close(merchant: Merchant, actor: Actor | None = None, **wish: Any) -> Closed:
    """The live session closed and the staged one promoted."""
    done = promote.close(merchant.id, Close(**wish), actor or make_actor())
    session().commit()
    return done


def settled(row: Hold) -> Hold:
    """The hold after the settling job came by."""
    settle_stock.run(row.merchant_id, [row.id], job("tests"))
    session().commit()
    return row


def left(row: Hold) -> Hold:
    """The hold after its order was picked up."""
    holds.leave(row.merchant_id, row.order_id)
    session().commit()
    return row


def figures(product: Product) -> list[tuple[int, int]]:
    """on_hand and held of each of the product's cells, in the order of their keys."""
    session().rollback()
    rows = (
        select(Cell.on_hand, Cell.held)
        .where(Cell.merchant_id == product.merchant_id, Cell.product_id == product.id)
        .order_by(Cell.location_id, Cell.grade_id)
    )
    return [(row[0], row[1]) for row in session().execute(rows)]
