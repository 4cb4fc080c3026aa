"""What Stripe's events say of money that went back: refund by refund, and as a running total of their charge.

Accounts below version 2024-10-28 of the API hear of a refund by `charge.refunded` alone, later ones by `refund.*` too.
"""

from datetime import datetime
from typing import Any

from merchant_api.providers import stripe_refunds
from merchant_api.providers.events import MoneyBack, Other, RefundedInAll
from merchant_api.providers.reading import id_of, is_text, is_whole, metadata_of, payment_of, short
from merchant_api.providers.stripe_amounts import from_stripe

REFUNDED = ("refund.created", "refund.updated", "refund.failed", "charge.refund.updated")
REFUNDED_IN_ALL = "charge.refunded"
FAILED = ("failed", "canceled")


def refund(event: Other, about: dict[str, Any], told_at: datetime) -> MoneyBack | Other:
    """One refund, done or failed; one that is pending changes nothing yet."""
    payment = payment_of(about, "charge")
    reference, amount, currency, status = (about.get(name) for name in ("id", "amount", "currency", "status"))
    is_known = status in FAILED or status == "succeeded"
    if not is_known or not amount or payment is None:
        return event
    if not (is_text(reference) and is_text(currency) and is_whole(amount)):
        return event
    return MoneyBack(
        event_id=event.event_id,
        type=event.type,
        subject=payment,
        figure=from_stripe(int(str(amount)), str(currency)),
        reference=str(reference),
        refund_id=id_of(metadata_of(about).get(stripe_refunds.OURS)),
        failure=(short(about.get("failure_reason")) or str(status)) if status in FAILED else None,
        told_at=told_at,
    )


def total(event: Other, about: dict[str, Any], told_at: datetime) -> RefundedInAll | Other:
    """What of a charge went back so far. What was never captured of it counts there too, and was never paid."""
    payment, currency, charge = payment_of(about, "id"), about.get("currency"), about.get("id")
    amount, back = about.get("amount"), about.get("amount_refunded")
    captured = about.get("amount_captured", amount)  # older versions of the API do not say it
    if payment is None or not (is_text(currency) and is_text(charge)) or about.get("captured") is False:
        return event
    if not (is_whole(amount) and is_whole(back) and is_whole(captured)):
        return event
    of_what_was_paid = int(str(back)) - (int(str(amount)) - int(str(captured)))
    if of_what_was_paid <= 0:
        return event
    figure = from_stripe(of_what_was_paid, str(currency))
    return RefundedInAll(event.event_id, event.type, payment, figure, str(charge), told_at)
