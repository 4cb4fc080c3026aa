"""Refunds by Stripe's API: one call in, one outcome out, no second try; our own back-off decides about that.

A refund is carried out once: every attempt of a round has the same idempotency key, and an attempt that may not be the
first looks whether Stripe knows the refund already, by our id in its metadata (a stored 500 would be answered for ever,
and keys are forgotten after a day). https://docs.stripe.com/api/idempotent_requests, https://docs.stripe.com/refunds.
"""

from functools import cache

import requests
import stripe
from stripe import RequestsClient, StripeClient

from merchant_api.core import clock
from merchant_api.providers.provider import (
    REFUNDED_WITHIN_S,
    Done,
    OnItsWay,
    Outcome,
    RefundCall,
    RefundLater,
    RefundRefused,
)
from merchant_api.providers.stripe_amounts import to_stripe
from outside import one_try
from outside.one_try import within
from outside.retry_after import seconds_to_wait

TIMEOUT_S = (5.0, 15.0)  # to connect, and of silence; all calls of one refund end within REFUNDED_WITHIN_S
LONGEST_MESSAGE = 300
OURS = "orderbell_refund"
LEAST_WAIT_S = 10.0


def refund(call: RefundCall) -> Outcome:
    """Carry a refund out, or find out what became of it."""
    try:
        amount = call.whole or to_stripe(call.amount)
    except ValueError as error:
        return RefundRefused(str(error))
    client = _client(call.api_key, call.api_base)
    try:
        with within(REFUNDED_WITHIN_S):
            known = _known(client, call)
            return _outcome(known or _create(client, call, amount))
    except stripe.StripeError as error:
        return _failed(error)
    except (AttributeError, KeyError, TypeError, ValueError) as error:  # of another shape: something stands in between
        return RefundLater(f"Stripe's answer could not be read ({type(error).__name__})", LEAST_WAIT_S)


def _client(api_key: str, api_base: str) -> StripeClient:
    stripe.enable_telemetry = False
    address = api_base or stripe.DEFAULT_API_BASE
    return StripeClient(api_key, base_addresses={"api": address}, max_network_retries=0, http_client=_http())


@cache
def _http() -> RequestsClient:
    session = requests.Session()
    one_try.mount(session)
    return RequestsClient(timeout=TIMEOUT_S, session=session)


def _known(client: StripeClient, call: RefundCall) -> stripe.Refund | None:
    if call.known_reference is not None:
        return client.v1.refunds.retrieve(call.known_reference)
    if not call.may_be_known:
        return None
    found = client.v1.refunds.list({"payment_intent": call.payment_reference, "limit": 100})
    return next((each for each in found.data if _is_ours(each, call)), None)


def _is_ours(found: stripe.Refund, call: RefundCall) -> bool:
    return found.metadata is not None and OURS in found.metadata and found.metadata[OURS] == str(call.refund_id)


def _create(client: StripeClient, call: RefundCall, amount: int) -> stripe.Refund:
    return client.v1.refunds.create(
        {
            "payment_intent": call.payment_reference,
            "amount": amount,
            "metadata": {OURS: str(call.refund_id)},
        },
        {"idempotency_key": call.key},
    )


def _outcome(found: stripe.Refund) -> Outcome:
    match found.status:
        case "succeeded":
            return Done(found.id)
        case "failed" | "canceled":
            reason = getattr(found, "failure_reason", None) or "no reason given"
            return RefundRefused(f"the refund {found.status}: {reason}", found.id)
        case _:
            return OnItsWay(found.id)


def _failed(error: stripe.StripeError) -> Outcome:
    status = error.http_status
    if isinstance(error, stripe.APIConnectionError):
        return RefundLater("no answer from Stripe", LEAST_WAIT_S)
    if status == 401:
        return RefundRefused("Stripe does not accept the API key")
    if status is None or status in (409, 429) or not 400 <= status < 500:
        return RefundLater(f"Stripe answered {status or 'something else'}", max(_stated(error), LEAST_WAIT_S))
    words = (error.user_message or "").replace("\n", " ")[:LONGEST_MESSAGE]
    return RefundRefused(f"Stripe answered {status} {error.code or ''}: {words}")


def _stated(error: stripe.StripeError) -> float:
    return seconds_to_wait((error.headers or {}).get("retry-after"), clock.now) or 0.0
