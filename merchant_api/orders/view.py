"""An order as it is shown: the row, its lines, and what its holds are now."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from merchant_api.core.money import Money
from merchant_api.orders.models import Order, OrderLine
from merchant_api.stock.models import Hold
from merchant_api.stock.states import HoldState


@dataclass(frozen=True, slots=True)
class LineView:
    """A line with its units held now and its units already taken out of stock."""

    row: OrderLine
    currency: str
    held: int
    settled: int

    @property
    def unit_price(self) -> Money:
        """The price of one unit."""
        return Money(self.row.unit_price, self.currency)


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order with its lines."""

    order: Order
    lines: Sequence[LineView]


def view(order: Order, lines: Iterable[OrderLine], holds: Iterable[Hold]) -> OrderView:
    """Put an order together."""
    units: dict[tuple[int, HoldState], int] = {}
    for hold in holds:
        units[hold.line, hold.state] = units.get((hold.line, hold.state), 0) + hold.units
    shown = [
        LineView(
            row=line,
            currency=order.currency,
            held=units.get((line.line, HoldState.OPEN), 0),
            settled=units.get((line.line, HoldState.SETTLED), 0),
        )
        for line in sorted(lines, key=lambda line: line.line)
    ]
    return OrderView(order, shown)
