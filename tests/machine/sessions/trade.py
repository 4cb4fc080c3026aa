"""The half of the model that buys and sells: orders, what is held for them, and what lies on the shelf meanwhile.

Written from DESIGN.md 2 and 3 and not from the code. Every verb gives "ok" or the code of the refusal that is due and
then changes nothing; or "not there", where the units that it would carry do not lie on the shelf.
"""

from copy import deepcopy
from dataclasses import dataclass, field

from tests.machine.sessions.things import PLACES, Cell, Goods, Held, Line, Order

NOT_THERE = "not there"
ON_SHELF = ("awaiting_payment", "confirmed")


@dataclass
class Trade:
    """Cells by product and place, orders as they came, and units held as they were promised."""

    goods: dict[str, Goods]
    cells: dict[tuple, Cell] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)
    holds: list[Held] = field(default_factory=list)
    received: set = field(default_factory=set)

    def cell(self, key):
        """The cell, made where it does not exist yet."""
        return self.cells.setdefault(key, Cell())

    def enter(self, key, units):
        """Write a change of on_hand into the books."""
        self.cell(key).on_hand += units
        if units > 0:
            self.received.add(key)

    def unpicked(self, key):
        """Sold units that still lie there, less those that have left and are not taken out of stock yet."""
        sold = sum(
            held.units for held in self.holds if held.key == key and held.state == "settled" and not held.has_left
        )
        gone = sum(held.units for held in self.holds if held.key == key and held.state == "open" and held.has_left)
        return sold - gone

    def promised_there(self, key):
        """Units on the shelf that belong to orders, sold or not: nobody else may have them."""
        return sum(
            held.units
            for held in self.holds
            if held.key == key and held.state in ("open", "settled") and not held.has_left
        )

    def due(self, key):
        """What on_hand ought to be: the units on the shelf that are not sold, and those gone that still count."""
        return self.cell(key).shelf - self.unpicked(key)

    def place(self, wanted, is_paid_later):
        """`wanted`: name, units, location or None, grade or None; a name at most once."""
        lines = []
        for name, units, location, grade in wanted:
            cells = [
                (name, place)
                for place in PLACES
                if (name, place) in self.cells and location in (None, place[0]) and grade in (None, place[1])
            ]
            if self._beyond(name, cells) < units and self.goods[name].when_short == "refuse":
                return "insufficient_stock"
            wished = [place for place in PLACES if location in (None, place[0]) and grade in (None, place[1])]
            lines.append((Line(name, units, wished), cells or [(name, wished[0])]))
        by_courier = any(self.goods[name].by_courier for name, *_ in wanted)
        state = "awaiting_payment" if is_paid_later else "confirmed"
        order = Order([line for line, _ in lines], by_courier, state, not is_paid_later)
        self.orders.append(order)
        for line, cells in lines:
            self._take(order, line, cells)
        return "ok"

    def _take(self, order, line, cells):
        """From the preferred cell first, and never what is promised anywhere; what is nowhere is owed by the first."""
        takes, most = {}, min(line.units, self._beyond(line.name, cells))
        for key in cells:
            units = min(most - sum(takes.values()), max(self.cell(key).available, 0))
            if units:
                takes[key] = units
        if owed := line.units - sum(takes.values()):
            takes[cells[0]] = takes.get(cells[0], 0) + owed
        for key, units in takes.items():
            self._hold(order, line, key, units)

    def _beyond(self, name, cells):
        """What an order can take of some cells: at most what the product has beyond all that is promised."""
        in_all = sum(cell.available for key, cell in self.cells.items() if key[0] == name)
        return min(sum(max(self.cell(key).available, 0) for key in cells), max(0, in_all))

    def _hold(self, order, line, key, units, *, is_by_hand=False):
        held = Held(order, key, units, [key[1]] if is_by_hand else line.wished)
        line.holds.append(held)
        self.holds.append(held)
        self.cell(key).held += units

    def pay(self, order):
        order.state, order.is_sold = "confirmed", True
        return "ok"

    def settle(self):
        for name in {held.key[0] for held in self.holds if held.state == "open" and held.order.is_sold}:
            self.look_elsewhere(name)
        for key in self.cells:
            self._settle(key, lambda order: order.is_sold)

    def _settle(self, key, is_sold, only=None):
        """The oldest promises first; one that is sold and not covered keeps those behind it waiting."""
        cell = self.cells[key]
        left = cell.on_hand
        for held in self.holds:
            if held.key != key or held.state != "open":
                continue
            if held.units > left and is_sold(held.order):
                break
            if held.units <= left:
                left -= held.units
                if is_sold(held.order) and only in (None, held.order):
                    held.state = "settled"
                    cell.on_hand, cell.held, cell.used = (
                        cell.on_hand - held.units,
                        cell.held - held.units,
                        cell.used + held.units,
                    )

    def allocate(self, order, number, place):
        if order.state not in ON_SHELF:
            return "not_on_shelf"
        line = order.lines[number % len(order.lines)]
        key = (line.name, place)
        own = [held for held in line.holds if held.state == "open"]
        leaving = [held for held in own if held.key != key]
        units = sum(held.units for held in leaving)
        if not own:
            return "nothing_held"
        in_all = sum(cell.available for at, cell in self.cells.items() if at[0] == line.name)
        if leaving and (key not in self.cells or min(self.cells[key].available, units + in_all) < units):
            return "insufficient_stock"
        for held in leaving:
            self._give_back(held)
        if leaving:
            self._hold(order, line, key, units, is_by_hand=True)
        return "ok"

    def _give_back(self, held):
        cell = self.cells[held.key]
        if held.state == "open":
            held.state = "released"
            cell.held -= held.units
        elif held.state == "settled":
            held.state = "restored"
            self.enter(held.key, held.units)
            cell.used -= held.units

    def lie_there(self, order):
        """Whether all that is held for an order can be carried away."""
        wanted = {}
        for held in order.holds:
            if held.state in ("open", "settled"):
                wanted[held.key] = wanted.get(held.key, 0) + held.units
        return all(self.cells[key].shelf >= units for key, units in wanted.items())

    def _is_owed(self, order):
        """Whether the books lack units of it: then it does not leave."""
        for key in self.cells:
            left = self.cells[key].on_hand
            for held in self.holds:
                if held.key == key and held.state == "open" and (held.units <= left or held.order.is_sold):
                    left -= held.units
                    if held.order is order and left < 0:
                        return True
        return False

    def look_elsewhere(self, name):
        """What open holds of a product lack is moved to where it lies and they may be, the oldest first."""
        keys = [(name, place) for place in PLACES if (name, place) in self.cells]
        left = {key: self.cells[key].on_hand for key in keys}
        spare = {key: self.cells[key].available for key in keys}
        for held in [held for held in self.holds if held.key[0] == name and held.state == "open"]:
            if min(spare.values()) >= 0:
                return
            others = [key for key in keys if key[1] in held.wished and key != held.key]
            lacking = held.units - min(held.units, left[held.key])
            if not held.order.is_sold and lacking > sum(left[key] for key in others):
                continue
            left[held.key] -= held.units - lacking
            for is_to_spare in (True, False):
                for key in others:
                    units = min(lacking, left[key], max(spare[key], 0) if is_to_spare else lacking)
                    left[key] -= units
                    spare[key] -= units
                    spare[held.key] += units
                    lacking -= units
                    self._move(held, key, units)

    def _move(self, held, key, units):
        """A part of a hold, as old as the whole."""
        if not units:
            return
        self.cells[held.key].held -= units
        self.cells[key].held += units
        held.units -= units
        part = Held(held.order, key, units, held.wished, root=held.root or held)
        family = [at for at, each in enumerate(self.holds) if part.root in (each, each.root)]
        self.holds.insert(family[-1] + 1, part)
        next(line for line in held.order.lines if part.root in line.holds).holds.append(part)
        if not held.units:
            held.state = "released"

    def _leave(self, order):
        """Its units leave the shelf; what lacks in one place may lie in another, where the job has not looked yet."""
        if self._is_owed(order):
            tried = deepcopy(self)
            leaving = tried.orders[self.orders.index(order)]
            tried._look_around(leaving)
            if tried._is_owed(leaving):
                return "units_owed"
            if not tried.lie_there(leaving):
                return NOT_THERE
            self._look_around(order)
        elif not self.lie_there(order):
            return NOT_THERE
        self._carry_away(order)
        return "ok"

    def _look_around(self, order):
        for name in {held.key[0] for held in order.holds}:
            self.look_elsewhere(name)

    def _carry_away(self, order):
        """What is still held of it is sold in the same step."""
        for key in self.cells:
            self._settle(key, lambda each: each.is_sold, order)
        for held in order.holds:
            if held.state in ("open", "settled") and not held.has_left:
                held.has_left = True
                self.cells[held.key].shelf -= held.units

    def pick_up(self, order):
        if order.state != "confirmed":
            return "wrong_state"
        if not order.by_courier:
            return "no_courier"
        said = self._leave(order)
        if said == "ok":
            order.state = "picked_up"
        return said

    def deliver(self, order):
        is_handed_over = order.state == "confirmed" and not order.by_courier
        if order.state != "picked_up" and not is_handed_over:
            return "wrong_state"
        said = self._leave(order) if is_handed_over else "ok"
        if said == "ok":
            order.state = "delivered"
        return said

    def fail(self, order):
        """The courier brings everything back to where it came from."""
        if order.state != "picked_up":
            return "wrong_state"
        for held in order.holds:
            if held.has_left and held.state in ("open", "settled"):
                self.cells[held.key].shelf += held.units
        return self._cancelled(order)

    def _cancelled(self, order):
        for held in order.holds:
            self._give_back(held)
        order.state = "cancelled"
        return "ok"

    def cancel(self, order, restock):
        """Without `restock`, what could be sold is gone for good, from the shelf too."""
        if order.state not in ON_SHELF:
            return "wrong_state"
        if restock:
            return self._cancelled(order)
        tried = deepcopy(self)
        leaving = tried.orders[self.orders.index(order)]
        tried._look_around(leaving)
        if not tried.lie_there(leaving):
            return NOT_THERE
        self._look_around(order)
        for key in {held.key for held in order.holds}:
            self._settle(key, lambda each: each is order or each.is_sold, order)
        for held in order.holds:
            if held.state == "open":
                self._give_back(held)
        self._carry_away(order)
        order.state = "cancelled"
        return "ok"
