"""Which money counts, for what reason other money is parked, and what an order says of money that is left or owed."""

from datetime import UTC, datetime, timedelta

import pytest

from merchant_api.accounts.models import Terms
from merchant_api.orders.models import Order
from merchant_api.orders.money.why_parked import why_parked
from merchant_api.orders.states import ENDED_UNDELIVERED, UNCONFIRMED, State

PAY_BY = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
IN_TIME, LATE = PAY_BY, PAY_BY + timedelta(microseconds=1)
STANDING = [State.CONFIRMED, State.PICKED_UP, State.DELIVERED]
MONEY = {"total": 500, "returned_value": 0, "paid": 0, "refunded": 0, "parked_sum": 0, "disputed": 0, "currency": "NPR"}


def order(state, terms=Terms.AFTER_ACCEPTANCE, **money):
    return Order(state=state, payment_terms=terms, pay_by=PAY_BY, **MONEY | money)


@pytest.mark.parametrize("state", [*sorted(UNCONFIRMED), State.CONFIRMED, State.PICKED_UP])
@pytest.mark.parametrize("paid", [0, 200, 500, 900])
def test_money_counts_until_delivery_be_it_a_part_or_too_much(state, paid):
    assert why_parked(order(state, paid=paid), "NPR", IN_TIME) is None


@pytest.mark.parametrize(
    ("state", "currency", "paid_at", "reason"),
    [
        (State.AWAITING_PAYMENT, "NPR", LATE, "late"),
        (State.CONFIRMED, "NPR", LATE, None),  # nothing waits for it any more
        (State.REQUESTED, "NPR", LATE, None),
        (State.AWAITING_PAYMENT, "INR", IN_TIME, "wrong_currency"),
        (State.AWAITING_PAYMENT, "INR", LATE, "wrong_currency"),
        (State.DELIVERED, "NPR", IN_TIME, "after_delivery"),
    ],
)
def test_other_money_is_parked_for_a_reason(state, currency, paid_at, reason):
    assert why_parked(order(state), currency, paid_at) == reason


@pytest.mark.parametrize("paid", [0, 200, 500])
def test_cash_counts_after_delivery_where_the_terms_say_so(paid):
    delivered = order(State.DELIVERED, Terms.ON_DELIVERY, paid=paid)

    assert why_parked(delivered, "NPR", LATE) is None
    assert why_parked(delivered, "INR", LATE) == "wrong_currency"
    assert why_parked(order(State.DELIVERED, Terms.PREPAID, paid=paid), "NPR", LATE) == "after_delivery"


@pytest.mark.parametrize("state", sorted(ENDED_UNDELIVERED))
def test_money_for_an_order_that_ended_is_parked_whatever_it_is(state):
    for currency in ("NPR", "INR"):
        assert why_parked(order(state, Terms.ON_DELIVERY), currency, IN_TIME) == "order_ended"


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("paid", [0, 200, 500, 700])
@pytest.mark.parametrize("refunded", [0, 200])
@pytest.mark.parametrize("parked_sum", [0, 100])
def test_what_is_owed_and_what_is_left_never_contradict_each_other(state, paid, refunded, parked_sum):
    row = order(state, paid=paid, refunded=min(paid, refunded), parked_sum=parked_sum)
    beyond = max(0, row.in_hand - (0 if state in ENDED_UNDELIVERED else 500))

    assert row.refund_owed.amount == beyond + (0 if state in UNCONFIRMED else parked_sum)
    assert row.refund_due is (row.refund_owed.amount > 0)
    assert not (beyond and row.left_to_pay)
    if state in ENDED_UNDELIVERED:
        assert row.left_to_pay == 0


@pytest.mark.parametrize("state", list(State))
def test_what_is_left_to_pay_falls_with_each_part(state):
    left = [order(state, paid=paid).left_to_pay for paid in (0, 200, 500, 700)]

    assert left == ([0, 0, 0, 0] if state in ENDED_UNDELIVERED else [500, 300, 0, 0])


@pytest.mark.parametrize("state", STANDING)
def test_what_goes_back_of_an_order_that_stands_as_paid_is_no_debt_of_the_customer(state):
    assert [order(state, paid=500, refunded=back).left_to_pay for back in (1, 200, 500)] == [0, 0, 0]


def test_what_goes_back_of_an_order_that_was_never_paid_in_full_is_asked_for_again():
    for state in (*sorted(UNCONFIRMED), *STANDING):
        assert order(state, paid=300, refunded=100).left_to_pay == 300
    assert order(State.AWAITING_PAYMENT, paid=900, refunded=600).left_to_pay == 200


def test_a_request_that_was_paid_is_unpaid_again_once_all_of_it_went_back():
    assert [order(State.REQUESTED, paid=500, refunded=back).left_to_pay for back in (0, 499, 500)] == [0, 0, 500]
