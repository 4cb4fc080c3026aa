"""Stripe: its signatures by its own library, and its events in our words.

The library looks at the machine's clock, so the age of a signature is checked here, by ours. Events are read
tolerantly, as their shape depends on the account's version of the API; what is not there is not guessed. What a
checkout has as `client_reference_id` may name the order, but merchants also write a customer or a cart there: a hint.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from stripe import SignatureVerificationError, WebhookSignature

from merchant_api.core.endpoint import Incoming
from merchant_api.core.errors import Invalid
from merchant_api.providers import stripe_back, stripe_disputes, stripe_refunds
from merchant_api.providers.errors import BadSignature
from merchant_api.providers.events import Happened, Other, PaymentSucceeded
from merchant_api.providers.provider import Outcome, RefundCall
from merchant_api.providers.reading import id_of, is_text, is_whole, metadata_of, short
from merchant_api.providers.signed import check_age, object_of, text_of
from merchant_api.providers.stripe_amounts import from_stripe

PAID, PAID_BY_CHECKOUT = (
    "payment_intent.succeeded",
    ("checkout.session.completed", "checkout.session.async_payment_succeeded"),
)
LATEST = datetime(2200, 1, 1, tzinfo=UTC).timestamp()


class Stripe:
    """The kind `stripe`."""

    can_refund = True
    events: Sequence[str] = (
        PAID,
        *PAID_BY_CHECKOUT,
        *stripe_back.REFUNDED,
        stripe_back.REFUNDED_IN_ALL,
        *stripe_disputes.DISPUTED,
    )

    def check_secret(self, secret: str) -> None:
        """Stripe's secrets are text that begins with whsec_."""
        if not secret.startswith("whsec_"):
            raise ValueError("Stripe's signing secrets begin with whsec_.")

    def verify(self, incoming: Incoming, secrets: Sequence[str], now: datetime) -> Happened | Other:
        """See the port."""
        header = incoming.headers.get("stripe-signature", "")
        text = text_of(incoming)
        if not any(_is_signed(text, header, secret) for secret in secrets):
            raise BadSignature
        # Exactly the value that was verified: the first one named t, as the library takes it.
        check_age(next(item[2:] for item in header.split(",") if item.startswith("t=")), now)
        return read(object_of(incoming))

    def refund(self, call: RefundCall) -> Outcome:
        """See the port."""
        return stripe_refunds.refund(call)


def _is_signed(text: str, header: str, secret: str) -> bool:
    try:
        return bool(WebhookSignature.verify_header(text, header, secret))
    except SignatureVerificationError:
        return False


def read(event: dict[str, Any]) -> Happened | Other:
    """An event in our words; raises Invalid for one that is none."""
    event_id, type_, created = event.get("id"), event.get("type"), event.get("created")
    if not isinstance(event_id, str) or not isinstance(type_, str) or not 0 < len(event_id) <= 255:
        raise Invalid("Not an event of Stripe.", errors={})
    data = event.get("data")
    about = data.get("object") if isinstance(data, dict) else None
    if not isinstance(about, dict) or not is_whole(created, LATEST):
        return Other(event_id, type_)
    return _said(Other(event_id, type_), about, datetime.fromtimestamp(int(str(created)), UTC))


def _said(event: Other, about: dict[str, Any], told_at: datetime) -> Happened | Other:
    if event.type == PAID:
        return _paid(event, about, "id", "amount_received", told_at)
    if event.type in PAID_BY_CHECKOUT and about.get("payment_status") == "paid":
        return _paid(event, about, "payment_intent", "amount_total", told_at)
    if event.type == stripe_back.REFUNDED_IN_ALL:
        return stripe_back.total(event, about, told_at)
    if event.type in stripe_disputes.DISPUTED:
        return stripe_disputes.dispute(event, about, told_at)
    return stripe_back.refund(event, about, told_at) if event.type in stripe_back.REFUNDED else event


def _paid(event: Other, about: dict[str, Any], payment: str, amount: str, paid_at: datetime) -> Happened | Other:
    reference, figure, currency = about.get(payment), about.get(amount), about.get("currency")
    if not (is_text(reference) and is_text(currency) and is_whole(figure)) or figure == 0:
        return event
    metadata = metadata_of(about)
    order_id, named = id_of(metadata.get("order_id")), short(metadata.get("payment_reference"))
    return PaymentSucceeded(
        event_id=event.event_id,
        type=event.type,
        reference=str(reference),
        figure=from_stripe(int(str(figure)), str(currency)),
        paid_at=paid_at,
        order_id=order_id,
        named=named,
        hint=short(about.get("client_reference_id")) if order_id is None and named is None else None,
    )


PROVIDER = Stripe()
