"""Orders of a shop as connectors read them, and what its events tell of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from merchant_api.core.money import Money


@dataclass(frozen=True, slots=True)
class ShopLine:
    """A line of a shop's order, by a `key` that stays.

    `taken` are units that the shop has sold on this line and not given back to its stock: what our stock is moved by
    is how this differs from what we last saw. `cancelled` are units that will not be delivered, restocked or not.
    `unit_price` is what was paid for one unit at the time of the order. `product_id` says who knows our ids.
    """

    key: str
    shop_id: str | None
    sku: str | None
    name: str
    quantity: int
    taken: int
    cancelled: int = 0
    unit_price: Money | None = None
    product_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ShopCustomer:
    """Who ordered."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class ShopOrder:
    """An order as the shop has it now. `is_open`: it may still change; `is_delivered`: the shop is done with it.

    An order whose lines have taken nothing yet (unpaid, a draft) is no sale and may be left out. `notes` are sentences
    about what is odd, for people: units taken twice, say.
    """

    external_id: str
    name: str
    placed_at: datetime
    currency: str
    lines: Sequence[ShopLine]
    customer: ShopCustomer = ShopCustomer()
    is_paid: bool = False
    is_open: bool = True
    is_delivered: bool = False
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class OrderFeed:
    """Orders that are new or changed since `mark`, which is kept and given back; `has_more`: ask again at once.

    An order may come again unchanged; none may be missed.
    """

    orders: Sequence[ShopOrder]
    mark: Mapping[str, Any]
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What an event told: ids to be read again, or whole orders of kinds that tell them, as they were at `told_at`.

    `why` is what people are to be told.
    """

    order_ids: Sequence[str] = ()
    item_ids: Sequence[str] = ()
    orders: Sequence[ShopOrder] = ()
    why: str | None = None
    told_at: datetime | None = None
