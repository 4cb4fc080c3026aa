"""What the model consists of: cells with the books and the shelf, units held, orders, rows of the log; plain values."""

from dataclasses import dataclass, field

LOCATIONS, GRADES = ("default", "cellar"), ("default", "worn")
PLACES = [(location, grade) for location in LOCATIONS for grade in GRADES]  # the preferred first


@dataclass(frozen=True)
class Goods:
    """A product, as far as orders are concerned."""

    when_short: str
    by_courier: bool


@dataclass(eq=False)
class Cell:
    """What the books say of a cell, and `shelf`: the units that lie there, which the program never sees.

    `slips` counts how often the two parted: something moved that nobody entered, or was entered that did not move.
    `is_true`: the books say what the shelf says, and every step has to leave it so.
    """

    on_hand: int = 0
    held: int = 0
    used: int = 0
    shelf: int = 0
    slips: int = 0
    is_true: bool = True

    @property
    def available(self):
        return self.on_hand - self.held

    @property
    def figures(self):
        return (self.on_hand, self.held, self.used)


@dataclass(eq=False)
class Held:
    """Units promised to a line: open, settled, released or restored; and whether they have left the shelf.

    `wished` are the places where they may lie, `root` is the hold of which it was a part.
    """

    order: "Order"
    key: tuple
    units: int
    wished: list
    state: str = "open"
    has_left: bool = False
    root: "Held | None" = None


@dataclass(eq=False)
class Line:
    """A line of an order, and what is or was held for it."""

    name: str
    units: int
    wished: list = field(default_factory=lambda: list(PLACES))
    holds: list[Held] = field(default_factory=list)


@dataclass(eq=False)
class Order:
    """An order; `is_sold` from its confirmation on."""

    lines: list[Line]
    by_courier: bool
    state: str
    is_sold: bool

    @property
    def holds(self):
        return [held for line in self.lines for held in line.holds]


@dataclass(frozen=True)
class Counted:
    """What holds of a cell, and the live figures when somebody looked; `due` is what on_hand ought to have been."""

    units: int
    unpicked: int
    read_on_hand: int
    moved: str | None
    due: int
    slips: int

    @property
    def figures(self):
        return (self.units, self.unpicked, self.read_on_hand, self.moved)


@dataclass(eq=False)
class Row:
    """A row of the log: a count, a change by some units, or a withdrawal; `counted` is what a count says."""

    kind: str
    key: tuple
    counted: Counted
    change: int = 0
    is_withdrawn: bool = False


@dataclass(frozen=True)
class Planned:
    """What a promotion makes of a cell; `counted` is None where nobody counted."""

    counted: int | None
    unpicked: int
    moved: int
    on_hand: int
    after: int
    held: int
