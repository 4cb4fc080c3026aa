"""Anybody who signs after Standard Webhooks (https://www.standardwebhooks.com): the signature, and events in our words.

The library signs; what it says is compared here, because it looks at the machine's clock for the age.
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from standardwebhooks import Webhook

from merchant_api.core.endpoint import Incoming
from merchant_api.core.errors import Invalid
from merchant_api.providers.errors import BadSignature
from merchant_api.providers.events import Figure, Happened, MoneyBack, Other, PaymentSucceeded
from merchant_api.providers.provider import Outcome, RefundCall, RefundRefused
from merchant_api.providers.signed import check_age, object_of, text_of
from merchant_api.providers.webhook_bodies import PAID, REFUND_FAILED, REFUNDED, PaidIn, RefundedIn

PREFIX = "whsec_"
LEAST_BYTES, MOST_BYTES = 24, 64  # as the standard asks for


class StandardWebhook:
    """The kind `webhook`. It has no API of its own: its refunds are made by hand."""

    can_refund = False
    events: Sequence[str] = (PAID, REFUNDED, REFUND_FAILED)

    def check_secret(self, secret: str) -> None:
        """whsec_ and 24 to 64 bytes as base64."""
        try:
            size = len(base64.b64decode(secret.removeprefix(PREFIX), validate=True))
        except binascii.Error:
            size = 0
        if not secret.startswith(PREFIX) or not LEAST_BYTES <= size <= MOST_BYTES:
            raise ValueError("A signing secret is whsec_ and 24 to 64 bytes as base64.")

    def verify(self, incoming: Incoming, secrets: Sequence[str], now: datetime) -> Happened | Other:
        """See the port."""
        message, stamp, given = (
            incoming.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature")
        )
        if not message or "." in message:  # the dot parts what is signed
            raise BadSignature
        check_age(stamp, now)
        text, signatures = text_of(incoming), given.split(" ")
        if not any(_is_signed(secret, message, stamp, text, signatures) for secret in secrets):
            raise BadSignature
        return read(message, object_of(incoming))

    def refund(self, call: RefundCall) -> Outcome:
        """Never asked for; see `can_refund`."""
        return RefundRefused("this provider has no API for refunds")


def _is_signed(secret: str, message: str, stamp: str, text: str, signatures: Sequence[str]) -> bool:
    expected = Webhook(secret).sign(message, datetime.fromtimestamp(int(stamp), UTC), text).encode()
    return any(hmac.compare_digest(expected, each.encode()) for each in signatures)


def read(message: str, value: dict[str, Any]) -> Happened | Other:
    """An event in our words: type, and data as the type asks for. Raises Invalid, also field by field."""
    type_ = value.get("type")
    if not isinstance(type_, str) or not 0 < len(message) <= 255:
        raise Invalid("Not an event: {type, data}, with an id of at most 255 characters.", errors={})
    if type_ == PAID:
        paid = PaidIn().load(value)["data"]
        figure = Figure(paid["amount"], paid["amount"].amount)
        return PaymentSucceeded(
            message,
            type_,
            paid["reference"],
            figure,
            paid["paid_at"],
            paid.get("order_id"),
            paid.get("payment_reference"),
        )
    if type_ in (REFUNDED, REFUND_FAILED):
        back = RefundedIn().load(value)["data"]
        figure = Figure(back["amount"], back["amount"].amount)
        failure = back.get("reason", "failed") if type_ == REFUND_FAILED else None
        return MoneyBack(message, type_, back["reference"], figure, back["refund_reference"], None, failure)
    return Other(message, type_)


PROVIDER = StandardWebhook()
