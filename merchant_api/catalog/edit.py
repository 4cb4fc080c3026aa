"""Changing a product. SKU and kind stay as they were created: orders, channels and ledgers speak of them.

Whether it is sold and counted decides what web shops show of it: with either, its stock has changed for them.
"""

from dataclasses import dataclass, fields
from enum import Enum
from typing import Literal

from merchant_api.catalog import categories, limits, publish
from merchant_api.catalog.models import Fulfilment, Product, Status, WhenShort
from merchant_api.core import clock
from merchant_api.core.money import Money
from merchant_api.outbox.record import STOCK_CHANGED, Happening, record


class Keep(Enum):
    """The value of a field that is left as it is, where None means something."""

    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class ProductChanges:
    """What shall be different; None is left as it is. `max_quantity` 0 is unlimited, `category` None is none."""

    name: str | None = None
    description: str | None = None
    price: Money | None = None
    status: Status | None = None
    fulfilment: Fulfilment | None = None
    when_short: WhenShort | None = None
    is_tracked: bool | None = None
    max_quantity: int | None = None
    category: str | Literal[Keep.KEEP] | None = Keep.KEEP


def apply(product: Product, changes: ProductChanges) -> None:
    """Change a locked product; raises NotForRegistrations, WrongStatus, UnknownCategory.

    The caller has checked the currency.
    """
    limits.check(product.kind, changes.fulfilment or product.fulfilment, changes.when_short or product.when_short)
    given = {field.name: getattr(changes, field.name) for field in fields(changes)}
    wanted = {name: value for name, value in given.items() if value is not None and name != "category"}
    if changes.category is not Keep.KEEP:
        named = changes.category
        wanted["category_id"] = None if named is None else categories.id_for(product.merchant_id, named)
    if not wanted:
        return
    before = _shown(product)
    if changes.status is not None:
        publish.move(product, wanted.pop("status"))
    if changes.price is not None:
        wanted["price"] = changes.price.amount
    for name, value in wanted.items():
        setattr(product, name, value)
    product.changed_at = clock.now()
    if _shown(product) != before:
        record(Happening(product.merchant_id, STOCK_CHANGED, None, {"product_ids": [str(product.id)]}))


def _shown(product: Product) -> tuple[bool, bool]:
    return product.status is Status.PUBLISHED, product.is_tracked
