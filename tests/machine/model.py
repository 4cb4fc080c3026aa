"""A plain model of orders, money and stock, written from DESIGN.md and not from the code: one cell a product, seconds.

Every verb gives "ok", or the code of the refusal that is due, and then changes nothing.
"""

from dataclasses import dataclass, field

from tests.machine.after_model import AfterTheSale
from tests.machine.carts_model import Carts
from tests.machine.giving_model import Giving
from tests.machine.money_model import Money
from tests.machine.money_things import Payment, Purse
from tests.machine.things import Cart, Goods, Held, Line, Order

RESPOND_S, PAY_S, GRACE_S, CANCEL_S = 1800, 3600, 60, 1800


@dataclass
class Shop(AfterTheSale, Carts, Giving, Money):
    """The merchant: products by name, orders as they came, holds as they were made, and the time."""

    goods: dict[str, Goods]
    now: int = 0
    orders: list[Order] = field(default_factory=list)
    holds: list[tuple[Order, Held]] = field(default_factory=list)
    payments: dict[str, Payment] = field(default_factory=dict)
    purses: list[Purse] = field(default_factory=list)
    carts: dict[int, Cart] = field(default_factory=dict)

    def place(self, wanted, terms, who):
        """`wanted`: names and units, in order; `who` is a customer's number."""
        seats = [self.goods[name] for name, _ in wanted if self.goods[name].is_registration]
        if len(seats) > 1:
            return "registration_split"
        if any(self._is_registered(who, goods) for goods in seats):
            return "already_registered"
        sums = {}
        for name, units in wanted:
            sums[name] = sums.get(name, 0) + units
        verdicts = {name: self._verdict(self.goods[name], units) for name, units in sums.items()}
        if "refuse" in verdicts.values():
            return "insufficient_stock"
        is_request = "ask" in verdicts.values()
        terms = terms or ("after_acceptance" if is_request else "on_delivery")
        lines = [Line(self.goods[name], units, verdicts[name]) for name, units in wanted]
        order = Order(lines, "requested" if is_request else "", terms, who=who)
        self.orders.append(order)
        for line in lines:
            if line.goods.is_tracked and line.verdict != "ask":
                self._hold(order, line, line.units)
        if is_request:
            order.respond_by = self.now + RESPOND_S
        else:
            self._stand(order)
        return "ok"

    def _verdict(self, goods, units):
        if not goods.is_tracked or goods.available >= units:
            return "covered"
        return goods.when_short

    def _hold(self, order, line, units):
        line.hold = Held(line.goods, units)
        line.goods.held += units
        self.holds.append((order, line.hold))

    def _stand(self, order):
        """Nothing is asked of the merchant any more: money first, where the terms say so."""
        if order.terms == "after_acceptance" and order.left:
            order.state, order.pay_by = "awaiting_payment", self.now + PAY_S
        else:
            self._confirm(order)

    def _confirm(self, order):
        order.state, order.confirmed_at = "confirmed", self.now
        owes = any(hold.state == "open" and hold.goods.available < 0 for hold in order.holds())
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
            for line in order.lines:
                if line.verdict == "ask":
                    units = min(line.kept, max(line.goods.available, 0))
                    line.promised = line.kept - units
                    if units:
                        self._hold(order, line, units)
            order.ready_at = None if ready_in is None else self.now + ready_in
            self._stand(order)
        return answer

    def decline(self, order, *, is_sold_out):
        answer = self._may_answer(order)
        if answer == "ok":
            self._end(order, "declined")
            for line in order.lines:
                if is_sold_out and line.goods.is_tracked and line.goods.available > 0:
                    line.goods.on_hand = line.goods.held
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
            self._sell(order)
            for hold in order.holds():
                if hold.state == "open":
                    hold.give_back()
            order.state, order.wish_by = "cancelled", None
            self._forget_courier(order)
        else:
            self._end(order, "cancelled")
        return "ok"

    def pick_up(self, order):
        if order.state != "confirmed":
            return "wrong_state"
        if not order.by_courier:
            return "no_courier"
        order.state, order.wish_by = "picked_up", None
        self._forget_courier(order)
        return "ok"

    def deliver(self, order):
        if order.state != "picked_up" and not (order.state == "confirmed" and not order.by_courier):
            return "wrong_state"
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

    def settle(self):
        for goods in self.goods.values():
            self._settle(goods, lambda order: order.confirmed_at is not None)

    def _sell(self, ending):
        """Take the open units of an order that ends for good, as if it were sold: never before older promises."""
        for goods in {id(hold.goods): hold.goods for hold in ending.holds()}.values():
            mine = [hold for order, hold in self.holds if order is ending]
            self._settle(goods, lambda order: order is ending or order.confirmed_at is not None, mine)

    def _settle(self, goods, is_sold, only=None):
        """The oldest promises first; one that is sold but not covered keeps those behind it waiting."""
        left = goods.on_hand
        for order, hold in self.holds:
            if hold.goods is not goods or hold.state != "open":
                continue
            if hold.units > left and is_sold(order):
                break
            if hold.units <= left:
                left -= hold.units
                if is_sold(order) and (only is None or any(hold is each for each in only)):
                    hold.settle()

    def ask_couriers(self):
        for order in self.orders:
            is_ready = order.ready_at is None or order.ready_at <= self.now
            if order.courier == "waits" and is_ready and not any(hold.state == "open" for hold in order.holds()):
                order.courier = "asked" if order.by_courier else "not asked"

    def set_available(self, name, units):
        goods = self.goods[name]
        if not goods.is_tracked:
            return "not_tracked"
        if goods.available < 0:
            return "units_owed"
        goods.on_hand = units + goods.held
        return "ok"

    def adjust(self, name, change):
        goods = self.goods[name]
        if not goods.is_tracked:
            return "not_tracked"
        if goods.on_hand + change < 0:
            return "below_zero"
        goods.on_hand += change
        return "ok"

    def count(self, name, units):
        goods = self.goods[name]
        if not goods.is_tracked:
            return "not_tracked"
        goods.on_hand = units
        return "ok"
