"""Whether late money can revive an order, pure: what stands against it, and what stock must cover for it.

The same rules decide (`revive.py`, under locks) and are shown beforehand (`view.py`).
"""

from collections.abc import Iterable
from enum import StrEnum

from merchant_api.orders.models import Order, OrderLine
from merchant_api.orders.payment_models import Payment, Refund
from merchant_api.orders.route import Need
from merchant_api.orders.states import Cause, PaymentState, RefundState, State


class CannotRevive(StrEnum):
    """Why a payment can't revive its order."""

    NOT_PARKED = "not_parked"
    REFUND_PENDING = "refund_pending"
    ENDED_OTHERWISE = "wrong_state"  # a person ended it, it goes on without this money, or it was delivered
    WRONG_CURRENCY = "wrong_currency"
    WRONG_AMOUNT = "wrong_amount"
    INSUFFICIENT_STOCK = "insufficient_stock"


def refusal(order: Order, payment: Payment, refunds: Iterable[Refund]) -> CannotRevive | None:
    """What stands against it, stock aside; None if nothing does."""
    if payment.state is not PaymentState.PARKED:
        return CannotRevive.NOT_PARKED
    if any(each.payment_id == payment.id and each.state is RefundState.PENDING for each in refunds):
        return CannotRevive.REFUND_PENDING
    if not (order.state is State.AWAITING_PAYMENT or ended_by_itself(order)):
        return CannotRevive.ENDED_OTHERWISE
    if payment.currency != order.currency:
        return CannotRevive.WRONG_CURRENCY
    if payment.amount - payment.refunded != order.total - order.in_hand:
        return CannotRevive.WRONG_AMOUNT
    return None


def ended_by_itself(order: Order) -> bool:
    """Whether it ended because nobody answered or nobody paid."""
    is_overdue = order.state is State.CANCELLED and order.cause is Cause.PAYMENT_OVERDUE
    return is_overdue or order.state is State.EXPIRED


def needs(lines: Iterable[OrderLine]) -> list[Need]:
    """What must be covered: the units that were not cancelled before."""
    return [Need(line.line, line.product_id, line.kept, line.location_id, line.grade_id) for line in lines if line.kept]
