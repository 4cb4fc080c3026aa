"""Stripe: its signatures by its own library, and its events in our words.

The library looks at the machine's clock, so the age of a signature is checked here, by ours. Events are read
tolerantly, as their shape depends on the account's version of the API; what is not there is not guessed. Of refunds
the `refund.*` events say everything, so `charge.refunded` is not looked at: it would be the same money again.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from stripe import SignatureVerificationError, WebhookSignature

from merchant_api.core.endpoint import Incoming
from merchant_api.core.errors import Invalid
from merchant_api.providers import stripe_refunds
from merchant_api.providers.errors import BadSignature
from merchant_api.providers.events import Happened, MoneyBack, Other, PaymentSucceeded
from merchant_api.providers.provider import Outcome, RefundCall
from merchant_api.providers.signed import check_age, object_of, text_of
from merchant_api.providers.stripe_amounts import from_stripe

PAID, PAID_BY_CHECKOUT = (
    "payment_intent.succeeded",
    ("checkout.session.completed", "checkout.session.async_payment_succeeded"),
)
REFUNDED = ("refund.created", "refund.updated", "refund.failed", "charge.refund.updated")
FAILED = ("failed", "canceled")
LATEST = datetime(2200, 1, 1, tzinfo=UTC).timestamp()


class Stripe:
    """The kind `stripe`."""

    can_refund = True
    events: Sequence[str] = (PAID, *PAID_BY_CHECKOUT, *REFUNDED[:3])

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
    if not isinstance(about, dict) or not _is_whole(created, LATEST):
        return Other(event_id, type_)
    paid_at = datetime.fromtimestamp(int(str(created)), UTC)
    if type_ == PAID:
        return _paid(Other(event_id, type_), about, "id", "amount_received", paid_at)
    if type_ in PAID_BY_CHECKOUT and about.get("payment_status") == "paid":
        return _paid(Other(event_id, type_), about, "payment_intent", "amount_total", paid_at)
    return _refunded(Other(event_id, type_), about) if type_ in REFUNDED else Other(event_id, type_)


def _paid(event: Other, about: dict[str, Any], payment: str, amount: str, paid_at: datetime) -> Happened | Other:
    reference, figure, currency = about.get(payment), about.get(amount), about.get("currency")
    if not (_is_text(reference) and _is_text(currency) and _is_whole(figure)) or figure == 0:
        return event
    said = about.get("metadata")
    metadata = said if isinstance(said, dict) else {}
    return PaymentSucceeded(
        event_id=event.event_id,
        type=event.type,
        reference=str(reference),
        figure=from_stripe(int(str(figure)), str(currency)),
        paid_at=paid_at,
        order_id=_id(metadata.get("order_id")),
        named=_short(metadata.get("payment_reference")),
    )


def _refunded(event: Other, about: dict[str, Any]) -> Happened | Other:
    payment = about.get("payment_intent") or about.get("charge")
    reference, amount, currency, status = (about.get(name) for name in ("id", "amount", "currency", "status"))
    is_known = status in FAILED or status == "succeeded"
    if (
        not is_known
        or not amount
        or not (_is_text(payment) and _is_text(reference) and _is_text(currency) and _is_whole(amount))
    ):
        return event
    said = about.get("metadata")
    return MoneyBack(
        event_id=event.event_id,
        type=event.type,
        subject=str(payment),
        figure=from_stripe(int(str(amount)), str(currency)),
        reference=str(reference),
        refund_id=_id(said.get(stripe_refunds.OURS) if isinstance(said, dict) else None),
        failure=(_short(about.get("failure_reason")) or str(status)) if status in FAILED else None,
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 255


def _is_whole(value: object, most: float = 10**15) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _short(value: object) -> str | None:
    return value[:200] if isinstance(value, str) and value else None


def _id(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


PROVIDER = Stripe()
