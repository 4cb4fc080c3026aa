"""The life of an order on one screen: states, steps, and which step leads from where to where (DESIGN.md 2)."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where an order stands."""

    REQUESTED = "requested"  # waits for the merchant; leaves by accept, decline, expire, cancel
    AWAITING_PAYMENT = "awaiting_payment"  # waits for money; leaves by pay, overdue, cancel
    CONFIRMED = "confirmed"  # sold; leaves by pickup, deliver, cancel
    PICKED_UP = "picked_up"  # with the courier; leaves by deliver, fail
    DELIVERED = "delivered"
    DECLINED = "declined"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """What can happen to an order."""

    PLACE = "place"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    PAY = "pay"
    OVERDUE = "overdue"
    CANCEL = "cancel"
    ASK_PICKUP = "ask_pickup"
    PICKUP = "pickup"
    DELIVER = "deliver"
    FAIL = "fail"
    REDUCE = "reduce"  # some units are cancelled, the others go on
    ASK_CANCEL = "ask_cancel"  # the customer wishes to cancel after the window
    KEEP = "keep"  # that wish is refused, by the merchant or by silence
    RETURN = "return"
    REVIVE = "revive"  # late money is taken and stock still covers the order


@dataclass(frozen=True, slots=True)
class Move:
    """From which states a step leaves, and which it may enter."""

    leaves: frozenset[State]
    enters: frozenset[State]


def _move(leaves: set[State], enters: set[State]) -> Move:
    return Move(frozenset(leaves), frozenset(enters))


BEFORE_PICKUP = {State.REQUESTED, State.AWAITING_PAYMENT, State.CONFIRMED}
MOVES: dict[Step, Move] = {
    Step.PLACE: _move(set(), {State.REQUESTED, State.AWAITING_PAYMENT, State.CONFIRMED}),
    Step.ACCEPT: _move({State.REQUESTED}, {State.AWAITING_PAYMENT, State.CONFIRMED}),
    Step.DECLINE: _move({State.REQUESTED}, {State.DECLINED}),
    Step.EXPIRE: _move({State.REQUESTED}, {State.EXPIRED}),
    Step.PAY: _move({State.AWAITING_PAYMENT}, {State.CONFIRMED}),
    Step.OVERDUE: _move({State.AWAITING_PAYMENT}, {State.CANCELLED}),
    Step.CANCEL: _move(BEFORE_PICKUP, {State.CANCELLED}),
    Step.ASK_PICKUP: _move({State.CONFIRMED}, {State.CONFIRMED}),
    Step.PICKUP: _move({State.CONFIRMED}, {State.PICKED_UP}),
    Step.DELIVER: _move({State.PICKED_UP, State.CONFIRMED}, {State.DELIVERED}),
    Step.FAIL: _move({State.PICKED_UP}, {State.CANCELLED}),
    Step.REDUCE: _move(BEFORE_PICKUP, BEFORE_PICKUP),
    Step.ASK_CANCEL: _move({State.CONFIRMED}, {State.CONFIRMED}),
    Step.KEEP: _move({State.CONFIRMED}, {State.CONFIRMED}),
    Step.RETURN: _move({State.DELIVERED}, {State.DELIVERED}),
    Step.REVIVE: _move({State.CANCELLED, State.EXPIRED}, {State.CONFIRMED}),
}

ENDED_UNDELIVERED = frozenset({State.DECLINED, State.EXPIRED, State.CANCELLED})
ENDED = ENDED_UNDELIVERED | {State.DELIVERED}
UNCONFIRMED = frozenset({State.REQUESTED, State.AWAITING_PAYMENT})


def can(step: Step, state: State) -> bool:
    """Whether the step may be taken from the state."""
    return state in MOVES[step].leaves


class OriginKind(StrEnum):
    """Where an order came from: a call, a checked-out cart, a person of the merchant or the platform, a web shop."""

    API = "api"
    CART = "cart"
    PERSON = "person"
    CHANNEL = "channel"


class DeclineReason(StrEnum):
    """Why a merchant says no; `other` needs a note."""

    OUT_OF_STOCK = "out_of_stock"
    PARTIAL_STOCK = "partial_stock"
    TOO_BUSY = "too_busy"
    CLOSED = "closed"
    CANNOT_DELIVER = "cannot_deliver"
    PRICE_WRONG = "price_wrong"
    MISSING_INFORMATION = "missing_information"
    ORDER_TOO_LARGE = "order_too_large"
    OTHER = "other"


class Cause(StrEnum):
    """What ended an order, where one of our own words says it: the merchant's reason to decline, or the system's."""

    OUT_OF_STOCK = "out_of_stock"
    PARTIAL_STOCK = "partial_stock"
    TOO_BUSY = "too_busy"
    CLOSED = "closed"
    CANNOT_DELIVER = "cannot_deliver"
    PRICE_WRONG = "price_wrong"
    MISSING_INFORMATION = "missing_information"
    ORDER_TOO_LARGE = "order_too_large"
    OTHER = "other"
    PAYMENT_OVERDUE = "payment_overdue"
    UNDELIVERED = "undelivered"
    NO_ANSWER = "no_answer"


RESERVED_REASONS = frozenset({Cause.PAYMENT_OVERDUE, Cause.UNDELIVERED, Cause.NO_ANSWER})
"""Causes that the system gives by itself; nobody cancels with these words."""


class Verdict(StrEnum):
    """What routing says of a line."""

    COVERED = "covered"
    ASK = "ask"
    BACKORDER = "backorder"
    REFUSE = "refuse"


class Condition(StrEnum):
    """How units came back after delivery."""

    RESELLABLE = "resellable"
    DAMAGED = "damaged"


class PaymentState(StrEnum):
    """A payment counts for its order, or is parked until somebody decides; its bank may dispute either."""

    COUNTED = "counted"
    PARKED = "parked"  # leaves by revive (counted) or refund
    REFUNDED = "refunded"  # all of it was given back; leaves only when a refund that was done comes back
    DISPUTED = "disputed"  # the customer's bank takes it back; leaves when no dispute of it is open or lost any more


class ParkedReason(StrEnum):
    """Why a payment does not count until somebody decides."""

    ORDER_ENDED = "order_ended"
    AFTER_DELIVERY = "after_delivery"
    WRONG_CURRENCY = "wrong_currency"
    ALREADY_PAID = "already_paid"  # of rows from before surplus counted
    WRONG_AMOUNT = "wrong_amount"  # of rows from before parts added up
    LATE = "late"
    AMOUNT_NOT_EXACT = "amount_not_exact"  # the provider's figure is no whole number of our minor units


class RefundState(StrEnum):
    """Money on its way back: by hand it is done at once, by a provider's API later (`pending`, under a lease)."""

    PENDING = "pending"  # a job carries it out; leaves by done or failed
    DONE = "done"
    FAILED = "failed"  # refused, given up, or sent back by a bank; a person sees it and may try again
    REPLACED = "replaced"  # known by a running total only, until refunds with names were told of in its place


REFUND_MOVES: dict[RefundState, frozenset[RefundState]] = {
    RefundState.PENDING: frozenset({RefundState.DONE, RefundState.FAILED}),
    RefundState.DONE: frozenset({RefundState.FAILED, RefundState.REPLACED}),
    RefundState.FAILED: frozenset({RefundState.PENDING, RefundState.DONE}),
    RefundState.REPLACED: frozenset(),
}


class DisputeState(StrEnum):
    """How far the customer's bank has come with a payment. A decision can be changed by a later one."""

    ASKED = "asked"  # it asks, and has taken nothing: the payment stands, and may be given back
    OPEN = "open"  # it has taken the money; leaves by won or lost
    WON = "won"  # the money is back, or was never taken
    LOST = "lost"  # the money is gone


TAKES_MONEY = frozenset({DisputeState.OPEN, DisputeState.LOST})
