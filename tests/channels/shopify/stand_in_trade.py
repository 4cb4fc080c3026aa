"""What merchants and shoppers do in the stand-in's shop, and what becomes of stock, as Shopify documents it.

An order takes from `available` and adds to `committed`; sending takes from `committed`; a refund, an edit or a
cancellation gives units back only where it restocks.
"""

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tests.channels.shopify.stand_in_events import Events
from tests.channels.shopify.stand_in_goods import MAIN, Goods, Item, Line, Order, Refund


class Trade:
    """One shop; every step is one at a time."""

    def __init__(self) -> None:
        self.goods = Goods()
        self.events = Events()
        self.lock = threading.RLock()

    def tick(self, seconds: float = 1) -> None:
        """Time passes."""
        self.goods.now += timedelta(seconds=seconds)

    def add(self, sku: str | None, title: str, level: int, price: str = "15.00", **more: Any) -> Item:
        """Put something up for sale at the main location."""
        item = Item(self.goods.number(), sku, title, price, {MAIN: level}, **more)
        self.goods.items[item.number] = item
        return item

    def order(self, wanted: Mapping[int, int], place: str = MAIN, price: str | None = None) -> Order:
        """A shopper orders and pays."""
        with self.lock:
            lines = [
                Line(self.goods.number(), item, item.title, item.sku, units, units, price or item.price)
                for item, units in ((self.goods.items[number], units) for number, units in wanted.items())
            ]
            order = Order(self.goods.number(), lines, self.goods.now, self.goods.now)
            self.goods.orders[order.number] = order
            for line in lines:
                self._take(line, line.quantity, place)
            self.events.order("ORDERS_CREATE", order)
            return order

    def refund(self, order: Order, units: Mapping[int, int], restock: str = "RETURN") -> Refund:
        """Give money back for units of items, and the units to stock or not."""
        with self.lock:
            refund = Refund(self.goods.number(), [])
            for line in order.lines:
                back = units.get(line.item.number, 0) if line.item else 0
                if back:
                    self._off(line, back, restock != "NO_RESTOCK")
                    refund.lines.append((line, back, restock))
            order.refunds.append(refund)
            self._changed(order, "PARTIALLY_REFUNDED" if any(line.current for line in order.lines) else "REFUNDED")
            return refund

    def cancel(self, order: Order, restock: str = "CANCEL") -> None:
        """Cancel all of it."""
        with self.lock:
            units = {line.item.number: line.current for line in order.lines if line.item}
            order.cancelled_at = self.goods.now
            self.refund(order, units, restock)

    def edit(self, order: Order, wanted: Mapping[int, int], restock: str = "CANCEL") -> None:
        """Other quantities; more of an item is more of its line, less is a refund without money."""
        with self.lock:
            less = {}
            for line in order.lines:
                units = wanted.get(line.item.number, line.current) if line.item else line.current
                if units > line.current:
                    self._take(line, units - line.current)
                    line.quantity += units - line.current
                    line.current = units
                elif units < line.current and line.item:
                    less[line.item.number] = line.current - units
            if less:
                self.refund(order, less, restock)
            self._changed(order)

    def drop_units(self, order: Order, units: int) -> None:
        """Units leave the first line, and no refund says what became of them."""
        order.lines[0].current -= units
        self._changed(order)

    def send(self, order: Order) -> None:
        """Send all that is left."""
        with self.lock:
            for line in order.lines:
                if line.item and line.item.is_tracked:
                    line.item.committed -= line.current - line.sent
                line.sent = line.current
            order.fulfilment = "FULFILLED"
            self._changed(order)

    def _take(self, line: Line, units: int, place: str = MAIN) -> None:
        if line.item and line.item.is_tracked:
            line.item.available[place] -= units
            line.item.committed += units

    def _off(self, line: Line, units: int, is_back: bool) -> None:
        unsent = min(units, line.current - line.sent)
        line.current -= units
        if line.item and line.item.is_tracked:
            line.item.committed -= unsent
            line.item.available[MAIN] += units if is_back else 0

    def _changed(self, order: Order, financial: str | None = None) -> None:
        order.updated_at = self.goods.now
        order.financial = financial or order.financial
        self.events.order("ORDERS_UPDATED", order)
