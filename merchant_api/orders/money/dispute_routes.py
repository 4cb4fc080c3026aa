"""The endpoint that lists disputes; they are answered at the payment provider."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint
from marshmallow import fields

from merchant_api.core.endpoint import endpoint
from merchant_api.core.paging import Page, PageIn, Window, page_of
from merchant_api.core.schema import InstantOut, MoneyOut, Out
from merchant_api.orders.dispute_models import Dispute
from merchant_api.orders.money import dispute
from merchant_api.orders.states import DisputeState

disputes = Blueprint("disputes", __name__)


@dataclass(frozen=True, slots=True)
class DisputeList:
    """Which disputes are wanted."""

    at: Window
    payment: UUID | None = None
    state: DisputeState | None = None


class DisputeListIn(PageIn):
    """Disputes, newest first."""

    makes = DisputeList
    payment = fields.UUID(metadata={"description": "The id of a payment."})
    state = fields.Enum(DisputeState, by_value=fields.String)


class DisputeOut(Out):
    """What the customer's bank says of a payment: it asks, has taken the money, gave it back (won), or keeps it (lost).

    `reason` is the provider's word; `answer_by` is until when the merchant can answer, at the provider.
    """

    id = fields.UUID(required=True)
    payment_id = fields.UUID(required=True)
    order_id = fields.UUID(required=True)
    state = fields.Enum(DisputeState, by_value=fields.String, required=True)
    amount = MoneyOut(attribute="money", required=True)
    reason = fields.String(required=True, allow_none=True)
    answer_by = InstantOut(required=True, allow_none=True)
    opened_at = InstantOut(required=True)
    provider_id = fields.UUID(required=True)
    provider_reference = fields.String(required=True)


@endpoint(disputes, "GET", "", needs="orders.pay", query=DisputeListIn, reply=page_of(DisputeOut))
def list_disputes(merchant_id: UUID, query: DisputeList, **_: object) -> Page[Dispute]:
    """Disputes of payments, newest first; `state=open` are those that wait for an answer or a decision."""
    return dispute.page(merchant_id, query.payment, query.state, query.at)
