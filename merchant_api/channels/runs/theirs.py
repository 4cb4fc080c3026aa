"""Taking a shop's figure over into our stock: units come or go as the shop's own change, the channel named for it.

More units come into the cell that is taken from first; fewer go from the cells in that order, as far as they hold any.
Nothing is taken below zero: what could not go is given back to the caller, who shows it.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from merchant_api.core.actor import Actor
from merchant_api.stock import holds, places
from merchant_api.stock.ledger import Book, CellKey, Change
from merchant_api.stock.lock import lock_products
from merchant_api.stock.places import Place
from merchant_api.stock.prefer import preferred_cells
from merchant_api.stock.states import Reason


def take_over(merchant_id: UUID, units: Mapping[UUID, int], actor: Actor, comment: str) -> dict[UUID, int]:
    """Change on_hand of products by so many units; gives the units of each that could not be taken away."""
    wanted = {product_id: change for product_id, change in units.items() if change}
    if not wanted:
        return {}
    cells = preferred_cells(merchant_id, wanted)
    missing = set(wanted) - {cell[0] for cell in cells}
    made = [places.key_of(merchant_id, product_id, Place()) for product_id in sorted(missing)]
    if made:
        places.make_cells(merchant_id, made)
        cells += made
    book = lock_products(merchant_id, wanted)
    owing = book.owing()
    left = {product_id: _enter(book, cells, product_id, wanted[product_id], actor, comment) for product_id in wanted}
    book.write()
    holds.wake(merchant_id, owing | book.owing())
    return {product_id: short for product_id, short in left.items() if short}


def _enter(book: Book, cells: Sequence[CellKey], product_id: UUID, units: int, actor: Actor, comment: str) -> int:
    mine = [cell for cell in cells if cell[0] == product_id and cell in book.balances]
    if units > 0:
        book.change(Change(mine[0], Reason.CHANNEL_IMPORT, on_hand=units, comment=comment), actor)
        return 0
    left = -units
    for cell in mine:
        gone = min(left, book.balances[cell].on_hand)
        if gone:
            book.change(Change(cell, Reason.CHANNEL_IMPORT, on_hand=-gone, comment=comment), actor)
            left -= gone
    return left
