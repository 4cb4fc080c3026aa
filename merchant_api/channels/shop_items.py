"""What a shop sells, as connectors read it for a first import and for finding what belongs together."""

from collections.abc import Sequence
from dataclasses import dataclass

from merchant_api.channels.shop_levels import ItemRef
from merchant_api.core.money import Money


@dataclass(frozen=True, slots=True)
class ShopItem:
    """Something that the shop sells and that has a stock level of its own. `sku` as the shop has it, untrimmed.

    `is_for_sale` false: a draft, or disabled. `sells` None: stock is not counted. `problems` in sentences.
    """

    ref: ItemRef
    sku: str | None
    name: str
    price: Money | None
    sells: int | None
    is_for_sale: bool = True
    categories: Sequence[str] = ()
    problems: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ItemPage:
    """A page of a shop's items, in an order that does not change; `cursor` None after the last one."""

    items: Sequence[ShopItem]
    cursor: str | None
    of: int | None = None
