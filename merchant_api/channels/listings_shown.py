"""Listings as they are shown: which item stands for which product, what its shop shall sell and sells, and why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, or_, select

from merchant_api.catalog.find import in_words
from merchant_api.catalog.models import Product
from merchant_api.channels import listing_standing, shown
from merchant_api.channels.errors import NotListed
from merchant_api.channels.listing_standing import Waiting
from merchant_api.channels.models import Listing
from merchant_api.channels.states import ListingState
from merchant_api.core.db import session
from merchant_api.core.paging import Page, Window, cut, newest

NOT_TRACKED = "Stock of this product is not counted, so nothing is sent."


@dataclass(frozen=True, slots=True)
class ListingsWanted:
    """Which listings a list shows; `q` is part of a product's name or SKU, or the id of an item."""

    at: Window
    state: ListingState | None = None
    q: str | None = None


@dataclass(frozen=True, slots=True)
class ListingView:
    """A listing and its product; `level` is what the shop shall sell, None where nothing is sent."""

    row: Listing
    sku: str
    name: str
    level: int | None
    state: ListingState
    why: str | None


def page(merchant_id: UUID, channel_id: UUID, wanted: ListingsWanted) -> Page[ListingView]:
    """A page of a channel's listings, newest product first."""
    rows = _rows(merchant_id, channel_id)
    if wanted.state is not None:
        rows = rows.where(listing_standing.state() == wanted.state.value)
    if wanted.q:
        rows = rows.where(or_(*in_words(wanted.q), Listing.shop_id == wanted.q))
    found = session().execute(newest(rows, Listing.product_id, wanted.at)).all()
    some = cut(found, wanted.at, lambda row: (row[0].product_id,))
    views = _views(merchant_id, channel_id, some.items)
    return Page([view for view in views if wanted.state in (None, view.state)], some.next)


def one(merchant_id: UUID, channel_id: UUID, product_id: UUID) -> ListingView:
    """The listing of a product; raises NotListed."""
    rows = _rows(merchant_id, channel_id).where(Listing.product_id == product_id)
    found = session().execute(rows.execution_options(populate_existing=True)).all()
    if not found:
        raise NotListed
    return _views(merchant_id, channel_id, found)[0]


def _rows(merchant_id: UUID, channel_id: UUID) -> Select[*tuple[Any, ...]]:
    state = listing_standing.state().label("state")
    return (
        select(Listing, Product.sku, Product.name, Product.is_tracked, state, Waiting.status, Waiting.text)
        .join(Product, (Product.merchant_id == Listing.merchant_id) & (Product.id == Listing.product_id))
        .outerjoin(Waiting, listing_standing.joined())
        .where(Listing.merchant_id == merchant_id, Listing.channel_id == channel_id)
    )


def _views(merchant_id: UUID, channel_id: UUID, rows: Sequence[Row[Any]]) -> list[ListingView]:
    ids = [row[0].product_id for row in rows]
    levels = shown.levels(merchant_id, channel_id=channel_id, product_ids=ids) if ids else []
    level_of = {each.product_id: each.level for each in levels}
    return [_view(row, level_of.get(row[0].product_id)) for row in rows]


def _view(row: Row[Any], level: int | None) -> ListingView:
    listing: Listing = row[0]
    state = ListingState(row.state)
    if state is ListingState.SKIPPED and level == listing.expected:
        state = ListingState.IN_STEP  # stock has come back to what the shop sells
    return ListingView(listing, row.sku, row.name, level if row.is_tracked else None, state, _why(listing, row, state))


def _why(listing: Listing, row: Row[Any], state: ListingState) -> str | None:
    if not row.is_tracked:
        return NOT_TRACKED
    if listing.why is not None or state not in (ListingState.FAILING, ListingState.DRIFT):
        return listing.why
    if state is ListingState.DRIFT:
        return f"The shop sells {listing.drift_theirs}, where {listing.drift_ours} are expected."
    return row.text if row.status is None else f"{row.status}: {row.text}"
