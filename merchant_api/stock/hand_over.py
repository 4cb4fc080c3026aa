"""Units that leave the shelf with an order: whatever of it is still open is settled then and there, whole.

What the books do not have for it is owed and does not leave, unless somebody says that the goods were there: then they
are received first, in the same transaction and in the ledger, so that nobody else's next receipt makes up for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from merchant_api.core.actor import Actor
from merchant_api.stock import holds, settle
from merchant_api.stock.ledger import Book, Change
from merchant_api.stock.models import Hold
from merchant_api.stock.states import HoldState, Reason

SAID = "Was there when the order left"


@dataclass(frozen=True, slots=True)
class Leaving:
    """The holds of an order that leaves, its cells locked, and the units that each open one lacks by its id."""

    book: Book
    held: Sequence[Hold]
    lacks: dict[UUID, int]

    @property
    def owed(self) -> dict[int, int]:
        """Units owed by line; lines that are owed none are not named."""
        found: dict[int, int] = {}
        for row in self.held:
            if row.id in self.lacks:
                found[row.line] = found.get(row.line, 0) + self.lacks[row.id]
        return found

    @property
    def waiting(self) -> list[Hold]:
        """What is not settled yet."""
        return [row for row in self.held if row.state is HoldState.OPEN]


def look(merchant_id: UUID, order_id: UUID) -> Leaving:
    """What an order takes along. The caller holds its lock; all cells of its products are locked where something is
    still open.
    """
    held = holds.of_orders(merchant_id, [order_id])
    if all(row.state is not HoldState.OPEN for row in held):
        return Leaving(Book(merchant_id, {}), held, {})
    book, held = holds.lock_for_orders(merchant_id, [order_id])
    return of(book, held)


def of(book: Book, held: Sequence[Hold]) -> Leaving:
    """The same of holds that are known; the caller has locked their cells."""
    return Leaving(book, held, settle.lacking(book, (row for row in held if row.state is HoldState.OPEN)))


def hand_over(leaving: Leaving, actor: Actor) -> None:
    """Receive what is lacking, settle what is open, and note that all of it has left; raises TooManyUnits."""
    settle_all(leaving, actor)
    leaving.book.write()
    for order_id in {row.order_id for row in leaving.held}:
        holds.leave(leaving.book.merchant_id, order_id)


def settle_all(leaving: Leaving, actor: Actor) -> None:
    """Receive what is lacking and settle what is open; the caller writes the book. Raises TooManyUnits."""
    for row in leaving.waiting:
        if row.id in leaving.lacks:
            units = leaving.lacks[row.id]
            change = Change(row.cell, Reason.RECEIVED, on_hand=units, comment=SAID, order_id=row.order_id)
            leaving.book.change(change, actor)
    holds.settle(leaving.book, leaving.waiting, actor)
