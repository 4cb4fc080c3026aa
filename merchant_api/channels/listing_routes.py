"""Endpoints of listings: which item of a shop stands for which product, and how each stands."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint

from merchant_api.channels import find, listings, listings_shown, match, once
from merchant_api.channels.listing_schemas import (
    CandidateListOut,
    CandidatesIn,
    ListingIn,
    ListingListIn,
    ListingOut,
    ListingPageOut,
    MatchIn,
    MatchOut,
)
from merchant_api.channels.listings_shown import ListingsWanted, ListingView
from merchant_api.core.answer import Answered, Reply
from merchant_api.core.endpoint import endpoint
from merchant_api.core.paging import Page
from merchant_api.core.replay import Claim

channel_listings = Blueprint("channel_listings", __name__)

Asked = Mapping[str, Any]


@endpoint(channel_listings, "GET", "/listings", needs="channels.read", query=ListingListIn, reply=ListingPageOut)
def list_listings(merchant_id: UUID, channel_id: UUID, query: ListingsWanted, **_: object) -> Page[ListingView]:
    """What a channel lists, how each listing stands, and why."""
    find.one(merchant_id, channel_id)
    return listings_shown.page(merchant_id, channel_id, query)


@endpoint(
    channel_listings,
    "PUT",
    "/listings/<uuid:product_id>",
    needs="channels.edit",
    body=ListingIn,
    reply=ListingOut,
    also=(201,),
)
def put_listing(merchant_id: UUID, channel_id: UUID, product_id: UUID, body: Asked, **_: object) -> Reply:
    """List a product as an item of the shop, pause it, or let another item stand for it."""
    listed = listings.put(merchant_id, channel_id, product_id, body)
    return Reply(listings_shown.one(merchant_id, channel_id, product_id), status=201 if listed.is_new else 200)


@endpoint(channel_listings, "DELETE", "/listings/<uuid:product_id>", needs="channels.edit", status=204)
def remove_listing(merchant_id: UUID, channel_id: UUID, product_id: UUID, **_: object) -> None:
    """List a product no longer; the item of the shop stays as it is."""
    listings.remove(merchant_id, channel_id, product_id)


@endpoint(
    channel_listings,
    "GET",
    "/candidates",
    needs="channels.read",
    query=CandidatesIn,
    reply=CandidateListOut,
    opens_own=True,
)
def list_candidates(merchant_id: UUID, channel_id: UUID, query: Asked, claim: Claim | None, **_: object) -> Answered:
    """A page of the shop's items, as it answers now, each with the products that have its SKU."""
    return once.answered(claim, lambda: match.page(merchant_id, channel_id, query["cursor"]), CandidateListOut)


@endpoint(
    channel_listings,
    "POST",
    "/listings/match",
    needs="channels.edit",
    body=MatchIn,
    may_be_left_out=True,
    reply=MatchOut,
    opens_own=True,
)
def match_listings(merchant_id: UUID, channel_id: UUID, body: Asked, claim: Claim | None, **_: object) -> Answered:
    """List all products of a page of the shop's items whose SKU says beyond doubt which they are."""
    return once.answered(claim, lambda: match.match(merchant_id, channel_id, body["cursor"]), MatchOut)
