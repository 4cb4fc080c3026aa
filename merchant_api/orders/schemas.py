"""How orders and their history are listed and shown."""

from dataclasses import dataclass

from marshmallow import fields

from merchant_api.accounts.models import Terms
from merchant_api.core.paging import PageIn, Window, page_of
from merchant_api.core.schema import ActorOut, InstantOut, MoneyOut, Out
from merchant_api.core.sentences.field import SentenceOut
from merchant_api.orders.states import OriginKind, State, Step, Verdict
from merchant_api.orders.verdict_field import VerdictCodeOut


@dataclass(frozen=True, slots=True)
class OrderList:
    """Which orders are wanted."""

    at: Window
    state: State | None = None


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
    verdict_code = VerdictCodeOut(attribute="row.verdict_code", required=True)
    verdict_reason = SentenceOut(attribute="row.verdict_reason", required=True)
    held = fields.Integer(required=True)
    settled = fields.Integer(required=True)
    promised = fields.Integer(attribute="row.promised", required=True)
    cancelled = fields.Integer(attribute="row.cancelled", required=True)
    returned = fields.Integer(attribute="row.returned", required=True)
    guests = fields.List(fields.String(), attribute="row.guests", required=True, allow_none=True)


class OriginOut(Out):
    """Where an order came from; a channel's names it, and the id that the order has there."""

    kind = fields.Enum(OriginKind, by_value=fields.String, required=True)
    channel_id = fields.UUID(required=True, allow_none=True)
    external_id = fields.String(required=True, allow_none=True)


class OrderOut(Out):
    """An order. `paid` is the money that counts, `left_to_pay` what is missing; `refund_owed` has to be given back."""

    id = fields.UUID(attribute="order.id", required=True)
    merchant_id = fields.UUID(attribute="order.merchant_id", required=True)
    code = fields.String(attribute="order.code", required=True)
    state = fields.Enum(State, by_value=fields.String, attribute="order.state", required=True)
    mode = fields.String(attribute="order.mode", required=True)
    origin = fields.Nested(OriginOut, attribute="order.origin", required=True)
    lines = fields.List(fields.Nested(LineOut), required=True)
    total = MoneyOut(attribute="order.total_money", required=True)
    paid = MoneyOut(attribute="order.paid_money", required=True)
    left_to_pay = MoneyOut(attribute="order.left_to_pay_money", required=True)
    refunded = MoneyOut(attribute="order.refunded_money", required=True)
    refund_due = fields.Boolean(attribute="order.refund_due", required=True)
    refund_owed = MoneyOut(attribute="order.refund_owed", required=True)
    is_disputed = fields.Boolean(
        attribute="order.is_disputed",
        required=True,
        metadata={"description": "The customer's bank took money of it back, or takes it."},
    )
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
