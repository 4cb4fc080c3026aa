"""Which money counts, pure: what an order still takes, be it a part or too much; the rest is parked (DESIGN.md 2)."""

from datetime import datetime

from merchant_api.accounts.models import Terms
from merchant_api.orders.models import Order
from merchant_api.orders.states import ENDED_UNDELIVERED, ParkedReason, State


def why_parked(order: Order, currency: str, paid_at: datetime) -> ParkedReason | None:
    """The reason for which a payment does not count, or None. Cash comes after delivery where the terms say so."""
    if order.state in ENDED_UNDELIVERED:
        return ParkedReason.ORDER_ENDED
    if order.state is State.DELIVERED and order.payment_terms is not Terms.ON_DELIVERY:
        return ParkedReason.AFTER_DELIVERY
    if currency != order.currency:
        return ParkedReason.WRONG_CURRENCY
    if order.state is State.AWAITING_PAYMENT and order.pay_by is not None and paid_at > order.pay_by:
        return ParkedReason.LATE
    return None
