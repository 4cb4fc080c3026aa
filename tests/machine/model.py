"""A plain model of orders, money and stock, written from DESIGN.md and not from the code: two places, seconds.

Every verb gives "ok", or the code of the refusal that is due, and then changes nothing.
"""

from copy import deepcopy
from dataclasses import dataclass, field

from tests.machine.after_model import AfterTheSale
from tests.machine.carts_model import Carts
from tests.machine.giving_model import Giving
from tests.machine.money_model import Money
from tests.machine.money_things import Payment, Purse
from tests.machine.places_model import Places
from tests.machine.things import Cart, Goods, Held, Line, Order
from tests.machine.unproven_model import Unproven

RESPOND_S, PAY_S, GRACE_S, CANCEL_S = 1800, 3600, 60, 1800


@dataclass
class Shop(AfterTheSale, Carts, Giving, Money, Places, Unproven):
    """The merchant: products by name, orders as they came, holds as they were made, and the time."""

    goods: dict[str, Goods]
    now: int = 0
    orders: list[Order] = field(default_factory=list)
    holds: list[tuple[Order, Held]] = field(default_factory=list)
    payments: dict[str, Payment] = field(default_factory=dict)
    purses: list[Purse] = field(default_factory=list)
    carts: dict[int, Cart] = field(default_factory=dict)

    def place(self, wanted, terms, who):
        """`wanted`: names, units and places, in order; `who` is a customer's number."""
        seats = [self.goods[name] for name, _, _ in wanted if self.goods[name].is_registration]
        if len(seats) > 1:
            return "registration_split"
        if any(self._is_registered(who, goods) for goods in seats):
            return "already_registered"
        verdicts, takes = self._route([(self.goods[name], units, where) for name, units, where in wanted])
        if "refuse" in verdicts:
            return "insufficient_stock"
        asked_of = [(self.goods[name], units) for name, units, _ in wanted]
        verdicts, takes = self._asked(asked_of, verdicts, takes, who)
        is_request = "ask" in verdicts
        terms = terms or ("after_acceptance" if is_request else "on_delivery")
        lines = [
            Line(self.goods[name], units, verdict, where)
            for (name, units, where), verdict in zip(wanted, verdicts, strict=True)
        ]
        order = Order(lines, "requested" if is_request else "", terms, who=who)
        self.orders.append(order)
        for line, taken in zip(lines, takes, strict=True):
            self._hold(order, line, taken)
        if is_request:
            order.respond_by = self.now + RESPOND_S
        else:
            self._stand(order, owes="backorder" in verdicts)
        return "ok"

    def _stand(self, order, *, owes=None):
        """Nothing is asked of the merchant any more: money first, where the terms say so."""
        if order.terms == "after_acceptance" and order.left:
            order.state, order.pay_by = "awaiting_payment", self.now + PAY_S
        else:
            self._confirm(order, owes=owes)

    def _confirm(self, order, *, owes=None):
        """`owes` is whether units are owed, where the verdict has just said so; else the cells say it."""
        order.state, order.confirmed_at = "confirmed", self.now
        if owes is None:
            waiting = [hold.goods for hold in order.holds() if hold.state == "open"]
            owes = any(units < 0 for goods in waiting for units in goods.available().values())
        if order.by_courier:
            waits = order.ready_at is not None and order.ready_at > self.now
            order.courier = "waits" if owes or waits else "asked"
        elif owes:
            order.courier = "waits"

    def _may_answer(self, order):
        if order.state in ("requested", "expired") and self.now >= order.respond_by:
            return "too_late"
        return "ok" if order.state == "requested" else "wrong_state"

    def accept(self, order, ready_in):
        answer = self._may_answer(order)
        if answer == "ok":
            for line in sorted(order.lines, key=lambda line: line.where is None):
                if line.verdict == "ask" and line.goods.is_tracked:
                    taken = self._take(line.goods.available(), line.kept, line.where, line.goods)
                    line.promised = line.kept - sum(taken.values())
                    self._hold(order, line, taken)
            order.ready_at = None if ready_in is None else self.now + ready_in
            self._stand(order)
        return answer

    def decline(self, order, *, is_sold_out):
        answer = self._may_answer(order)
        if answer == "ok":
            self._end(order, "declined")
            for line in order.lines:
                if is_sold_out and line.goods.is_tracked:
                    left = line.goods.available()
                    for place, units in self._take(left, max(0, sum(left.values())), None, line.goods).items():
                        line.goods.cells[place].on_hand -= units
        return answer

    def _end(self, order, state):
        for hold in order.holds():
            hold.give_back()
        order.state, order.wish_by = state, None
        self._forget_courier(order)

    def _forget_courier(self, order):
        if order.courier == "waits":
            order.courier = "not asked"

    def cancel(self, order, *, by_customer, restock):
        if by_customer and restock is not None:
            return "forbidden"
        if order.state not in ("requested", "awaiting_payment", "confirmed"):
            return "wrong_state"
        if by_customer and order.state == "confirmed" and self.now >= order.confirmed_at + CANCEL_S:
            return "cancel_window_over"
        if restock is False:
            self._look_elsewhere(order)
            self._sell(order)
            for hold in order.holds():
                if hold.state == "open":
                    hold.give_back()
            order.state, order.wish_by = "cancelled", None
            self._forget_courier(order)
        else:
            self._end(order, "cancelled")
        return "ok"

    def _leave(self, order, also_owed):
        """Its units leave: what the books lack of them is owed, or was there and is received with it."""
        if any(units for _, units in self._lacking(order)):
            if not also_owed and self._lacks_everywhere(order):
                return "units_owed"
            self._look_elsewhere(order)
        for hold, units in list(self._lacking(order)):
            hold.cell.on_hand += units
        for hold in order.holds():
            if hold.state == "open":
                hold.settle()
        return "ok"

    def _lacks_everywhere(self, order):
        """Whether it would still be owed something once all was moved to where it lies; nothing is moved for that."""
        tried = deepcopy(self)
        leaving = tried.orders[next(at for at, each in enumerate(self.orders) if each is order)]
        tried._look_elsewhere(leaving)
        return any(units for _, units in tried._lacking(leaving))

    def _look_elsewhere(self, order):
        """What the job does, for the products that the order has or had units of."""
        for goods in {id(hold.goods): hold.goods for hold in order.holds()}.values():
            for other, hold, place, units in self.moves(goods):
                self._move(other, hold, place, units)

    def _lacking(self, leaving):
        left = {id(cell): cell.on_hand for goods in self.goods.values() for cell in goods.cells.values()}
        for order, hold in self.holds:
            there = left[id(hold.cell)]
            if hold.state == "open" and (hold.units <= there or order.confirmed_at is not None):
                left[id(hold.cell)] = there - hold.units
                if order is leaving:
                    yield hold, hold.units - min(max(there, 0), hold.units)

    def pick_up(self, order, *, also_owed):
        if order.state != "confirmed":
            return "wrong_state"
        if not order.by_courier:
            return "no_courier"
        if self._leave(order, also_owed) != "ok":
            return "units_owed"
        order.state, order.wish_by = "picked_up", None
        self._forget_courier(order)
        return "ok"

    def deliver(self, order, *, also_owed):
        if order.state != "picked_up" and not (order.state == "confirmed" and not order.by_courier):
            return "wrong_state"
        if order.state == "confirmed" and self._leave(order, also_owed) != "ok":
            return "units_owed"
        order.state, order.wish_by = "delivered", None
        self._forget_courier(order)
        return "ok"

    def fail(self, order):
        if order.state != "picked_up":
            return "wrong_state"
        self._end(order, "cancelled")
        return "ok"

    def sweep(self):
        """Requests that nobody answered, and orders that nobody paid."""
        for order in self.orders:
            if order.state == "requested" and order.respond_by <= self.now:
                self._end(order, "expired")
            elif order.state == "awaiting_payment" and order.pay_by + GRACE_S <= self.now:
                self._end(order, "cancelled")
                order.is_overdue = True

    def ask_couriers(self):
        for order in self.orders:
            is_ready = order.ready_at is None or order.ready_at <= self.now
            if order.courier == "waits" and is_ready and not any(hold.state == "open" for hold in order.holds()):
                order.courier = "asked" if order.by_courier else "not asked"
