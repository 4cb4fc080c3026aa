"""What the model consists of: goods, units held, lines and orders, as plain values."""

from dataclasses import dataclass

PRICE = 100
ENDED_BADLY = ("declined", "expired", "cancelled")


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
    who: int = 0

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
