"""Shapes of payment providers and their events. Secrets come in and never go out."""

from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields, validate

from merchant_api.core.paging import PageIn, Window, page_of
from merchant_api.core.schema import ActorOut, In, InstantOut, MoneyOut, Out, Text, Whole
from merchant_api.providers.edit import DAY_S, New, ProviderChanges
from merchant_api.providers.states import ProviderEventState, ProviderKind

WEEK_S = 7 * DAY_S


def _is_visible(secret: str) -> None:
    """A validator: one word of visible ASCII characters, as secrets and keys are."""
    if not all("!" <= character <= "~" for character in secret):
        raise ValidationError("Visible ASCII characters only.")


@dataclass(frozen=True, slots=True)
class EventList:
    """Which events are wanted."""

    at: Window
    state: ProviderEventState | None = None


class SecretIn(fields.String):
    """A secret of 10 to 300 visible characters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=[validate.Length(10, 300), _is_visible], **options)


class ProviderIn(In):
    """A provider: `secret` is what it signs its events with, `api_key` (Stripe) what refunds are made with."""

    makes = New
    kind = fields.Enum(ProviderKind, by_value=fields.String, required=True)
    name = Text(most=100, required=True)
    secret = SecretIn(required=True)
    api_key = SecretIn()


class ProviderChangesIn(In):
    """A new secret leaves those before it good for `old_valid_for_s` (a day); an empty `api_key` takes it away."""

    makes = ProviderChanges
    name = Text(most=100)
    secret = SecretIn()
    old_valid_for_s = Whole(0, WEEK_S)
    api_key = fields.String(validate=[validate.Length(0, 300), _is_visible])


class ProviderOut(Out):
    """A provider: where it sends its events (a path of this API), and which."""

    id = fields.UUID(attribute="row.id", required=True)
    kind = fields.Enum(ProviderKind, by_value=fields.String, attribute="row.kind", required=True)
    name = fields.String(attribute="row.name", required=True)
    path = fields.String(required=True)
    events = fields.List(fields.String(), required=True)
    signing_secrets = fields.Integer(required=True)
    carries_out_refunds = fields.Boolean(required=True)
    created_by = fields.Nested(ActorOut, attribute="row.created_by", required=True)
    created_at = InstantOut(attribute="row.created_at", required=True)
    changed_at = InstantOut(attribute="row.changed_at", required=True)


class EventListIn(PageIn):
    """Events, newest first."""

    makes = EventList
    state = fields.Enum(ProviderEventState, by_value=fields.String)


class EventOut(Out):
    """An event of a provider; `reason` is why it waits or fits nothing, `subject` the payment by its name there."""

    id = fields.UUID(required=True)
    provider_id = fields.UUID(required=True)
    event_id = fields.String(required=True)
    type = fields.String(required=True)
    subject = fields.String(required=True)
    amount = MoneyOut(attribute="money", required=True)
    order_id = fields.UUID(required=True, allow_none=True)
    state = fields.Enum(ProviderEventState, by_value=fields.String, required=True)
    reason = fields.String(required=True, allow_none=True)
    payment_id = fields.UUID(required=True, allow_none=True)
    received_at = InstantOut(required=True)
    attempts = fields.Integer(required=True)
    next_try_at = InstantOut(required=True, allow_none=True)
    ended_at = InstantOut(required=True, allow_none=True)


class AssignIn(In):
    """Which order the money is for."""

    order_id = fields.UUID(required=True)


class ReceiptOut(Out):
    """What became of an event: applied, waiting, unmatched or ignored."""

    state = fields.String(required=True)


ProviderPageOut = page_of(ProviderOut)
EventPageOut = page_of(EventOut)
