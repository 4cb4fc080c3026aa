"""The job of stock: what open holds lack is moved to where its units are, and then what is due is settled.

All cells of the products are locked by one statement, in the order in which placing locks them. Where nothing is owed
that costs nothing more. What could not be moved now, because its order is being changed, stays due.
"""

from collections.abc import Sequence
from uuid import UUID

from merchant_api.core.actor import Actor
from merchant_api.core.due import Due
from merchant_api.orders.due import ask_pickup
from merchant_api.orders.relocate import relocate
from merchant_api.stock import holds
from merchant_api.stock.lock import lock_products
from merchant_api.stock.models import Hold
from merchant_api.stock.settle import settle

TO_MOVE = Due(Hold, "ix_holds_move")


def run(merchant_id: UUID, ids: Sequence[UUID], actor: Actor) -> int:
    """Move for the products of these holds, then settle those of them that are due; gives the number settled."""
    named = holds.by_id(merchant_id, ids)
    book = lock_products(merchant_id, {row.product_id for row in named})
    made, stuck = relocate(book, actor)
    done = [row for row in named if row.product_id not in stuck]
    settled = settle(book, [*(row.id for row in done), *made], actor)
    book.write()
    if made:
        ask_pickup.soon(merchant_id, made)
    if any(row.move_at for row in named):
        holds.looked_at(merchant_id, [row.id for row in done])
    return settled
