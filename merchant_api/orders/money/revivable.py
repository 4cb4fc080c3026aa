"""Whether late money can revive an order, pure: what stands against it, and what stock must cover for it.

Parked money of an order may be several parts, which pay it together. The same rules decide (`revive.py`, under locks),
are shown beforehand (`view.py`) and are offered to whoever is told of parked money.
"""

from collections.abc import Iterable
from enum import StrEnum

from merchant_api.orders.models import Order, OrderLine
from merchant_api.orders.money.due_back import Standing
from merchant_api.orders.payment_models import Payment
from merchant_api.orders.route import Need
from merchant_api.orders.states import Cause, PaymentState, State


class CannotRevive(StrEnum):
    """Why a payment can't revive its order."""

    NOT_PARKED = "not_parked"
    REFUND_PENDING = "refund_pending"
    ENDED_OTHERWISE = "wrong_state"  # a person ended it, it goes on without this money, or it was delivered
    WRONG_CURRENCY = "wrong_currency"
    WRONG_AMOUNT = "wrong_amount"  # too little, with all else that is parked for the order
    INSUFFICIENT_STOCK = "insufficient_stock"


class Offer(StrEnum):
    """What can be done about money that was parked just now."""

    COUNT = "count"  # the order still waits: it may be taken though it is late
    REVIVE = "revive"
    GIVE_BACK = "give_back"


def offer(order: Order, payment: Payment, of_order: Iterable[Standing]) -> Offer:
    """What is offered to whoever is told of parked money, stock aside: nothing that would be refused."""
    if refusal(order, payment, of_order) is not None:
        return Offer.GIVE_BACK
    return Offer.COUNT if order.state is State.AWAITING_PAYMENT else Offer.REVIVE


def missing(order: Order) -> int:
    """What the order lacks to be paid, also where it has ended."""
    return max(0, order.total - order.in_hand + order.disputed)


def refusal(order: Order, payment: Payment, of_order: Iterable[Standing]) -> CannotRevive | None:
    """What stands against it, stock aside; None if nothing does. `of_order`: how all payments of the order stand."""
    parts = {each.payment_id: each for each in of_order}
    if payment.state is not PaymentState.PARKED:
        return CannotRevive.NOT_PARKED
    if parts[payment.id].pending:
        return CannotRevive.REFUND_PENDING
    if not (order.state is State.AWAITING_PAYMENT or ended_by_itself(order)):
        return CannotRevive.ENDED_OTHERWISE
    if payment.currency != order.currency:
        return CannotRevive.WRONG_CURRENCY
    if sum(each.can_count for each in parts.values() if not each.pending) < missing(order):
        return CannotRevive.WRONG_AMOUNT
    return None


def ended_by_itself(order: Order) -> bool:
    """Whether it ended because nobody answered or nobody paid."""
    is_overdue = order.state is State.CANCELLED and order.cause is Cause.PAYMENT_OVERDUE
    return is_overdue or order.state is State.EXPIRED


def needs(lines: Iterable[OrderLine]) -> list[Need]:
    """What must be covered: the units that were not cancelled before."""
    return [Need(line.line, line.product_id, line.kept, line.location_id, line.grade_id) for line in lines if line.kept]
