"""Shapes of channels and of the kinds of shops. Credentials come in and never go out."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from merchant_api.channels.edit import ChannelChanges, NewChannel
from merchant_api.channels.states import ChannelKind, DriftTake
from merchant_api.core.columns import LARGEST_QUANTITY
from merchant_api.core.paging import page_of
from merchant_api.core.schema import ActorOut, Flag, In, InstantOut, Out, PlaceName, Text, Whole

MOST_NAMES, MOST_LOCATIONS, LONGEST_OPTION = 20, 100, 500


def _said(text: str) -> dict[str, str]:
    return {"description": text}


def _is_plain(value: Any) -> None:
    """A validator: what an option may be."""
    if isinstance(value, str) and len(value) <= LONGEST_OPTION:
        return
    if isinstance(value, int) and abs(value) <= 2**53:  # true and false are whole numbers to Python
        return
    raise ValidationError(f"Text of at most {LONGEST_OPTION} characters, a whole number, true, false or null.")


class ChannelSettingsIn(In):
    """By which rules levels are shown, and what the kind wants beside; what is left out stays as it is."""

    buffer = Whole(0, LARGEST_QUANTITY, metadata=_said("Units that are kept back of what is available (0)."))
    percent = Whole(0, 100, metadata=_said("The share of the rest that is shown, rounded down (100)."))
    least = Whole(0, LARGEST_QUANTITY, metadata=_said("Below so many units 0 is shown (0)."))
    most = Whole(0, LARGEST_QUANTITY, allow_none=True, metadata=_said("No more than so many are shown (null: all)."))
    pack = Whole(1, LARGEST_QUANTITY, metadata=_said("What is shown is rounded down to whole packs of so many (1)."))
    locations = fields.List(
        PlaceName(),
        allow_none=True,
        validate=validate.Length(max=MOST_LOCATIONS),
        metadata=_said("Names of our locations that feed it; none: all of them."),
    )
    shop_location = Text(200, allow_none=True, metadata=_said("The place in the shop that levels are written to."))
    restores_cancelled = Flag(metadata=_said("Whether units that the shop cancels go back into stock (true)."))
    drift = fields.Enum(
        DriftTake,
        by_value=fields.String,
        metadata=_said("Whose figure holds where the shop's level is neither ours nor explained by an order (ask)."),
    )
    options = fields.Dict(
        keys=fields.String(validate=validate.Length(1, 64)),
        values=fields.Raw(allow_none=True, validate=_is_plain),
        allow_none=True,
        validate=validate.Length(max=MOST_NAMES),
        metadata=_said("Settings of its kind, as GET /v1/channel-kinds lists them; null takes one away."),
    )


class CredentialsIn(fields.Dict):
    """What we sign in to the shop with, by the names that GET /v1/channel-kinds lists for its kind."""

    def __init__(self, **options: Any) -> None:
        names = fields.String(validate=validate.Length(1, 64))
        most = validate.Length(max=MOST_NAMES)
        super().__init__(keys=names, values=fields.String(), validate=most, **options)


class ChannelIn(In):
    """A channel to be connected."""

    makes = NewChannel
    kind = fields.Enum(ChannelKind, by_value=fields.String, required=True)
    name = Text(100, required=True)
    address = Text(500, required=True)
    credentials = CredentialsIn(required=True)
    is_synchronised = Flag()
    is_primary = Flag()
    settings = fields.Nested(ChannelSettingsIn)


class ChannelChangesIn(In):
    """What shall be otherwise; `credentials` are all of them, `settings` those that change."""

    makes = ChannelChanges
    name = Text(100)
    address = Text(500)
    credentials = CredentialsIn()
    is_synchronised = Flag()
    is_primary = Flag()
    settings = fields.Nested(ChannelSettingsIn)


class ChannelSettingsOut(Out):
    """All settings."""

    buffer = fields.Integer(required=True)
    percent = fields.Integer(required=True)
    least = fields.Integer(required=True)
    most = fields.Integer(required=True, allow_none=True)
    pack = fields.Integer(required=True)
    locations = fields.List(fields.String(), required=True)
    shop_location = fields.String(required=True, allow_none=True)
    restores_cancelled = fields.Boolean(required=True)
    drift = fields.String(required=True)
    options = fields.Dict(keys=fields.String(), values=fields.Raw(), required=True)


class ChannelOut(Out):
    """A channel: where it stands and why, how many levels wait for it, and for how long its shop has been behind."""

    id = fields.UUID(attribute="row.id", required=True)
    kind = fields.Enum(ChannelKind, by_value=fields.String, attribute="row.kind", required=True)
    name = fields.String(attribute="row.name", required=True)
    address = fields.String(attribute="row.address", required=True)
    is_synchronised = fields.Boolean(attribute="row.is_synchronised", required=True)
    is_primary = fields.Boolean(attribute="row.is_primary", required=True)
    state = fields.String(required=True, metadata=_said("new, ready, failing, or off where it is not synchronised."))
    why = fields.String(attribute="row.why", required=True, allow_none=True)
    waiting = fields.Integer(required=True)
    lag_s = fields.Float(required=True)
    settings = fields.Nested(ChannelSettingsOut, required=True)
    path = fields.String(required=True, metadata=_said("Where the shop sends its events."))
    created_by = fields.Nested(ActorOut, attribute="row.created_by", required=True)
    created_at = InstantOut(attribute="row.created_at", required=True)
    changed_at = InstantOut(attribute="row.changed_at", required=True)


ChannelPageOut = page_of(ChannelOut)
