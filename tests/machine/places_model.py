"""The model's part for places, from DESIGN.md: what an order takes from where, and what moves and settles.

A product is one shelf as far as the choices of its orders allow: nothing is sold that is promised anywhere.
"""

from tests.machine.things import Held


class Places:
    """Stock of a shop that has `goods` by name, and `holds` with their orders, oldest first."""

    def _route(self, wanted, when_short=None):
        """The verdict on each line and what it takes by place; those that name a place come first."""
        left = {id(goods): goods.available() for goods, _, _ in wanted}
        groups = {}
        for number, (goods, units, where) in enumerate(wanted):
            groups.setdefault((id(goods), where), []).append((number, goods, units))
        verdicts, takes = [""] * len(wanted), [{} for _ in wanted]
        for (_, where), lines in sorted(groups.items(), key=lambda group: group[0][1] is None):
            goods = lines[0][1]
            mine = left[id(goods)]
            units = sum(line[2] for line in lines)
            is_covered = not goods.is_tracked or self.can_take(mine, where) >= units
            verdict = "covered" if is_covered else when_short or goods.when_short
            for number, _, quantity in lines:
                verdicts[number] = verdict
                if goods.is_tracked and verdict in ("covered", "backorder"):
                    takes[number] = self._take_all(mine, quantity, where, goods)
        return verdicts, takes

    def _verdict(self, goods, units):
        return self._route([(goods, units, None)])[0][0]

    def can_take(self, left, where):
        """What an order can take: in its places, and never more than is left in all of them together."""
        in_places = sum(max(units, 0) for place, units in left.items() if where in (None, place))
        return min(in_places, max(0, sum(left.values())))

    def _take(self, left, units, where, goods):
        taken, most = {}, min(units, self.can_take(left, where))
        for place in goods.places:
            part = min(most - sum(taken.values()), max(left[place], 0))
            if where in (None, place) and part > 0:
                taken[place] = part
                left[place] -= part
        return taken

    def _take_all(self, left, units, where, goods):
        """The rest of a backorder is owed in the first of its places."""
        taken = self._take(left, units, where, goods)
        owed = units - sum(taken.values())
        if owed:
            place = where or goods.places[0]
            taken[place] = taken.get(place, 0) + owed
            left[place] -= owed
        return taken

    def _hold(self, order, line, taken):
        for place, units in taken.items():
            hold = Held(line, place, units)
            hold.cell.held += units
            line.holds.append(hold)
            self.holds.append((order, hold))

    def settle(self):
        """The job: what open holds lack is moved, then what is sold and covered is taken out of stock."""
        for goods in self.goods.values():
            for order, hold, place, units in self.moves(goods):
                self._move(order, hold, place, units)
            for cell in goods.cells.values():
                self._settle(cell, lambda order: order.confirmed_at is not None)

    def moves(self, goods):
        """Which units of which open holds belong elsewhere: each takes from where it lies, then from where it may."""
        left = {place: cell.on_hand for place, cell in goods.cells.items()}
        spare, found = goods.available(), []
        for order, hold in self.open_of(goods):
            others = [place for place in goods.places if place != hold.place and hold.line.where is None]
            lacking = hold.units - min(hold.units, left[hold.place])
            if order.confirmed_at is None and lacking > sum(left[place] for place in others):
                continue
            left[hold.place] -= hold.units - lacking
            for is_to_spare in (True, False):
                for place in others:
                    part = min(lacking, left[place], max(spare[place], 0) if is_to_spare else lacking)
                    if part:
                        left[place] -= part
                        spare[place] -= part
                        spare[hold.place] += part
                        lacking -= part
                        found.append((order, hold, place, part))
        return found

    def open_of(self, goods):
        """Open holds of a product with their orders, oldest first."""
        return [(order, hold) for order, hold in self.holds if hold.goods is goods and hold.state == "open"]

    def _move(self, order, hold, place, units):
        """A part of a hold is as old as the whole."""
        hold.give_back(units)
        root = hold.root or hold
        part = Held(hold.line, place, units, root=root)
        part.cell.held += units
        for holds, entry in ((self.holds, (order, part)), (hold.line.holds, part)):
            family = [at for at, each in enumerate(holds) if root in (self._held(each), self._held(each).root)]
            holds.insert(family[-1] + 1, entry)

    def _held(self, each):
        return each if isinstance(each, Held) else each[1]

    def _sell(self, ending):
        """Take the open units of an order that ends for good, as if it were sold: never before older promises."""
        for cell in {id(hold.cell): hold.cell for hold in ending.holds()}.values():
            mine = [hold for order, hold in self.holds if order is ending]
            self._settle(cell, lambda order: order is ending or order.confirmed_at is not None, mine)

    def _settle(self, cell, is_sold, only=None):
        """The oldest promises first; one that is sold but not covered keeps those behind it waiting."""
        left = cell.on_hand
        for order, hold in self.holds:
            if hold.cell is not cell or hold.state != "open":
                continue
            if hold.units > left and is_sold(order):
                break
            if hold.units <= left:
                left -= hold.units
                if is_sold(order) and (only is None or any(hold is each for each in only)):
                    hold.settle()

    def set_available(self, name, units):
        goods = self.goods[name]
        if not goods.is_tracked:
            return "not_tracked"
        busy = [cell for cell in goods.cells.values() if cell.on_hand or cell.held]
        if len(busy) > 1:
            return "several_cells"
        cell = busy[0] if busy else goods.cells["default"]
        if cell.available < 0:
            return "units_owed"
        cell.on_hand = units + cell.held
        return "ok"

    def adjust(self, name, change, place="default"):
        goods = self.goods[name]
        if not goods.is_tracked:
            return "not_tracked"
        if goods.cells[place].on_hand + change < 0:
            return "below_zero"
        goods.cells[place].on_hand += change
        return "ok"

    def count(self, name, units, place):
        goods = self.goods[name]
        if not goods.is_tracked:
            return "not_tracked"
        goods.cells[place].on_hand = units
        return "ok"

    def transfer(self, name, units, source, target):
        cells = self.goods[name].cells
        if cells[source].available < units:
            return "insufficient_stock"
        cells[source].on_hand -= units
        cells[target].on_hand += units
        return "ok"
