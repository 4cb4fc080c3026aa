"""Shapes of listings, and of items of a shop that may be listed."""

from marshmallow import fields, validate

from merchant_api.channels.candidates import LONGEST_CURSOR
from merchant_api.channels.listings_shown import ListingsWanted
from merchant_api.channels.states import ListingState
from merchant_api.core.paging import PageIn, page_of
from merchant_api.core.schema import Flag, In, InstantOut, Out, Text

LONGEST_ID = 300


class ListingIn(In):
    """The item that stands for the product; of `shop_location` and `is_paused` what is left out stays."""

    shop_id = Text(LONGEST_ID, required=True)
    shop_location = Text(LONGEST_ID, allow_none=True)
    is_paused = Flag()


class ListingListIn(PageIn):
    """Listings, newest product first; `q` is part of a name or SKU, or the id of an item."""

    makes = ListingsWanted
    state = fields.Enum(ListingState, by_value=fields.String)
    q = Text(LONGEST_ID)


class ListingOut(Out):
    """A listing: `level` is what the shop shall sell, `acknowledged` what it last took from us, `shop_level` what it
    was last seen to sell.
    """

    product_id = fields.UUID(attribute="row.product_id", required=True)
    sku = fields.String(required=True)
    name = fields.String(required=True)
    shop_id = fields.String(attribute="row.shop_id", required=True)
    shop_location = fields.String(attribute="row.shop_location", required=True, allow_none=True)
    is_paused = fields.Boolean(attribute="row.is_paused", required=True)
    level = fields.Integer(required=True, allow_none=True)
    acknowledged = fields.Integer(attribute="row.acknowledged", required=True, allow_none=True)
    acknowledged_at = InstantOut(attribute="row.acknowledged_at", required=True, allow_none=True)
    shop_level = fields.Integer(attribute="row.shop_level", required=True, allow_none=True)
    read_at = InstantOut(attribute="row.read_at", required=True, allow_none=True)
    state = fields.Enum(ListingState, by_value=fields.String, required=True)
    why = fields.String(required=True, allow_none=True)


class CandidatesIn(In):
    """Which page of the shop's items, by the cursor that the page before gave."""

    cursor = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, LONGEST_CURSOR))


class MatchIn(CandidatesIn):
    """As for candidates."""


class CandidateProductOut(Out):
    """A product of ours that an item may stand for."""

    product_id = fields.UUID(required=True)
    sku = fields.String(required=True)
    name = fields.String(required=True)
    listed_as = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The item as which it is listed on this channel already."},
    )


class CandidateOut(Out):
    """An item of the shop; `is_clear` where one product alone has its SKU, and this item alone has the product's."""

    shop_id = fields.String(required=True)
    shop_location = fields.String(required=True, allow_none=True)
    sku = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)
    sells = fields.Integer(required=True, allow_none=True)
    listed_product_id = fields.UUID(required=True, allow_none=True)
    products = fields.List(fields.Nested(CandidateProductOut), required=True)
    is_clear = fields.Boolean(required=True)
    why = fields.String(required=True, allow_none=True)


class CandidateListOut(Out):
    """One page of the shop's items; `of` is how many it has, where it says so."""

    items = fields.List(fields.Nested(CandidateOut), required=True)
    next = fields.String(required=True, allow_none=True)
    of = fields.Integer(required=True, allow_none=True)


class MatchOut(Out):
    """How many products were listed; `items` are those that somebody has to decide."""

    listed = fields.Integer(required=True)
    items = fields.List(fields.Nested(CandidateOut), required=True)
    next = fields.String(required=True, allow_none=True)
    of = fields.Integer(required=True, allow_none=True)


ListingPageOut = page_of(ListingOut)
