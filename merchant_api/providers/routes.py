"""Endpoints of payment providers: set up, told of money by signed events, and asked to give money back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint

from merchant_api.core.actor import Actor
from merchant_api.core.answer import Reply
from merchant_api.core.endpoint import Incoming, endpoint
from merchant_api.core.gate import SIGNED
from merchant_api.core.paging import Page, PageIn, Window, mapped
from merchant_api.orders.money import view
from merchant_api.orders.money.refund import RefundAsked
from merchant_api.orders.money.schemas import PaymentOut, RefundIn
from merchant_api.orders.states import RefundState
from merchant_api.providers import edit, give_back, match, receive, show
from merchant_api.providers.models import PaymentEvent
from merchant_api.providers.receive import Receipt
from merchant_api.providers.schemas import (
    AssignIn,
    EventList,
    EventListIn,
    EventOut,
    EventPageOut,
    ProviderChangesIn,
    ProviderIn,
    ProviderOut,
    ProviderPageOut,
    ReceiptOut,
)
from merchant_api.providers.show import ProviderView
from merchant_api.providers.webhook_bodies import SignedEventIn

providers = Blueprint("payment_providers", __name__)
events = Blueprint("payment_events", __name__)
refunds = Blueprint("refunds", __name__)
incoming_events = Blueprint("incoming_payment_events", __name__)

Asked = Mapping[str, Any]


@endpoint(providers, "GET", "", needs="providers.read", query=PageIn, reply=ProviderPageOut)
def list_providers(merchant_id: UUID, query: Window, **_: object) -> Page[ProviderView]:
    """The merchant's payment providers, without their secrets, newest first."""
    return mapped(edit.page(merchant_id, query), show.view)


@endpoint(providers, "POST", "", needs="providers.edit", body=ProviderIn, reply=ProviderOut, status=201)
def add_provider(merchant_id: UUID, body: edit.New, actor: Actor) -> ProviderView:
    """Set a payment provider up."""
    return show.view(edit.add(merchant_id, body, actor))


@endpoint(providers, "PATCH", "/<uuid:provider_id>", needs="providers.edit", body=ProviderChangesIn, reply=ProviderOut)
def change_provider(merchant_id: UUID, provider_id: UUID, body: edit.ProviderChanges, actor: Actor) -> ProviderView:
    """Rename a provider, or give it another secret; the old one stays good for a while."""
    return show.view(edit.change(merchant_id, provider_id, body, actor))


@endpoint(providers, "DELETE", "/<uuid:provider_id>", needs="providers.edit", status=204)
def end_provider(merchant_id: UUID, provider_id: UUID, actor: Actor) -> None:
    """Listen to a provider no longer."""
    edit.end(merchant_id, provider_id, actor)


@endpoint(events, "GET", "", needs="orders.pay", query=EventListIn, reply=EventPageOut)
def list_events(merchant_id: UUID, query: EventList, **_: object) -> Page[PaymentEvent]:
    """What providers told of money, newest first; `state=unmatched` needs somebody."""
    return show.events(merchant_id, query.state, query.at)


@endpoint(events, "POST", "/<uuid:event_id>/assign", needs="orders.pay", body=AssignIn, reply=EventOut)
def assign_event(merchant_id: UUID, event_id: UUID, body: Asked, actor: Actor) -> PaymentEvent:
    """Say which order the money of an event is for."""
    return match.assign(merchant_id, event_id, body["order_id"], actor)


@endpoint(
    refunds,
    "POST",
    "/<uuid:payment_id>/refund",
    needs="orders.pay",
    body=RefundIn,
    reply=PaymentOut,
    also=(202,),
)
def refund_payment(merchant_id: UUID, payment_id: UUID, body: RefundAsked, actor: Actor) -> Reply:
    """Give money back: 200 it was given back, 202 the provider is asked to."""
    given = give_back.give_back(merchant_id, payment_id, body, actor)
    status = 202 if given.refund.state is RefundState.PENDING else 200
    return Reply(view.one(merchant_id, payment_id), status=status)


@endpoint(
    incoming_events,
    "POST",
    "/<uuid:merchant_id>/<uuid:provider_id>",
    needs=SIGNED,
    signed=SignedEventIn,
    reply=ReceiptOut,
)
def receive_event(merchant_id: UUID, provider_id: UUID, incoming: Incoming, **_: object) -> Receipt:
    """Take a signed event of a payment provider.

    Stripe sends its own events, signed by its `Stripe-Signature`; the metadata of the payment or checkout name the
    order as `order_id` or `payment_reference`. Any other provider signs after Standard Webhooks (headers `webhook-id`,
    `webhook-timestamp`, `webhook-signature`) a body as below. The order is named by its id, or by the payment reference
    with which it was placed as prepaid. Events may come twice and in any order; types that are not listed are ignored.
    A signature that is missing, wrong, or more than five minutes old gets 401.
    """
    return receive.receive(merchant_id, provider_id, incoming)
