"""Orders as shops tell them, and what became of them here."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from merchant_api.catalog.models import Product
from merchant_api.channels.models import Channel, Listing
from merchant_api.channels.run_models import ChannelRound
from merchant_api.channels.sale_models import Sale
from merchant_api.channels.sales.apply import apply
from merchant_api.channels.sales.reading import Reading
from merchant_api.channels.sales.settle import SaleStands
from merchant_api.channels.sales.source import source
from merchant_api.channels.shop_orders import ShopCustomer, ShopLine, ShopOrder
from merchant_api.channels.states import RoundKind
from merchant_api.core import clock, tenancy
from merchant_api.core.db import in_transaction, session
from merchant_api.core.ids import new_id
from merchant_api.core.money import Money
from merchant_api.orders.models import Order
from tests.make.people import saved

ANA = ShopCustomer("Ana", "ana@example.com", "+977 9800000001")


def shop_line(product: Product | str, quantity: int = 1, *, key: str | None = None, **more: Any) -> ShopLine:
    """A line that the shop has taken wholly, by the SKU of a product or any other."""
    sku = product if isinstance(product, str) else product.sku
    given = {"shop_id": None, "taken": quantity, "unit_price": Money(100_000, "NPR"), **more}
    return ShopLine(key=key or sku, sku=sku, name=f"Name of {sku}", quantity=quantity, **given)


def shop_order(*lines: ShopLine, external_id: str = "#1001", **more: Any) -> ShopOrder:
    """An order of Ana's in a shop."""
    given = {"name": external_id, "placed_at": clock.now(), "currency": "NPR", "customer": ANA, **more}
    return ShopOrder(external_id=external_id, lines=lines, **given)


def told(channel: Channel, order: ShopOrder, **more: Any) -> SaleStands:
    """Apply what the shop says now."""
    found = in_transaction(lambda: source(channel.merchant_id, channel.id), tenancy.of(channel.merchant_id))
    return apply(Reading(found, order, more.pop("read_at", None) or clock.now(), **more))


def sale_of(channel: Channel, external_id: str = "#1001") -> Sale | None:
    """The row of a sale as it is now."""
    session().rollback()
    rows = select(Sale).where(Sale.channel_id == channel.id, Sale.external_id == external_id)
    return session().execute(rows, execution_options={"populate_existing": True}).scalar_one_or_none()


def orders_of(channel: Channel) -> Sequence[Order]:
    """Our orders that came by a channel, the oldest first."""
    session().rollback()
    rows = select(Order).where(Order.channel_id == channel.id).order_by(Order.id)
    return session().execute(rows, execution_options={"populate_existing": True}).scalars().all()


def sold_of(listing: Listing) -> int:
    """What the shop sold of a listing, as we know it."""
    session().rollback()
    rows = select(Listing.sold).where(Listing.channel_id == listing.channel_id)
    return session().execute(rows.where(Listing.product_id == listing.product_id)).scalar_one()


def make_poll(channel: Channel, **columns: Any) -> ChannelRound:
    """The channel's poll, due now."""
    given = {"is_on": True, "due_at": clock.now(), "mark": {}, "hints": [], **columns}
    key = {"merchant_id": channel.merchant_id, "channel_id": channel.id, "id": new_id()}
    return saved(ChannelRound(**key, kind=RoundKind.POLL, **given))


def poll_of(channel: Channel) -> ChannelRound:
    """The channel's poll as it is now."""
    session().rollback()
    rows = select(ChannelRound).where(ChannelRound.channel_id == channel.id)
    return session().execute(rows, execution_options={"populate_existing": True}).scalar_one()


def make_due(channel: Channel) -> None:
    """Let the channel's poll be due now."""
    session().rollback()
    rows = update(ChannelRound).where(ChannelRound.channel_id == channel.id)
    session().execute(rows.values(due_at=clock.now()))
    session().commit()


def numbered_order(product: Product, number: int) -> ShopOrder:
    """One unit, sold under a number."""
    return shop_order(shop_line(product), external_id=f"#{number}")
