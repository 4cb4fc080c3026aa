"""The figures of stock as they are shown, per product and per cell. Sums are taken here, not by who shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from merchant_api.catalog.models import Product
from merchant_api.stock.ledger_models import LedgerRow
from merchant_api.stock.models import Hold


@dataclass(frozen=True, slots=True)
class ProductTotals:
    """Units of a product over all its cells; `owed` is what is promised beyond what is there, cell by cell."""

    on_hand: int = 0
    held: int = 0
    used: int = 0
    owed: int = 0

    @property
    def available(self) -> int:
        """on_hand - held; negative where more is promised than there is."""
        return self.on_hand - self.held

    @property
    def free(self) -> int:
        """What an order can take now: what one cell owes counts against all of them (docs/decisions/0016)."""
        return max(self.available, 0)


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell with the names of its place; `free` is what an order can take of its product, from wherever."""

    location: str
    grade: str
    on_hand: int
    held: int
    used: int
    free: int

    @property
    def own(self) -> int:
        """What lies there beyond what is promised there; negative where the cell owes."""
        return self.on_hand - self.held

    @property
    def available(self) -> int:
        """What others can buy from this cell: units that another cell owes are not for sale here either."""
        return min(self.own, self.free)


@dataclass(frozen=True, slots=True)
class ProductStock:
    """A product and its cells."""

    product: Product
    cells: Sequence[CellView]

    @property
    def totals(self) -> ProductTotals:
        """The figures over the cells shown."""
        return ProductTotals(
            on_hand=sum(cell.on_hand for cell in self.cells),
            held=sum(cell.held for cell in self.cells),
            used=sum(cell.used for cell in self.cells),
            owed=sum(max(-cell.own, 0) for cell in self.cells),
        )


@dataclass(frozen=True, slots=True)
class Named:
    """A ledger row or a hold, with the names of its place."""

    row: LedgerRow | Hold
    location: str
    grade: str


@dataclass(frozen=True, slots=True)
class ProductDetail(ProductStock):
    """All about the stock of one product: its oldest open holds and its latest ledger rows among it."""

    holds: Sequence[Named]
    history: Sequence[Named]
