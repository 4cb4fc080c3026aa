"""What a shop took becomes an order of ours, by the code that places every order, and the sale's row says so with it.

The row is locked before any cell, and the order stands or falls with what the row says of it: so what two learn at the
same moment is taken once, and a process that is killed has taken all of it or nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from merchant_api.accounts.models import Terms
from merchant_api.channels.sale_models import Sale
from merchant_api.channels.sales import row, sold
from merchant_api.channels.sales.applied import AppliedLine, AppliedSale, TakenPart
from merchant_api.channels.sales.buyer import buyer
from merchant_api.channels.sales.errors import SaleMoved
from merchant_api.channels.sales.plan import LineWish
from merchant_api.channels.sales.source import Source
from merchant_api.channels.shop_orders import ShopOrder
from merchant_api.channels.states import SaleState
from merchant_api.core.ids import new_id
from merchant_api.core.money import Money
from merchant_api.orders.models import Origin
from merchant_api.orders.place.placement import Around, LineWanted, Placement
from merchant_api.orders.states import OriginKind
from merchant_api.orders.view import OrderView


@dataclass(frozen=True, slots=True)
class Taking:
    """What is to be taken: `basis` is what the row said when this was found out, `is_first` that there was none."""

    source: Source
    order: ShopOrder
    read_at: datetime
    wishes: Sequence[LineWish]
    products: Mapping[str, UUID]
    basis: Mapping[str, Any]
    is_first: bool = False


def reference(source: Source, external_id: str) -> str:
    """By which a payment of a shop's order is known."""
    return f"{source.channel_id}:{external_id}"


def own_id(order: ShopOrder, number: int) -> str:
    """Under which of its ids our order of this number stands: units that the shop adds later are further orders."""
    return order.external_id if number == 1 else f"{order.external_id}/{number}"


def placement(taking: Taking, number: int) -> Placement:
    """The order to be placed; it reads by what its customer is known."""
    source, order = taking.source, taking.order
    external_id = own_id(order, number)
    return Placement(
        lines=tuple(_wanted(taking, wish) for wish in taking.wishes),
        customer=buyer(source, order.customer),
        actor=source.actor,
        is_limited=False,
        terms=Terms.PREPAID if order.is_paid else Terms.ON_DELIVERY,
        reference=reference(source, external_id) if order.is_paid else None,
        note=f"{source.name}: {order.name}",
        around=_around(taking, external_id),
        origin=Origin(OriginKind.CHANNEL, source.channel_id, external_id),
    )


def _wanted(taking: Taking, wish: LineWish) -> LineWanted:
    price = _price(taking, wish.key)
    money = None if price is None else Money(price, taking.source.currency)
    return LineWanted(taking.products[wish.key], wish.takes, unit_price=money)


def _price(taking: Taking, key: str) -> int | None:
    """What the line cost when it was first taken, whatever the shop says of it later."""
    known = AppliedSale.read(taking.basis).lines.get(key)
    if known is not None:
        return known.price
    told = next(line.unit_price for line in taking.order.lines if line.key == key)
    return None if told is None else told.amount


def _around(taking: Taking, external_id: str) -> Around:
    def begin() -> None:
        found = row.made(taking.source, taking.order, taking.read_at)
        if found.applied != taking.basis or found.state is SaleState.IGNORED:
            raise SaleMoved

    def finish(shown: OrderView) -> None:
        found = row.made(taking.source, taking.order, taking.read_at)
        _enter(found, taking, shown, external_id)

    return Around(new_id(), begin, _agrees, finish)


def _agrees(_shown: OrderView) -> None:
    """A shop's order is as it is."""


def _enter(sale: Sale, taking: Taking, shown: OrderView, external_id: str) -> None:
    order, applied = shown.order, AppliedSale.read(sale.applied)
    units: dict[UUID, int] = {}
    for number, wish in enumerate(taking.wishes):
        product_id = taking.products[wish.key]
        line = applied.lines.setdefault(wish.key, AppliedLine(product_id, shown.lines[number].row.unit_price))
        line.parts.append(TakenPart(order.id, number, wish.takes, wish.takes))
        line.taken += wish.takes
        units[product_id] = units.get(product_id, 0) + wish.takes
    applied.orders.append((order.id, external_id))
    sale.applied = applied.written()
    sale.order_id = sale.order_id or order.id
    row.stand(sale, taking.order, taking.read_at, SaleState.TAKEN, None)
    sold.move(taking.source, units)
