"""An order that somebody tells by a call, for shops of any kind: taken once, whatever its call says the next time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from merchant_api.channels.sales import known
from merchant_api.channels.sales.apply import apply
from merchant_api.channels.sales.reading import Reading
from merchant_api.channels.sales.settle import SaleStands, stands
from merchant_api.channels.sales.source import Source, source
from merchant_api.channels.shop_orders import ShopCustomer, ShopLine, ShopOrder
from merchant_api.core import clock, tenancy
from merchant_api.core.db import in_transaction
from merchant_api.core.money import Money


@dataclass(frozen=True, slots=True)
class LineTold:
    """A line by what the shop or we call its product."""

    quantity: int
    sku: str | None = None
    shop_id: str | None = None
    product_id: UUID | None = None
    unit_price: Money | None = None


@dataclass(frozen=True, slots=True)
class OrderTold:
    """An order of a shop as a call tells it."""

    external_id: str
    lines: Sequence[LineTold]
    placed_at: datetime | None = None
    customer: ShopCustomer = field(default_factory=ShopCustomer)
    is_paid: bool = False


def report(merchant_id: UUID, channel_id: UUID, told: OrderTold) -> SaleStands:
    """Take an order, or say what became of it when it was told before. Opens its transactions; raises NotFound."""
    found = in_transaction(partial(_look, merchant_id, channel_id, told.external_id), tenancy.of(merchant_id))
    if isinstance(found, SaleStands):
        return found
    now = clock.now()
    return apply(Reading(found, _order(found, told, now), now))


def _look(merchant_id: UUID, channel_id: UUID, external_id: str) -> Source | SaleStands:
    asked = source(merchant_id, channel_id)
    found = known.sale(merchant_id, channel_id, external_id)
    return asked if found is None else stands(found)


def _order(source: Source, told: OrderTold, now: datetime) -> ShopOrder:
    lines = tuple(_line(number, line) for number, line in enumerate(told.lines, 1))
    currencies = [line.unit_price.currency for line in lines if line.unit_price is not None]
    return ShopOrder(
        external_id=told.external_id,
        name=told.external_id,
        placed_at=told.placed_at or now,
        currency=next((each for each in currencies if each != source.currency), source.currency),
        lines=lines,
        customer=told.customer,
        is_paid=told.is_paid,
    )


def _line(number: int, line: LineTold) -> ShopLine:
    name = line.sku or line.shop_id or str(line.product_id)
    return ShopLine(
        key=str(number),
        shop_id=line.shop_id,
        sku=line.sku,
        name=name,
        quantity=line.quantity,
        taken=line.quantity,
        unit_price=line.unit_price,
        product_id=line.product_id,
    )
