"""A plain model of orders, money and stock, written from DESIGN.md and not from the code: one cell a product, seconds.

Every verb gives "ok", or the code of the refusal that is due, and then changes nothing.
"""

from dataclasses import dataclass, field

RESPOND_S, PAY_S, GRACE_S, CANCEL_S = 1800, 3600, 60, 1800
PRICE = 100
ENDED_BADLY = ("declined", "expired", "cancelled")


@dataclass
class Goods:
    """A product with its one cell."""

    when_short: str = "ask"
    is_tracked: bool = True
    by_courier: bool = True
    on_hand: int = 0
    held: int = 0
    used: int = 0

    @property
    def available(self):
        return self.on_hand - self.held


@dataclass
class Held:
    """Units promised to a line: open, settled, released or restored."""

    goods: Goods
    units: int
    state: str = "open"

    def settle(self):
        self.state = "settled"
        self.goods.on_hand -= self.units
        self.goods.held -= self.units
        self.goods.used += self.units

    def give_back(self):
        if self.state == "open":
            self.goods.held -= self.units
            self.state = "released"
        elif self.state == "settled":
            self.goods.on_hand += self.units
            self.goods.used -= self.units
            self.state = "restored"


@dataclass
class Line:
    """A line of an order; what was routed to `ask` holds something only once it is accepted."""

    goods: Goods
    units: int
    verdict: str
    hold: Held | None = None
    promised: int = 0


@dataclass
class Order:
    """An order as the model sees it; instants are seconds."""

    lines: list[Line]
    state: str
    terms: str
    respond_by: int | None = None
    pay_by: int | None = None
    confirmed_at: int | None = None
    courier: str = "not asked"
    paid: int = 0
    parked: int = 0
    ready_at: int | None = None

    @property
    def total(self):
        return sum(line.units * PRICE for line in self.lines)

    @property
    def by_courier(self):
        return any(line.goods.by_courier for line in self.lines)

    @property
    def refund_due(self):
        return self.state in ENDED_BADLY and (self.paid > 0 or self.parked > 0)

    def has(self, goods):
        return any(line.goods is goods for line in self.lines)

    def holds(self):
        return [line.hold for line in self.lines if line.hold is not None]


@dataclass
class Shop:
    """The merchant: products by name, orders as they came, holds as they were made, and the time."""

    goods: dict[str, Goods]
    now: int = 0
    orders: list[Order] = field(default_factory=list)
    holds: list[tuple[Order, Held]] = field(default_factory=list)
    references: dict[str, tuple[Order, int]] = field(default_factory=dict)

    def place(self, wanted, terms):
        """`wanted`: names and units, in order."""
        sums = {}
        for name, units in wanted:
            sums[name] = sums.get(name, 0) + units
        verdicts = {name: self._verdict(self.goods[name], units) for name, units in sums.items()}
        if "refuse" in verdicts.values():
            return "insufficient_stock"
        is_request = "ask" in verdicts.values()
        terms = terms or ("after_acceptance" if is_request else "on_delivery")
        lines = [Line(self.goods[name], units, verdicts[name]) for name, units in wanted]
        order = Order(lines, "requested" if is_request else "", terms)
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
        if order.terms == "after_acceptance" and order.paid < order.total:
            order.state, order.pay_by = "awaiting_payment", self.now + PAY_S
        else:
            self._confirm(order)

    def _confirm(self, order):
        order.state, order.confirmed_at = "confirmed", self.now
        if order.by_courier:
            owes = any(line.verdict == "backorder" for line in order.lines)
            waits = order.ready_at is not None and order.ready_at > self.now
            order.courier = "waits" if owes or waits else "asked"

    def _may_answer(self, order):
        if order.state != "requested":
            return "wrong_state"
        return "too_late" if self.now >= order.respond_by else "ok"

    def accept(self, order, ready_in):
        answer = self._may_answer(order)
        if answer == "ok":
            for line in order.lines:
                if line.verdict == "ask":
                    units = min(line.units, max(line.goods.available, 0))
                    line.promised = line.units - units
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
        order.state = state
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
            self._take_for_good(order)
            order.state = "cancelled"
            order.courier = "not asked" if order.courier == "waits" else order.courier
        else:
            self._end(order, "cancelled")
        return "ok"

    def _take_for_good(self, order):
        for hold in order.holds():
            if hold.state == "open" and hold.goods.on_hand >= hold.units:
                hold.settle()
        for hold in order.holds():
            if hold.state == "open":
                hold.give_back()

    def pay(self, order, amount, reference, paid_at):
        """`paid_at` None: now. The same report again is `ok` and changes nothing."""
        if reference in self.references:
            return "ok" if self.references[reference] == (order, amount) else "reference_used"
        self.references[reference] = (order, amount)
        is_late = order.state == "awaiting_payment" and (self.now if paid_at is None else paid_at) > order.pay_by
        is_over = order.state in (*ENDED_BADLY, "delivered")
        if is_over or order.paid or amount != order.total or is_late:
            order.parked += 1
            return "ok"
        order.paid = amount
        if order.state == "awaiting_payment":
            self._confirm(order)
        return "ok"

    def pick_up(self, order):
        if order.state != "confirmed":
            return "wrong_state"
        if not order.by_courier:
            return "no_courier"
        order.state = "picked_up"
        order.courier = "not asked" if order.courier == "waits" else order.courier
        return "ok"

    def deliver(self, order):
        if order.state != "picked_up" and not (order.state == "confirmed" and not order.by_courier):
            return "wrong_state"
        order.state = "delivered"
        return "ok"

    def fail(self, order):
        if order.state != "picked_up":
            return "wrong_state"
        self._end(order, "cancelled")
        return "ok"

    def sweep(self):
        """Both sweeps: requests that nobody answered, and orders that nobody paid."""
        for order in self.orders:
            if order.state == "requested" and order.respond_by <= self.now:
                self._end(order, "expired")
            elif order.state == "awaiting_payment" and order.pay_by + GRACE_S <= self.now:
                self._end(order, "cancelled")

    def settle(self):
        """The oldest promises first; one that is sold but not covered keeps those behind it waiting."""
        for goods in self.goods.values():
            left = goods.on_hand
            for order, hold in self.holds:
                if hold.goods is not goods or hold.state != "open":
                    continue
                is_sold = order.confirmed_at is not None
                if hold.units > left and is_sold:
                    break
                if hold.units <= left:
                    left -= hold.units
                    if is_sold:
                        hold.settle()

    def ask_couriers(self):
        for order in self.orders:
            is_ready = order.ready_at is None or order.ready_at <= self.now
            if order.courier == "waits" and is_ready and not any(hold.state == "open" for hold in order.holds()):
                order.courier = "asked"

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
