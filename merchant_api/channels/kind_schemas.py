"""Shapes of the kinds of shops, and of what a shop says of our account."""

from marshmallow import fields

from merchant_api.channels.states import ChannelKind
from merchant_api.core.schema import Out


class CredentialOut(Out):
    """A credential that a kind wants."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    is_optional = fields.Boolean(required=True)


class OptionOut(Out):
    """A setting of one kind alone."""

    name = fields.String(required=True)
    title = fields.String(required=True)


class AbilitiesOut(Out):
    """What a kind can do: how many levels fit in one call, and how many calls are on their way at once."""

    has_orders = fields.Boolean(required=True)
    has_items = fields.Boolean(required=True)
    has_locations = fields.Boolean(required=True)
    hears_events = fields.Boolean(required=True)
    compares = fields.Boolean(required=True)
    most_set = fields.Integer(required=True)
    calls_at_once = fields.Integer(required=True)


class ChannelKindOut(Out):
    """A kind of shop: which credentials and options it wants, and what it can do."""

    kind = fields.Enum(ChannelKind, by_value=fields.String, required=True)
    title = fields.String(required=True)
    credentials = fields.List(fields.Nested(CredentialOut), required=True)
    options = fields.List(fields.Nested(OptionOut), required=True)
    abilities = fields.Nested(AbilitiesOut, required=True)


class ChannelKindListOut(Out):
    """All of them."""

    items = fields.List(fields.Nested(ChannelKindOut), required=True)
    next = fields.String(required=True, allow_none=True)


class CheckOut(Out):
    """What came of asking the shop: `can` are levels, orders, items, events; `why` is what is in the way."""

    is_ok = fields.Boolean(required=True)
    account = fields.String(required=True, allow_none=True)
    location = fields.String(required=True, allow_none=True)
    can = fields.List(fields.String(), required=True)
    why = fields.String(required=True, allow_none=True)
