"""Deciding drift: the shop's figure holds, or ours, or what somebody counted."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from merchant_api.catalog.models import Product
from merchant_api.channels import find as channels
from merchant_api.channels import mark
from merchant_api.channels.models import Listing
from merchant_api.channels.runs.compare import acknowledge
from merchant_api.channels.runs.errors import NoDrift
from merchant_api.channels.runs.listed import Listed
from merchant_api.channels.runs.theirs import take_over
from merchant_api.channels.states import DriftTake
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.errors import Invalid, NotFound
from merchant_api.core.paging import Page, Window, cut
from merchant_api.stock import adjust


@dataclass(frozen=True, slots=True)
class DriftDecision:
    """Whose figure holds; `quantity` is what is available by a count, and goes with `count` alone."""

    take: str
    quantity: int | None = None


def page(merchant_id: UUID, channel_id: UUID, at: Window) -> Page[Listed]:
    """The listings of a channel that are adrift, by product. Raises NotFound."""
    channels.one(merchant_id, channel_id)
    rows = (
        select(Listing, Product.sku)
        .join(Product, (Product.merchant_id == Listing.merchant_id) & (Product.id == Listing.product_id))
        .where(Listing.merchant_id == merchant_id, Listing.channel_id == channel_id, Listing.drift_since.is_not(None))
    )
    if at.after is not None:
        rows = rows.where(Listing.product_id > at.after[0])
    found = session().execute(rows.order_by(Listing.product_id).limit(at.limit + 1)).all()
    return cut(found, at, lambda row: (row.Listing.product_id,))


def decide(merchant_id: UUID, channel_id: UUID, product_id: UUID, wish: DriftDecision, actor: Actor) -> Listing:
    """Decide it; what the shop shall sell then is put into the web stack. Raises NotFound, NoDrift, Invalid."""
    if (wish.take == "count") != (wish.quantity is not None):
        raise Invalid(errors={"quantity": ["Goes with take=count, and only with it."]})
    channel = channels.one(merchant_id, channel_id)
    listing = _locked(merchant_id, channel_id, product_id)
    if listing.drift_ours is None or listing.drift_theirs is None:
        raise NoDrift
    change, theirs = listing.drift_theirs - listing.drift_ours, listing.drift_theirs
    acknowledge(listing, theirs)
    session().flush()
    if wish.take == DriftTake.THEIRS:
        take_over(merchant_id, {product_id: change}, actor, f"changed in the shop {channel.name}")
    elif wish.quantity is not None:
        counted = adjust.Level(wish.quantity, f"counted: {channel.name} and we did not agree")
        adjust.set_available(merchant_id, product_id, counted, actor)
    # Whatever the shop was thought to sell: it may have been told a zero, or have sold, since the figures were noted.
    mark.mark(merchant_id, channel_id=channel_id, product_ids=[product_id], is_forced=True)
    return listing


def _locked(merchant_id: UUID, channel_id: UUID, product_id: UUID) -> Listing:
    row = select(Listing).where(
        Listing.merchant_id == merchant_id, Listing.channel_id == channel_id, Listing.product_id == product_id
    )
    locked = row.with_for_update().execution_options(populate_existing=True)
    found = session().execute(locked).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found
