"""Orders of the stand-in: stock is taken and given back as the shop does it, and kept by the line."""

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count
from typing import Any

from tests.channels.woocommerce.stand_in_catalog import Catalog
from tests.channels.woocommerce.stand_in_order_rows import Ordered, OrderedLine, order_row
from tests.channels.woocommerce.stand_in_php import Row

TAKES, GIVES = ("on-hold", "processing", "completed"), ("cancelled", "pending")


@dataclass
class OrderBook:
    """`decimals` is the setting by which totals are written when they are read."""

    catalog: Catalog
    decimals: int = 2
    orders: dict[int, Ordered] = field(default_factory=dict)
    line_ids: count = field(default_factory=lambda: count(1))

    def place(self, lines: dict[str, int], status: str = "processing", **more: Any) -> Ordered:
        now = self.catalog.clock.now()
        made = Ordered(next(self.catalog.ids), "new", [self._line(*each) for each in lines.items()], now, now, **more)
        self.orders[made.id] = made
        self.move(made, status)
        self.catalog.told("order.created", made.id)
        return made

    def _line(self, shop_id: str, quantity: int) -> OrderedLine:
        thing = self.catalog.named(shop_id)
        row, total = self.catalog.row(thing), Decimal(thing.price or 0) * quantity
        return OrderedLine(next(self.line_ids), thing.id, thing.parent, thing.name, row["sku"], quantity, total)

    def move(self, order: Ordered, status: str) -> None:
        """A change of status; `failed`, `refunded` and the bin move no stock."""
        order.status = status
        for line in order.lines:
            thing = self.catalog.things.get(line.thing)
            if thing is None:
                continue
            if status in TAKES and not line.reduced and self.catalog.move(thing, -int(line.quantity)):
                line.reduced = [int(line.quantity)]
            elif status in GIVES and line.reduced:
                self.catalog.move(thing, line.reduced[0])  # of units taken twice only the first are given back
                line.reduced = []
        if status in ("processing", "completed"):
            order.paid = order.paid or self.catalog.clock.now()
        self.touch(order)

    def take_again(self, order: Ordered) -> None:
        """Two calls set it to processing at the same time."""
        for line in order.lines:
            self.catalog.move(self.catalog.things[line.thing], -int(line.quantity))
            line.reduced.append(int(line.quantity))

    def change(self, order: Ordered, quantities: dict[str, int]) -> None:
        for shop_id, quantity in quantities.items():
            thing = self.catalog.named(shop_id)
            line = next(each for each in order.lines if each.thing == thing.id)
            if line.reduced:
                self.catalog.move(thing, line.reduced[0] - quantity)
                line.reduced = [quantity]
            line.total = line.total / Decimal(str(line.quantity)) * quantity
            line.quantity = quantity
        order.lines = [line for line in order.lines if line.quantity]
        self.touch(order)

    def refund(self, order: Ordered, units: dict[str, int], *, restock: bool = True) -> None:
        """Units by the listing's id; none: an amount only."""
        lines = []
        for shop_id, number in units.items():
            thing = self.catalog.named(shop_id)
            line = next(each for each in order.lines if each.thing == thing.id)
            if restock and line.reduced:
                self.catalog.move(thing, number)
                line.reduced[0] -= number
                line.restocked += number
            meta = [{"id": 1, "key": "_refunded_item_id", "value": str(line.id)}]
            lines.append({"id": next(self.line_ids), "quantity": -number, "total": "-1.00", "meta_data": meta})
        order.refunds.append({"id": next(self.catalog.ids), "line_items": lines})
        self.touch(order)

    def touch(self, order: Ordered) -> None:
        order.modified = self.catalog.clock.now()
        self.catalog.told("order.deleted" if order.status == "trash" else "order.updated", order.id)

    def remove(self, order: Ordered) -> None:
        """For good: nothing is given back, and nobody is told."""
        del self.orders[order.id]

    def row(self, order: Ordered) -> Row:
        return order_row(order, self.catalog, self.decimals)
