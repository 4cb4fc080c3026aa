"""Channels, listings of products in them, and what waits for them."""

from collections.abc import Sequence
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select

from merchant_api.accounts.models import Merchant
from merchant_api.catalog.models import Product
from merchant_api.channels.level_models import StackRecord
from merchant_api.channels.models import Channel, Listing
from merchant_api.channels.sealed import put_credentials
from merchant_api.channels.states import ChannelKind, ChannelState
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from tests.make.people import saved

_numbers = count(1)


def make_channel(merchant: Merchant, **columns: Any) -> Channel:
    """A channel that is synchronised and was reached."""
    number = next(_numbers)
    columns = {
        "kind": ChannelKind.WEBHOOK,
        "name": f"Shop {number}",
        "address": f"https://shop-{number}.example.com",
        "settings": {},
        "state": ChannelState.READY,
        "created_by": {"role": "owner"},
        **columns,
    }
    channel = Channel(merchant_id=merchant.id, id=new_id(), created_at=clock.now(), changed_at=clock.now(), **columns)
    if channel.ended_at is None:
        put_credentials(channel, {"key": "secret"})
    return saved(channel)


def make_listing(channel: Channel, product: Product, acknowledged: int | None = None, **columns: Any) -> Listing:
    """The product in the channel, under its SKU; `acknowledged` is what the shop is known to sell."""
    columns = {
        "shop_id": product.sku,
        "acknowledged": acknowledged,
        "acknowledged_at": None if acknowledged is None else clock.now(),
        **columns,
    }
    return saved(
        Listing(
            merchant_id=channel.merchant_id,
            channel_id=channel.id,
            product_id=product.id,
            created_at=clock.now(),
            **columns,
        )
    )


def make_level(listing: Listing, level: int = 1, **columns: Any) -> StackRecord:
    """A record of the web stack that is due now."""
    columns = {"state": "pending", "due_at": clock.now(), "since": clock.now(), "attempts": 0, **columns}
    names = ("merchant_id", "channel_id", "product_id")
    return saved(
        StackRecord(id=new_id(), level=level, version=1, **{name: getattr(listing, name) for name in names}, **columns)
    )


def stack_of(merchant_id: UUID) -> Sequence[StackRecord]:
    """The records of the merchant as they are now, the oldest first."""
    session().rollback()
    rows = select(StackRecord).where(StackRecord.merchant_id == merchant_id).order_by(StackRecord.id)
    return session().execute(rows, execution_options={"populate_existing": True}).scalars().all()
