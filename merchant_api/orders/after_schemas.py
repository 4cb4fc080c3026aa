"""Shapes of what comes after the sale: wishes to cancel, returns, the inventory log and what is owed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from marshmallow import fields, validate

from merchant_api.core.paging import PageIn, page_of
from merchant_api.core.schema import In, InstantIn, InstantOut, MoneyOut, Out, QuantityIn, Text, Whole
from merchant_api.orders.cancel_request import Grant
from merchant_api.orders.placement import MOST_LINES
from merchant_api.orders.returns import Back
from merchant_api.orders.schemas import OrderOut
from merchant_api.orders.states import Condition, State
from merchant_api.shop.schemas import Flag
from merchant_api.stock.schemas import ActorOut


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
class RecordList:
    """A page of the inventory log as it is asked for."""

    limit: int
    cursor: str | None
    product: UUID | None
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class OwedList:
    """A page of what is owed as it is asked for."""

    limit: int
    cursor: str | None
    product: UUID | None


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
    location = Text(most=80)
    grade = Text(most=80)
    note = Text(most=500)


class ReturnIn(In):
    """What came back of a delivered order."""

    makes = Returning
    lines = fields.List(fields.Nested(BackIn), required=True, validate=validate.Length(1, MOST_LINES))


class RecordListIn(PageIn):
    """Which records are wanted; `since` inclusive, `until` exclusive, by when the order was placed."""

    makes = RecordList
    product = fields.UUID(load_default=None)
    since = InstantIn(load_default=None)
    until = InstantIn(load_default=None)


class OwedListIn(PageIn):
    """Of which product."""

    makes = OwedList
    product = fields.UUID(load_default=None)


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


class RecordOut(Out):
    """A line of a tracked product; `quantity` are the units it still stands for, 0 once the order was cancelled."""

    order_id = fields.UUID(required=True)
    code = fields.String(required=True)
    state = fields.Enum(State, by_value=fields.String, required=True)
    line = fields.Integer(required=True)
    product_id = fields.UUID(required=True)
    sku = fields.String(required=True)
    name = fields.String(required=True)
    quantity = fields.Integer(required=True)
    ordered = fields.Integer(required=True)
    cancelled = fields.Integer(required=True)
    returned = fields.Integer(required=True)
    customer_name = fields.String(required=True)
    placed_at = InstantOut(required=True)


class OwedOut(Out):
    """Units that a line was promised and that are not there; `kind` is backorder, or conflict after a count."""

    order_id = fields.UUID(required=True)
    code = fields.String(required=True)
    state = fields.Enum(State, by_value=fields.String, required=True)
    line = fields.Integer(required=True)
    product_id = fields.UUID(required=True)
    sku = fields.String(required=True)
    name = fields.String(required=True)
    location = fields.String(required=True)
    grade = fields.String(required=True)
    held = fields.Integer(required=True)
    owed = fields.Integer(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(("backorder", "conflict")))
    customer_name = fields.String(required=True)
    placed_at = InstantOut(required=True)


ReturnPageOut = page_of(ReturnOut)
RecordPageOut = page_of(RecordOut)
OwedPageOut = page_of(OwedOut)
