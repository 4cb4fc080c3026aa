"""What the stand-in's shop has: items at locations, orders with lines, refunds, and the seconds that it stamps."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

MAIN, SECOND = "gid://shopify/Location/1", "gid://shopify/Location/2"


@dataclass
class Item:
    """A variant with its inventory item, both under one number. A level of None: not stocked there."""

    number: int
    sku: str | None
    title: str
    price: str
    available: dict[str, int]
    committed: int = 0
    is_tracked: bool = True
    is_mutable: bool = True
    is_gift_card: bool = False
    is_deaf: bool = False  # takes a level and changes nothing
    status: str = "ACTIVE"
    policy: str = "DENY"
    variant: str | None = None
    product_type: str = ""
    category: str | None = None

    @property
    def id(self) -> str:
        return f"gid://shopify/InventoryItem/{self.number}"


@dataclass
class Line:
    """A line of an order; `price` is what one unit cost after all discounts."""

    number: int
    item: Item | None
    name: str
    sku: str | None
    quantity: int
    current: int
    price: str
    sent: int = 0
    is_gift_card: bool = False
    is_sent_by_post: bool = True

    @property
    def id(self) -> str:
        return f"gid://shopify/LineItem/{self.number}"


@dataclass
class Refund:
    """Units of lines with their type of restocking."""

    number: int
    lines: list[tuple[Line, int, str]]


@dataclass
class Order:
    """An order; its stamps are whole seconds."""

    number: int
    lines: list[Line]
    created_at: datetime
    updated_at: datetime
    currency: str = "NPR"
    financial: str = "PAID"
    fulfilment: str = "UNFULFILLED"
    cancelled_at: datetime | None = None
    refunds: list[Refund] = field(default_factory=list)
    email: str | None = "sita@example.com"
    buyer: str | None = "Sita Rai"

    @property
    def id(self) -> str:
        return f"gid://shopify/Order/{self.number}"


@dataclass
class Goods:
    """All of it; time passes only when somebody says so."""

    items: dict[int, Item] = field(default_factory=dict)
    orders: dict[int, Order] = field(default_factory=dict)
    places: dict[str, tuple[str, bool]] = field(default_factory=lambda: {MAIN: ("Main street", True)})
    now: datetime = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
    last: int = 1000

    def number(self) -> int:
        """The next number, of whatever."""
        self.last += 1
        return self.last

    def item(self, id_: str) -> Item | None:
        """An inventory item by its id."""
        return self.items.get(int(id_.rpartition("/")[2])) if "InventoryItem" in id_ else None
