"""What the model consists of: goods, units held, lines and orders, as plain values."""

from dataclasses import dataclass, field

PRICE = 100
ENDED_BADLY = ("declined", "expired", "cancelled")
BEFORE_PICKUP = ("requested", "awaiting_payment", "confirmed")


@dataclass
class Goods:
    """A product with its one cell."""

    when_short: str = "ask"
    is_tracked: bool = True
    by_courier: bool = True
    is_registration: bool = False
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

    def give_back(self, units=None):
        """All that is left of it, or some units."""
        units = self.units if units is None else units
        if self.state == "open":
            self.goods.held -= units
        elif self.state == "settled":
            self.goods.on_hand += units
            self.goods.used -= units
        else:
            return
        self.units -= units
        if not self.units:
            self.state = {"open": "released", "settled": "restored"}[self.state]


@dataclass
class Line:
    """A line of an order; what was routed to `ask` holds something only once it is accepted."""

    goods: Goods
    units: int
    verdict: str
    hold: Held | None = None
    promised: int = 0
    cancelled: int = 0
    returned: int = 0

    @property
    def kept(self):
        return self.units - self.cancelled


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
    refunded: int = 0
    parked: int = 0
    parked_sum: int = 0
    is_overdue: bool = False
    ready_at: int | None = None
    has_asked: bool = False
    wish_by: int | None = None
    who: int = 0

    @property
    def total(self):
        return sum(line.kept * PRICE for line in self.lines)

    @property
    def by_courier(self):
        return any(line.goods.by_courier and line.kept for line in self.lines)

    @property
    def due(self):
        return 0 if self.state in ENDED_BADLY else self.total - sum(line.returned * PRICE for line in self.lines)

    @property
    def beyond(self):
        """What counts and is too much."""
        return max(0, self.in_hand - self.due)

    @property
    def owed(self):
        return self.beyond + (0 if self.may_take_late_money else self.parked_sum)

    @property
    def may_take_late_money(self):
        return self.state in ("requested", "awaiting_payment")

    @property
    def left(self):
        """What the customer still has to pay: what goes back of an order that was paid is no debt of his."""
        is_gift = self.in_hand > 0 if self.state == "requested" else self.state != "awaiting_payment"
        return 0 if self.paid >= self.due and is_gift else max(0, self.due - self.in_hand)

    @property
    def in_hand(self):
        """What was paid and not given back."""
        return self.paid - self.refunded

    @property
    def refund_due(self):
        return self.owed > 0

    def has(self, goods):
        return any(line.goods is goods and line.kept for line in self.lines)

    def holds(self):
        return [line.hold for line in self.lines if line.hold is not None]


@dataclass
class Cart:
    """A customer's cart: units by the product's name, in the order in which they were added."""

    lines: dict = field(default_factory=dict)
    expires_at: int = 0
