"""What calls on orders take and give."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from merchant_api.accounts.models import Terms
from merchant_api.core.paging import PageIn, page_of
from merchant_api.core.schema import Degrees, In, InstantIn, InstantOut, MoneyIn, MoneyOut, Out, QuantityIn, Text, Whole
from merchant_api.orders.allocate import Allocation
from merchant_api.orders.ask import CustomerAsked, LineAsked, OrderAsked
from merchant_api.orders.cancel import Cancel
from merchant_api.orders.decide import Accept, Decline
from merchant_api.orders.placement import MOST_GUESTS, MOST_LINES
from merchant_api.orders.reduce import Part
from merchant_api.orders.states import RESERVED_REASONS, DeclineReason, State, Step, Verdict
from merchant_api.shop.schemas import Flag
from merchant_api.stock.schemas import ActorOut, PlaceIn


@dataclass(frozen=True, slots=True)
class OrderList:
    """Which orders are wanted."""

    limit: int
    cursor: str | None
    state: State | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a delivery failed."""

    reason: str


class LineIn(In):
    """One product of an order. `guests` are who comes to a registration beside the customer: quantity is 1 + guests."""

    makes = LineAsked
    product_id = fields.UUID(required=True)
    quantity = QuantityIn(required=True)
    location = Text(most=100)
    grade = Text(most=100)
    unit_price = MoneyIn()
    guests = fields.List(Text(most=200), validate=validate.Length(0, MOST_GUESTS))


class CustomerIn(In):
    """Somebody with an id, or somebody by name; only from staff, members and integrations."""

    makes = CustomerAsked
    person_id = fields.UUID()
    name = Text(most=200)
    phone = Text(most=40)
    email = fields.Email(validate=validate.Length(max=254))

    @validates_schema
    def _is_one(self, data: Mapping[str, Any], **_: object) -> None:
        if ("person_id" in data) == ("name" in data):
            raise ValidationError("Give either a person_id, or a name with phone and email.")
        if "person_id" in data and len(data) > 1:
            raise ValidationError("A person_id says all: name, phone and email go without it.")


class DeliverToIn(In):
    """Where an order goes."""

    name = Text(most=200)
    phone = Text(most=40)
    address = Text(most=500)
    line1 = Text(most=200)
    line2 = Text(most=200)
    city = Text(most=100)
    postcode = Text(most=20)
    country = Text(most=60)
    latitude = Degrees(90)
    longitude = Degrees(180)
    note = Text(most=500)


class OrderIn(In):
    """An order to be placed."""

    makes = OrderAsked
    lines = fields.List(fields.Nested(LineIn), required=True, validate=validate.Length(1, MOST_LINES))
    payment_terms = fields.Enum(Terms, by_value=fields.String)
    payment_reference = Text(most=200)
    note = Text(most=1000)
    deliver_to = fields.Nested(DeliverToIn)
    customer = fields.Nested(CustomerIn)


class AcceptIn(In):
    """Yes."""

    makes = Accept
    note = Text(most=500)
    ready_at = InstantIn()


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

    makes = Allocation
    line = Whole(0, MOST_LINES - 1, required=True)
    to = fields.Nested(PlaceIn, required=True)


class FailIn(In):
    """Why it could not be delivered."""

    makes = Failure
    reason = Text(most=200, required=True)


class OrderListIn(PageIn):
    """Orders, newest first."""

    makes = OrderList
    state = fields.Enum(State, by_value=fields.String)


class LineOut(Out):
    """One product of an order: what was decided of it, and its units held and taken out of stock now."""

    line = fields.Integer(attribute="row.line", required=True)
    product_id = fields.UUID(attribute="row.product_id", required=True)
    sku = fields.String(attribute="row.sku", required=True)
    name = fields.String(attribute="row.name", required=True)
    quantity = fields.Integer(attribute="row.quantity", required=True)
    unit_price = MoneyOut(required=True)
    verdict = fields.Enum(Verdict, by_value=fields.String, attribute="row.verdict", required=True)
    verdict_reason = fields.String(attribute="row.verdict_reason", required=True)
    held = fields.Integer(required=True)
    settled = fields.Integer(required=True)
    promised = fields.Integer(attribute="row.promised", required=True)
    cancelled = fields.Integer(attribute="row.cancelled", required=True)
    returned = fields.Integer(attribute="row.returned", required=True)
    guests = fields.List(fields.String(), attribute="row.guests", required=True, allow_none=True)


class OrderOut(Out):
    """An order."""

    id = fields.UUID(attribute="order.id", required=True)
    merchant_id = fields.UUID(attribute="order.merchant_id", required=True)
    code = fields.String(attribute="order.code", required=True)
    state = fields.Enum(State, by_value=fields.String, attribute="order.state", required=True)
    mode = fields.String(attribute="order.mode", required=True)
    lines = fields.List(fields.Nested(LineOut), required=True)
    total = MoneyOut(attribute="order.total_money", required=True)
    paid = MoneyOut(attribute="order.paid_money", required=True)
    refunded = MoneyOut(attribute="order.refunded_money", required=True)
    refund_due = fields.Boolean(attribute="order.refund_due", required=True)
    refund_owed = MoneyOut(attribute="order.refund_owed", required=True)
    cancel_requested = fields.Boolean(attribute="order.cancel_requested", required=True)
    cancel_respond_by = InstantOut(attribute="order.cancel_respond_by", required=True, allow_none=True)
    payment_terms = fields.Enum(Terms, by_value=fields.String, attribute="order.payment_terms", required=True)
    customer_id = fields.UUID(attribute="order.customer_id", required=True)
    customer_name = fields.String(attribute="order.customer_name", required=True)
    placed_by = fields.Nested(ActorOut, attribute="order.placed_by", required=True)
    placed_at = InstantOut(attribute="order.placed_at", required=True)
    respond_by = InstantOut(attribute="order.respond_by", required=True, allow_none=True)
    pay_by = InstantOut(attribute="order.pay_by", required=True, allow_none=True)
    answered_at = InstantOut(attribute="order.answered_at", required=True, allow_none=True)
    answered_by = fields.Nested(ActorOut, attribute="order.answered_by", required=True, allow_none=True)
    answer_note = fields.String(attribute="order.answer_note", required=True, allow_none=True)
    confirmed_at = InstantOut(attribute="order.confirmed_at", required=True, allow_none=True)
    cancel_by = InstantOut(attribute="order.cancel_by", required=True, allow_none=True)
    ready_at = InstantOut(attribute="order.ready_at", required=True, allow_none=True)
    pickup_asked_at = InstantOut(attribute="order.pickup_asked_at", required=True, allow_none=True)
    ended_at = InstantOut(attribute="order.ended_at", required=True, allow_none=True)
    reason = fields.String(attribute="order.reason", required=True, allow_none=True)
    note = fields.String(attribute="order.note", required=True, allow_none=True)
    deliver_to = fields.Dict(attribute="order.deliver_to", required=True, allow_none=True)


class HistoryOut(Out):
    """One move of an order."""

    seq = fields.Integer(required=True)
    state = fields.Enum(State, by_value=fields.String, required=True)
    step = fields.Enum(Step, by_value=fields.String, required=True)
    actor = fields.Nested(ActorOut, required=True)
    note = fields.String(required=True, allow_none=True)
    at = InstantOut(attribute="happened_at", required=True)


class HistoryListOut(Out):
    """Every move of an order, oldest first."""

    items = fields.List(fields.Nested(HistoryOut), required=True)
    next = fields.String(required=True, allow_none=True)


OrderPageOut = page_of(OrderOut)
