"""Adjusting live stock by hand: a new total, a direction and an amount, or what shall be available.

Every adjustment leaves a ledger row, one that confirms the figure too. Nothing is taken below zero.
"""

from dataclasses import dataclass
from uuid import UUID

from merchant_api.catalog import find as catalog
from merchant_api.core.actor import Actor
from merchant_api.stock import holds, places
from merchant_api.stock.errors import BelowZero, NotTracked, SeveralCells, StockMoved, UnitsOwed
from merchant_api.stock.ledger import Balance, Book, CellKey, Change
from merchant_api.stock.lock import lock_cells, lock_products
from merchant_api.stock.places import Place
from merchant_api.stock.states import Reason


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Units of on_hand: exactly one of `quantity` (the new total), `increase` and `decrease` is given."""

    product_id: UUID
    reason: Reason
    location: str = places.DEFAULT
    grade: str = places.DEFAULT
    quantity: int | None = None
    increase: int | None = None
    decrease: int | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """What shall be available of a product, in units; `seen` is what was available when the person looked."""

    quantity: int
    comment: str | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A cell after an adjustment; its ledger row is the one numbered `balance.seq`."""

    cell: CellKey
    balance: Balance


def adjust(merchant_id: UUID, wanted: Adjustment, actor: Actor) -> Adjusted:
    """Change on_hand of one cell, made where it does not exist.

    Raises NoSuchProduct, NotTracked, NoSuchPlace, BelowZero, TooManyUnits.
    """
    check_tracked(merchant_id, wanted.product_id)
    key = places.key_of(merchant_id, wanted.product_id, Place(wanted.location, wanted.grade))
    places.make_cells(merchant_id, [key])
    book = lock_products(merchant_id, [wanted.product_id])
    change = Change(key, wanted.reason, on_hand=_difference(wanted, book.balances[key]), comment=wanted.comment)
    return _made(book, change, actor)


def set_available(merchant_id: UUID, product_id: UUID, wanted: Level, actor: Actor) -> Adjusted:
    """on_hand := quantity + held, in the one cell where the product lies.

    Raises NoSuchProduct, NotTracked, SeveralCells, UnitsOwed, StockMoved, TooManyUnits.
    """
    check_tracked(merchant_id, product_id)
    book = lock_products(merchant_id, [product_id])
    if not book.balances:
        key = places.key_of(merchant_id, product_id, Place())
        places.make_cells(merchant_id, [key])
        book = lock_cells(merchant_id, [key])
    key = _only_cell(merchant_id, book)
    balance = book.balances[key]
    if balance.available < 0:
        raise UnitsOwed(available=balance.available, owed=-balance.available)
    if wanted.seen is not None and wanted.seen != balance.available:
        raise StockMoved(f"{balance.available} are available now.", available=balance.available)
    difference = wanted.quantity - balance.available
    return _made(book, Change(key, Reason.CORRECTION, on_hand=difference, comment=wanted.comment), actor)


def check_tracked(merchant_id: UUID, product_id: UUID) -> None:
    """Raises NoSuchProduct, and NotTracked for a product without stock figures."""
    if not catalog.product(merchant_id, product_id).is_tracked:
        raise NotTracked


def _difference(wanted: Adjustment, now: Balance) -> int:
    if wanted.quantity is not None:
        return wanted.quantity - now.on_hand
    difference = (wanted.increase or 0) - (wanted.decrease or 0)
    if now.on_hand + difference < 0:
        raise BelowZero(f"{now.on_hand} are on hand.", on_hand=now.on_hand)
    return difference


def _only_cell(merchant_id: UUID, book: Book) -> CellKey:
    """The cell with units or promises; of empty cells the default one, or else the only one."""
    busy = [key for key, balance in book.balances.items() if balance.on_hand or balance.held]
    if len(busy) > 1:
        raise SeveralCells(cells=len(busy))
    if busy:
        return busy[0]
    keys = sorted(book.balances)
    if len(keys) == 1:
        return keys[0]
    default = places.key_of(merchant_id, keys[0][0], Place())
    return default if default in book.balances else keys[0]


def _made(book: Book, change: Change, actor: Actor) -> Adjusted:
    owing = book.owing()
    balance = book.change(change, actor)
    book.write()
    if change.on_hand:
        holds.wake(book.merchant_id, owing | book.owing())
    return Adjusted(change.cell, balance)
