"""Units that were written off when they were cancelled, and are there again: the shop restocked or sold them."""

from collections.abc import Mapping
from uuid import UUID

from merchant_api.channels.sales.source import Source
from merchant_api.stock import holds
from merchant_api.stock.ledger import Change
from merchant_api.stock.lock import lock_products
from merchant_api.stock.prefer import preferred_cells
from merchant_api.stock.states import Reason


def put_back(source: Source, units: Mapping[UUID, int], name: str) -> None:
    """Receive so many units of products into the cells that are taken from first; raises TooManyUnits."""
    wanted = {product_id: number for product_id, number in units.items() if number}
    if not wanted:
        return
    homes: dict[UUID, tuple[UUID, UUID, UUID]] = {}
    for cell in preferred_cells(source.merchant_id, wanted):
        homes.setdefault(cell[0], cell)
    book = lock_products(source.merchant_id, wanted)
    owing = book.owing()
    for product_id, number in sorted(wanted.items()):
        comment = f"Written off from order {name} of {source.name}, and there again"
        book.change(Change(homes[product_id], Reason.RETURNED, on_hand=number, comment=comment), source.actor)
    book.write()
    holds.wake(source.merchant_id, owing)
