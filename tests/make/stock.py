"""Products and cells."""

from itertools import count
from typing import Any

from sqlalchemy import select

from merchant_api.accounts.models import Merchant
from merchant_api.catalog.models import Fulfilment, Product, ProductKind, Status, WhenShort
from merchant_api.core import clock
from merchant_api.core.actor import job
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.stock.ledger import Change
from merchant_api.stock.lock import lock_cells
from merchant_api.stock.models import Cell, Grade, Location
from merchant_api.stock.states import Reason
from tests.make.people import make_merchant, saved

_numbers = count(1)


def make_product(merchant: Merchant | None = None, on_hand: int = 0, **columns: Any) -> Product:
    """A published product at NPR 1,500.00 whose default cell holds `on_hand` units, by an opening ledger row."""
    merchant = merchant or make_merchant()
    number = next(_numbers)
    settings: dict[str, Any] = {
        "sku": f"SKU-{number}",
        "name": f"Mug {number}",
        "description": "",
        "kind": ProductKind.MERCHANDISE,
        "status": Status.PUBLISHED,
        "fulfilment": Fulfilment.COURIER,
        "when_short": WhenShort.ASK,
        "is_tracked": True,
        "price": 150_000,
        "max_quantity": 0,
        **columns,
    }
    product = saved(
        Product(merchant_id=merchant.id, id=new_id(), created_at=clock.now(), changed_at=clock.now(), **settings)
    )
    make_cell(product, on_hand)
    return product


def make_cell(product: Product, on_hand: int, location: str = "default", grade: str = "default") -> Cell:
    """A cell of the product at a place of its merchant, made where it does not exist."""
    cell = Cell(
        merchant_id=product.merchant_id,
        product_id=product.id,
        location_id=_place(Location, product, location),
        grade_id=_place(Grade, product, grade),
        on_hand=0,
        held=0,
        used=0,
        seq=0,
    )
    saved(cell)
    if on_hand:
        book = lock_cells(product.merchant_id, [cell.key])
        book.change(Change(cell.key, Reason.OPENING, on_hand=on_hand), job("tests"))
        book.write()
        session().commit()
        session().refresh(cell)
    return cell


def _place(table: type[Location] | type[Grade], product: Product, name: str) -> Any:
    found = (
        session()
        .execute(select(table.id).where(table.merchant_id == product.merchant_id, table.name == name))
        .scalar_one_or_none()
    )
    if found is not None:
        return found
    row = {"merchant_id": product.merchant_id, "id": new_id(), "name": name, "rank": 1, "created_at": clock.now()}
    return saved(table(**row)).id


def balances(product: Product) -> tuple[int, int, int]:
    """on_hand, held and used of the product over all its cells."""
    session().rollback()
    rows = (
        session()
        .execute(
            select(Cell.on_hand, Cell.held, Cell.used).where(
                Cell.merchant_id == product.merchant_id, Cell.product_id == product.id
            )
        )
        .all()
    )
    return sum(row[0] for row in rows), sum(row[1] for row in rows), sum(row[2] for row in rows)


def available(product: Product) -> int:
    """What of the product is on hand and not held, over all its cells."""
    on_hand, held, _ = balances(product)
    return on_hand - held
