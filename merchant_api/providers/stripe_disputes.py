"""What Stripe's events say of disputes. Each brings the whole dispute, so its status counts and not the event's name.

https://docs.stripe.com/disputes: a status that begins with warning_ is a question of the bank, by which no money moved;
a dispute that was prevented has taken money or not, as its own balance says.
"""

from datetime import UTC, datetime
from typing import Any

from merchant_api.orders.states import DisputeState
from merchant_api.providers.events import Disputed, Other
from merchant_api.providers.reading import is_text, is_whole, payment_of, short
from merchant_api.providers.stripe_amounts import from_stripe

DISPUTED = tuple(
    f"charge.dispute.{name}" for name in ("created", "updated", "closed", "funds_withdrawn", "funds_reinstated")
)
STATES = {
    "warning_needs_response": DisputeState.ASKED,
    "warning_under_review": DisputeState.ASKED,
    "warning_closed": DisputeState.WON,
    "needs_response": DisputeState.OPEN,
    "under_review": DisputeState.OPEN,
    "appeal_needs_response": DisputeState.OPEN,
    "appeal_under_review": DisputeState.OPEN,
    "charge_refunded": DisputeState.WON,  # of older versions: it ended because the money was given back
    "won": DisputeState.WON,
    "lost": DisputeState.LOST,
}
LATEST = datetime(2200, 1, 1, tzinfo=UTC).timestamp()


def dispute(event: Other, about: dict[str, Any], told_at: datetime) -> Disputed | Other:
    """How a dispute stands."""
    payment, state = payment_of(about, "charge"), _state(about)
    reference, amount, currency = (about.get(name) for name in ("id", "amount", "currency"))
    if payment is None or state is None or not amount:
        return event
    if not (is_text(reference) and is_text(currency) and is_whole(amount)):
        return event
    evidence = about.get("evidence_details")
    return Disputed(
        event_id=event.event_id,
        type=event.type,
        subject=payment,
        figure=from_stripe(int(str(amount)), str(currency)),
        reference=str(reference),
        state=state,
        reason=short(about.get("reason")),
        answer_by=_instant(evidence.get("due_by")) if isinstance(evidence, dict) else None,
        opened_at=_instant(about.get("created")) or told_at,
        told_at=told_at,
    )


def _state(about: dict[str, Any]) -> DisputeState | None:
    status = about.get("status")
    if status != "prevented":
        return STATES.get(status) if isinstance(status, str) else None
    moved = about.get("balance_transactions")
    amounts = [each.get("amount") for each in moved if isinstance(each, dict)] if isinstance(moved, list) else []
    has_taken = sum(each for each in amounts if isinstance(each, int)) < 0
    return DisputeState.LOST if has_taken else DisputeState.WON


def _instant(value: object) -> datetime | None:
    return datetime.fromtimestamp(int(str(value)), UTC) if is_whole(value, LATEST) and value else None
