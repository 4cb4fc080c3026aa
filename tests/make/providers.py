"""Payment providers, and events as they would send them, signed as they would sign them."""

import base64
import dataclasses
import json
from collections.abc import Sequence
from itertools import count
from typing import Any

from flask import Flask
from sqlalchemy import select
from standardwebhooks import Webhook
from stripe import WebhookSignature

from merchant_api.accounts.models import Merchant
from merchant_api.core import clock
from merchant_api.core.actor import job
from merchant_api.core.db import session
from merchant_api.core.endpoint import Incoming
from merchant_api.core.schema import rfc3339
from merchant_api.providers import edit, match
from merchant_api.providers.edit import New
from merchant_api.providers.models import PaymentEvent, PaymentProvider
from merchant_api.providers.states import ProviderKind
from tests.make.people import make_actor

STRIPE_SECRET = "whsec_a_secret_of_the_tests"
WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"a secret of the tests, 32 bytes.").decode()
API_KEY = "sk_test_of_the_tests"
SECRETS = {ProviderKind.STRIPE: STRIPE_SECRET, ProviderKind.WEBHOOK: WEBHOOK_SECRET}
_numbers = count(1)


def make_provider(
    merchant: Merchant, kind: ProviderKind = ProviderKind.STRIPE, api_key: str | None = None
) -> PaymentProvider:
    """A provider of the merchant, with the secret of its kind."""
    row = edit.add(merchant.id, New(kind, kind.value, SECRETS[kind], api_key), make_actor())
    session().commit()
    return row


def stripe_event(type_: str, about: dict[str, Any], **members: Any) -> dict[str, Any]:
    """An event of Stripe, as far as anybody looks at it."""
    event = {
        "id": f"evt_{next(_numbers)}",
        "object": "event",
        "api_version": "2026-04-22.dahlia",
        "created": int(clock.now().timestamp()),
        "livemode": False,
        "type": type_,
        "data": {"object": about},
    }
    return event | members


def intent(reference: str, amount: int, currency: str = "npr", **metadata: str) -> dict[str, Any]:
    """A payment that succeeded at Stripe."""
    return {
        "id": reference,
        "object": "payment_intent",
        "amount": amount,
        "amount_received": amount,
        "currency": currency,
        "metadata": metadata,
        "status": "succeeded",
    }


def checkout(payment: str, amount: int, currency: str = "npr", **metadata: str) -> dict[str, Any]:
    """A checkout that was paid."""
    return {
        "id": f"cs_{payment}",
        "object": "checkout.session",
        "amount_total": amount,
        "currency": currency,
        "metadata": metadata,
        "payment_intent": payment,
        "payment_status": "paid",
    }


def back(reference: str, payment: str, amount: int, status: str = "succeeded", **members: Any) -> dict[str, Any]:
    """A refund at Stripe."""
    return {
        "id": reference,
        "object": "refund",
        "amount": amount,
        "currency": "npr",
        "charge": f"ch_{payment}",
        "payment_intent": payment,
        "metadata": {},
        "status": status,
    } | members


def charge(payment: str, amount: int, refunded: int, **members: Any) -> dict[str, Any]:
    """A payment's charge at Stripe, of which so much went back in all."""
    return {
        "id": f"ch_{payment}",
        "object": "charge",
        "amount": amount,
        "amount_captured": amount,
        "amount_refunded": refunded,
        "captured": True,
        "currency": "npr",
        "payment_intent": payment,
        "refunded": refunded == amount,
    } | members


def dispute(
    reference: str, payment: str, amount: int, status: str = "needs_response", **members: Any
) -> dict[str, Any]:
    """A dispute at Stripe."""
    now = int(clock.now().timestamp())
    return {
        "id": reference,
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": f"ch_{payment}",
        "created": now,
        "currency": "npr",
        "evidence_details": {"due_by": now + 7 * 24 * 3600, "has_evidence": False},
        "payment_intent": payment,
        "reason": "fraudulent",
        "status": status,
    } | members


def stripe_headers(body: str, secret: str = STRIPE_SECRET, at: int | None = None) -> dict[str, str]:
    """Stripe's signature over a body."""
    instant = int(clock.now().timestamp()) if at is None else at
    signature = WebhookSignature.generate_signature_header(body, secret, instant)
    return {"stripe-signature": signature, "content-type": "application/json; charset=utf-8"}


def webhook_headers(message: str, body: str, secret: str = WEBHOOK_SECRET) -> dict[str, str]:
    """A signature after Standard Webhooks."""
    instant = clock.now()
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(instant.timestamp())),
        "webhook-signature": Webhook(secret).sign(message, instant, body),
        "content-type": "application/json",
    }


def paid(name: str, units: int, **members: Any) -> dict[str, Any]:
    """The body of a payment by a provider that signs after Standard Webhooks."""
    money = {"amount": units, "currency": "NPR"}
    data = {"reference": name, "amount": money, "paid_at": rfc3339(clock.now())} | members
    return {"type": "payment.succeeded", "timestamp": rfc3339(clock.now()), "data": data}


def incoming(event: dict[str, Any], kind: ProviderKind = ProviderKind.STRIPE, message: str = "msg_1") -> Incoming:
    """A request with the event, rightly signed."""
    body = json.dumps(event)
    headers = stripe_headers(body) if kind is ProviderKind.STRIPE else webhook_headers(message, body)
    return Incoming(body.encode(), headers, "application/json")


def try_again(merchant: Merchant) -> int:
    """Run the job that tries waiting events again, until none is due."""
    done = 0
    while ids := match.DUE.ids(merchant.id, clock.now(), 1):
        done += match.run(merchant.id, ids, job("tests"))
        session().commit()
    return done


def events_told(merchant: Merchant, ids: Sequence[str] = ()) -> dict[str, tuple[str, str | None]]:
    """State and reason of each event of the merchant's providers, or of those with some ids."""
    session().rollback()
    rows = select(PaymentEvent).where(PaymentEvent.merchant_id == merchant.id)
    rows = rows.where(PaymentEvent.event_id.in_(ids)) if ids else rows
    found = session().execute(rows.execution_options(populate_existing=True)).scalars()
    return {row.event_id: (row.state.value, row.reason) for row in found}


def uses_stripe_at(app: Flask, address: str) -> None:
    """Let an app call a stand-in in place of Stripe."""
    app.extensions["orderbell.settings"] = dataclasses.replace(app.extensions["orderbell.settings"], stripe_api=address)
