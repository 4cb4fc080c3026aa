"""What the steps after placing take and give."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from merchant_api.core.paging import page_of
from merchant_api.core.schema import (
    ActorOut,
    Flag,
    In,
    InstantIn,
    InstantOut,
    MoneyOut,
    Out,
    PlaceName,
    QuantityIn,
    Text,
    Whole,
)
from merchant_api.orders.models import MOST_GUESTS, MOST_LINES
from merchant_api.orders.schemas import OrderOut
from merchant_api.orders.states import RESERVED_REASONS, Condition, DeclineReason
from merchant_api.orders.steps.allocate import AllocationAsked
from merchant_api.orders.steps.cancel import Cancel
from merchant_api.orders.steps.cancel_request import Grant
from merchant_api.orders.steps.decide import Accept, Decline
from merchant_api.orders.steps.pickup import HandOver
from merchant_api.orders.steps.reduce import Part
from merchant_api.orders.steps.returns import Back
from merchant_api.stock.schemas import PlaceIn


@dataclass(frozen=True, slots=True)
class Asking:
    """Why a customer wishes to cancel."""

    reason: str


@dataclass(frozen=True, slots=True)
class Refusing:
    """What the merchant says to it."""

    note: str | None = None


@dataclass(frozen=True, slots=True)
class Returning:
    """What came back."""

    lines: Sequence[Back]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a delivery failed."""

    reason: str


class AskCancelIn(In):
    """A wish to cancel, and why."""

    makes = Asking
    reason = Text(most=200, required=True)


class GrantIn(In):
    """Yes; `restock` false leaves the units out of stock."""

    makes = Grant
    restock = Flag()


class RefuseCancelIn(In):
    """No, and perhaps why."""

    makes = Refusing
    note = Text(most=500)


class BackIn(In):
    """Units of a line that came back; without a place to where they came from, or written off if damaged."""

    makes = Back
    line = Whole(0, MOST_LINES - 1, required=True)
    quantity = QuantityIn(required=True)
    condition = fields.Enum(Condition, by_value=fields.String, required=True)
    location = PlaceName()
    grade = PlaceName()
    note = Text(most=500)


class ReturnIn(In):
    """What came back of a delivered order."""

    makes = Returning
    lines = fields.List(fields.Nested(BackIn), required=True, validate=validate.Length(1, MOST_LINES))


class ReturnOut(Out):
    """Units that came back, where they lie now (null: written off), and what was paid for them."""

    id = fields.UUID(required=True, attribute="row.id")
    line = fields.Integer(required=True, attribute="row.line")
    quantity = fields.Integer(required=True, attribute="row.quantity")
    condition = fields.Enum(Condition, by_value=fields.String, required=True, attribute="row.condition")
    location = fields.String(required=True, allow_none=True)
    grade = fields.String(required=True, allow_none=True)
    value = MoneyOut(required=True)
    note = fields.String(required=True, allow_none=True, attribute="row.note")
    actor = fields.Nested(ActorOut, required=True, attribute="row.actor")
    returned_at = InstantOut(required=True, attribute="row.returned_at")


class ReturnedOut(Out):
    """A return as it was recorded, and the order after it; `order.refund_owed` is what is to be given back."""

    order = fields.Nested(OrderOut, required=True, attribute="shown")
    returns = fields.List(fields.Nested(ReturnOut), required=True, attribute="items")


class AcceptIn(In):
    """Yes."""

    makes = Accept
    note = Text(most=500)
    ready_at = InstantIn(metadata={"description": "When a courier can have it: from now on, within 30 days."})


class DeclineIn(In):
    """No, and why; `other` needs a note."""

    makes = Decline
    reason = fields.Enum(DeclineReason, by_value=fields.String, required=True)
    note = Text(most=500)
    out_of_stock = fields.List(fields.UUID(), validate=validate.Length(0, MOST_LINES))

    @validates_schema
    def _says_why(self, data: Mapping[str, Any], **_: object) -> None:
        if data["reason"] is DeclineReason.OTHER and "note" not in data:
            raise ValidationError("Say why in a note.", "note")


class PartIn(In):
    """Units of a line that are called off; `guests` names those who stay out, else it is the last ones."""

    makes = Part
    line = Whole(0, MOST_LINES - 1, required=True)
    quantity = QuantityIn(required=True)
    guests = fields.List(Text(most=200), validate=validate.Length(1, MOST_GUESTS))


class CancelIn(In):
    """Call it off, or the named parts of it; `restock` false leaves the units out of stock."""

    makes = Cancel
    reason = Text(most=200, required=True)
    restock = Flag()
    lines = fields.List(fields.Nested(PartIn), validate=validate.Length(1, MOST_LINES))

    @validates_schema
    def _is_own_word(self, data: Mapping[str, Any], **_: object) -> None:
        if data["reason"] in RESERVED_REASONS:
            raise ValidationError("This word is said by the system only.", "reason")


class AllocationIn(In):
    """From where a line's units shall come; `line` counts from 0."""

    makes = AllocationAsked
    line = Whole(0, MOST_LINES - 1, required=True)
    to = fields.Nested(PlaceIn, required=True)


class HandOverIn(In):
    """It leaves the shelf. What is still owed to it does not, unless `also_owed` says that the goods were there: then
    they are received and settled with it.
    """

    makes = HandOver
    also_owed = Flag()


class FailIn(In):
    """Why it could not be delivered."""

    makes = Failure
    reason = Text(most=200, required=True)


ReturnPageOut = page_of(ReturnOut)
