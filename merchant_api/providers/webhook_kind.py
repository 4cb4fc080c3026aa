"""Anybody who signs after Standard Webhooks: the signature (`standard_webhooks.py`), and events in our words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from merchant_api.core.endpoint import Incoming
from merchant_api.core.errors import Invalid
from merchant_api.providers import standard_webhooks
from merchant_api.providers.events import Figure, Happened, MoneyBack, Other, PaymentSucceeded
from merchant_api.providers.provider import Outcome, RefundCall, RefundRefused
from merchant_api.providers.signed import object_of
from merchant_api.providers.webhook_bodies import PAID, REFUND_FAILED, REFUNDED, PaidIn, RefundedIn


class StandardWebhook:
    """The kind `webhook`. It has no API of its own: its refunds are made by hand."""

    can_refund = False
    events: Sequence[str] = (PAID, REFUNDED, REFUND_FAILED)

    def check_secret(self, secret: str) -> None:
        """See the port."""
        standard_webhooks.check_secret(secret)

    def verify(self, incoming: Incoming, secrets: Sequence[str], now: datetime) -> Happened | Other:
        """See the port."""
        return read(standard_webhooks.verified(incoming, secrets, now), object_of(incoming))

    def refund(self, call: RefundCall) -> Outcome:
        """Never asked for; see `can_refund`."""
        return RefundRefused("this provider has no API for refunds")


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
