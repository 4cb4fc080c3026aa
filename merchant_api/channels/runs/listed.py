"""A channel's listings as work with it needs them: in pages by product, with what is known of them now."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Row, Select, and_, select, update

from merchant_api.catalog.models import Product
from merchant_api.channels.level_models import StackRecord
from merchant_api.channels.models import Channel, Listing
from merchant_api.channels.run_models import ChannelRound
from merchant_api.channels.shop_levels import ItemRef
from merchant_api.channels.states import LevelState, RoundKind
from merchant_api.core import clock
from merchant_api.core.db import session

Listed = Row[Listing, str]


def after(channel: Channel, product_id: str | None, size: int) -> Sequence[Listed]:
    """The next listings that are not paused, by product."""
    rows = _of(channel)
    if product_id is not None:
        rows = rows.where(Listing.product_id > UUID(product_id))
    return session().execute(rows.limit(size)).all()


def named(channel: Channel, products: Collection[str], *, is_locked: bool = False) -> Sequence[Listed]:
    """Those listings, as far as they are there and not paused."""
    rows = _of(channel).where(Listing.product_id.in_([UUID(each) for each in products]))
    return session().execute(rows.with_for_update(of=Listing) if is_locked else rows).all()


def refs(rows: Sequence[Listed]) -> list[ItemRef]:
    """The shop's items that they stand for."""
    return [ItemRef(row.Listing.shop_id, row.Listing.shop_location) for row in rows]


def behind(channel: Channel, products: Collection[UUID]) -> set[UUID]:
    """The products among these whose level waits to be sent or is on its way: the shop is not yet as we want it."""
    rows = select(StackRecord.product_id).where(
        StackRecord.merchant_id == channel.merchant_id,
        StackRecord.channel_id == channel.id,
        StackRecord.product_id.in_(list(products)),
        StackRecord.state == LevelState.PENDING,
    )
    return set(session().execute(rows).scalars())


def orders_known_until(channel: Channel) -> datetime | None:
    """Until when the channel's orders are known; None where they are not polled: then they are told as they happen."""
    found = _poll(channel)
    if found is None:
        return None
    known = found.read_until if found.is_on else None  # while it rests nothing new is known
    return known or datetime.min.replace(tzinfo=UTC)


def is_resting(channel: Channel) -> bool:
    """Whether the channel's orders would be polled, and are not as it is switched off."""
    found = _poll(channel)
    return found is not None and not found.is_on


def poll_now(channel: Channel) -> None:
    """Let the orders of a channel be asked for at once."""
    nudge = (
        update(ChannelRound)
        .where(ChannelRound.merchant_id == channel.merchant_id, ChannelRound.channel_id == channel.id)
        .where(ChannelRound.kind == RoundKind.POLL, ChannelRound.is_on, ChannelRound.lease_token.is_(None))
        .where(ChannelRound.due_at > clock.now())
        .values(due_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    session().execute(nudge)


def _poll(channel: Channel) -> Row[bool, datetime | None] | None:
    """Whether its orders are polled now, and until when they are known; None where its kind has no polls."""
    row = select(ChannelRound.is_on, ChannelRound.read_until).where(
        ChannelRound.merchant_id == channel.merchant_id,
        ChannelRound.channel_id == channel.id,
        ChannelRound.kind == RoundKind.POLL,
    )
    return session().execute(row).one_or_none()


def _of(channel: Channel) -> Select[Listing, str]:
    product = and_(Product.merchant_id == Listing.merchant_id, Product.id == Listing.product_id)
    return (
        select(Listing, Product.sku)
        .join(Product, product)
        .where(Listing.merchant_id == channel.merchant_id, Listing.channel_id == channel.id, ~Listing.is_paused)
        .order_by(Listing.product_id)
        .execution_options(populate_existing=True)
    )
