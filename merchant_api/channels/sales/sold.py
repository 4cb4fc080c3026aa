"""What the shop sold of a listing, less what it took back: by this we know what it should sell without asking it."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import update

from merchant_api.channels.models import Listing
from merchant_api.channels.sales.source import Source
from merchant_api.core.db import session


def move(source: Source, units: Mapping[UUID, int]) -> None:
    """Raise `sold` of the channel's listings of some products by so many units, in the order of their ids."""
    for product_id, change in sorted(units.items()):
        if change:
            listing = update(Listing).where(
                Listing.merchant_id == source.merchant_id,
                Listing.channel_id == source.channel_id,
                Listing.product_id == product_id,
            )
            session().execute(listing.values(sold=Listing.sold + change).execution_options(synchronize_session=False))
