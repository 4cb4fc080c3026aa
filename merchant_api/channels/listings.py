"""Listings by hand: which item of a shop stands for a product, and whether it is kept in step.

Behind another item nobody knows what the shop sells: what was acknowledged is forgotten, and the level is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from merchant_api.catalog import find as catalog
from merchant_api.channels import end, find, forget_levels
from merchant_api.channels.errors import ItemListed, NotListed
from merchant_api.channels.mark import mark
from merchant_api.channels.models import Channel, Listing
from merchant_api.channels.shop_levels import ItemRef
from merchant_api.core import clock
from merchant_api.core.db import session


@dataclass(frozen=True, slots=True)
class Listed:
    """What became of it: whether the listing is new."""

    is_new: bool


def put(merchant_id: UUID, channel_id: UUID, product_id: UUID, given: Mapping[str, Any]) -> Listed:
    """List a product as an item, or change how it is; of `shop_location` and `is_paused` what is left out stays.

    Raises NotFound, NoSuchProduct, ItemListed.
    """
    channel = find.locked(merchant_id, channel_id)
    catalog.product(merchant_id, product_id)
    row = _found(channel, product_id)
    ref = ItemRef(given["shop_id"], given.get("shop_location", None if row is None else row.shop_location))
    _check_free(channel, product_id, ref)
    is_new = row is None
    row = row or make(channel, product_id, ref)
    was_faulty = row.fault is not None
    if (row.shop_id, row.shop_location) != (ref.shop_id, ref.location):
        forget_levels.of_channel(merchant_id, channel_id, product_id)  # what waits first, as who records a level
        row.shop_id, row.shop_location = ref.shop_id, ref.location
    row.is_paused = given.get("is_paused", row.is_paused)
    session().flush()
    mark(merchant_id, channel_id=channel_id, product_ids=[product_id], is_forced=was_faulty)  # somebody mended it
    return Listed(is_new)


def make(channel: Channel, product_id: UUID, ref: ItemRef) -> Listing:
    """A new listing, of a product and an item that have none on the channel; `mark` sends its level."""
    row = Listing(
        merchant_id=channel.merchant_id,
        channel_id=channel.id,
        product_id=product_id,
        shop_id=ref.shop_id,
        shop_location=ref.location,
        is_paused=False,
        sold=0,
        sold_then=0,
        created_at=clock.now(),
    )
    session().add(row)
    return row


def remove(merchant_id: UUID, channel_id: UUID, product_id: UUID) -> None:
    """List a product no longer: its item is left as it is. Raises NotFound, NotListed."""
    channel = find.locked(merchant_id, channel_id)
    row = _found(channel, product_id)
    if row is None:
        raise NotListed
    end.skip_level(merchant_id, channel_id, product_id)
    session().delete(row)
    session().flush()


def _found(channel: Channel, product_id: UUID) -> Listing | None:
    one = select(Listing).where(
        Listing.merchant_id == channel.merchant_id,
        Listing.channel_id == channel.id,
        Listing.product_id == product_id,
    )
    return session().execute(one.execution_options(populate_existing=True)).scalar_one_or_none()


def _check_free(channel: Channel, product_id: UUID, ref: ItemRef) -> None:
    taken = select(Listing.product_id).where(
        Listing.merchant_id == channel.merchant_id,
        Listing.channel_id == channel.id,
        Listing.shop_id == ref.shop_id,
        Listing.shop_location.is_not_distinct_from(ref.location),
        Listing.product_id != product_id,
    )
    other = session().execute(taken).scalar_one_or_none()
    if other is not None:
        raise ItemListed(product_id=str(other))
