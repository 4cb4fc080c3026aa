"""What calls on payments take and give, and how a reply names lines that stock does not cover."""

from dataclasses import dataclass

from marshmallow import fields

from merchant_api.core.paging import PageIn, Window, page_of
from merchant_api.core.schema import ActorOut, Flag, In, InstantIn, InstantOut, MoneyIn, MoneyOut, Out, Text
from merchant_api.core.sentences.field import SentenceOut
from merchant_api.orders.money.pay import PaymentReport
from merchant_api.orders.money.refund import RefundAsked
from merchant_api.orders.money.revivable import CannotRevive
from merchant_api.orders.schemas import OrderOut
from merchant_api.orders.states import PaymentState, RefundState


@dataclass(frozen=True, slots=True)
class PaymentList:
    """Which payments are wanted: that wait for a decision, whose refund failed, that are due back; or the others."""

    at: Window
    parked: bool | None = None
    refund_failed: bool | None = None
    due_back: bool | None = None


class PaymentIn(In):
    """Money that moved, all of it or a part; `paid_at` is when it was paid, at most 5 minutes ahead, or now."""

    makes = PaymentReport
    amount = MoneyIn(least=1, required=True)
    reference = Text(most=200, required=True)
    paid_at = InstantIn()


class PaymentListIn(PageIn):
    """Payments, newest first: those that wait for a decision, whose refund failed, of which money has to go back."""

    makes = PaymentList
    parked = fields.Boolean()
    refund_failed = fields.Boolean()
    due_back = fields.Boolean()


class RefundIn(In):
    """Money to be given back: all that has to be, where no amount is said; `by_hand` where it went back already.

    More than has to go back, up to what was paid, is the seller's goodwill and needs a `note`.
    """

    makes = RefundAsked
    amount = MoneyIn(least=1)
    note = Text(most=500)
    reference = Text(most=200)
    by_hand = Flag()


class RefundOut(Out):
    """Money on its way back, done or failed; `answer` is what the provider said when it failed."""

    id = fields.UUID(attribute="row.id", required=True)
    state = fields.Enum(RefundState, by_value=fields.String, attribute="row.state", required=True)
    amount = MoneyOut(attribute="money", required=True)
    reference = fields.String(attribute="row.reference", required=True, allow_none=True)
    note = fields.String(attribute="row.note", required=True, allow_none=True)
    by = fields.Nested(ActorOut, attribute="row.actor", required=True)
    made_at = InstantOut(attribute="row.made_at", required=True)
    ended_at = InstantOut(attribute="row.ended_at", required=True, allow_none=True)
    provider_id = fields.UUID(attribute="row.provider_id", required=True, allow_none=True)
    provider_reference = fields.String(attribute="row.provider_reference", required=True, allow_none=True)
    answer = fields.String(attribute="row.answer", required=True, allow_none=True)


class PaymentOut(Out):
    """A payment: counted, or parked and why; what went back, and what can be done about it now.

    `refundable` is what may still go back, `due_back` what has to; what is on its way is in neither.
    `cannot_revive` says what stands against reviving the order with it, and is null where nothing does.
    """

    id = fields.UUID(attribute="row.id", required=True)
    order_id = fields.UUID(attribute="row.order_id", required=True)
    state = fields.Enum(PaymentState, by_value=fields.String, attribute="row.state", required=True)
    amount = MoneyOut(attribute="row.money", required=True)
    reference = fields.String(attribute="row.reference", required=True)
    paid_at = InstantOut(attribute="row.paid_at", required=True)
    received_at = InstantOut(attribute="row.received_at", required=True)
    recorded_by = fields.Nested(ActorOut, attribute="row.recorded_by", required=True)
    parked_reason = fields.String(attribute="row.parked_reason", required=True, allow_none=True)
    provider_id = fields.UUID(attribute="row.provider_id", required=True, allow_none=True)
    provider_reference = fields.String(attribute="row.provider_reference", required=True, allow_none=True)
    refunded = MoneyOut(attribute="row.refunded_money", required=True)
    disputed = MoneyOut(
        attribute="row.disputed_money",
        required=True,
        metadata={"description": "What of it the customer's bank took back, or takes; /disputes says why."},
    )
    refunds = fields.List(fields.Nested(RefundOut), required=True)
    refundable = MoneyOut(required=True)
    due_back = MoneyOut(required=True)
    can_revive = fields.Boolean(required=True)
    cannot_revive = fields.Enum(CannotRevive, by_value=fields.String, required=True, allow_none=True)


class ShortageOut(Out):
    """A line that stock does not cover: units `promised` by the merchant's word, and `owed` until stock comes in."""

    line = fields.Integer(attribute="row.line", required=True)
    sku = fields.String(attribute="row.sku", required=True)
    name = fields.String(attribute="row.name", required=True)
    wanted = fields.Integer(attribute="row.kept", required=True)
    promised = fields.Integer(required=True)
    owed = fields.Integer(required=True)
    why = SentenceOut(required=True)


class RecordedOut(Out):
    """A payment as it stands, the order after it, and its lines that stock does not cover now."""

    state = fields.Enum(PaymentState, by_value=fields.String, attribute="payment.row.state", required=True)
    payment = fields.Nested(PaymentOut, required=True)
    order = fields.Nested(OrderOut, required=True)
    shortage = fields.List(fields.Nested(ShortageOut), required=True)


PaymentPageOut = page_of(PaymentOut)
