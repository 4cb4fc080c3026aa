"""Which money counts, and for what reason other money is parked."""

from datetime import UTC, datetime, timedelta

import pytest

from merchant_api.core.money import Money
from merchant_api.orders.models import Order
from merchant_api.orders.money.pay import why_parked
from merchant_api.orders.states import ENDED_UNDELIVERED, State

PAY_BY = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
IN_TIME, LATE = PAY_BY, PAY_BY + timedelta(microseconds=1)
RIGHT = Money(500, "NPR")


def order(state, paid=0, pay_by=PAY_BY):
    return Order(state=state, paid=paid, refunded=0, total=500, currency="NPR", pay_by=pay_by)


@pytest.mark.parametrize("state", [State.REQUESTED, State.AWAITING_PAYMENT, State.CONFIRMED, State.PICKED_UP])
def test_the_right_amount_counts_until_delivery(state):
    assert why_parked(order(state), RIGHT, IN_TIME) is None


@pytest.mark.parametrize(
    ("state", "paid", "amount", "paid_at", "reason"),
    [
        (State.AWAITING_PAYMENT, 0, RIGHT, LATE, "late"),
        (State.CONFIRMED, 0, RIGHT, LATE, None),  # nothing waits for it any more
        (State.REQUESTED, 0, RIGHT, LATE, None),
        (State.AWAITING_PAYMENT, 0, Money(499, "NPR"), IN_TIME, "wrong_amount"),
        (State.AWAITING_PAYMENT, 0, Money(501, "NPR"), IN_TIME, "wrong_amount"),
        (State.AWAITING_PAYMENT, 0, Money(500, "INR"), IN_TIME, "wrong_currency"),
        (State.AWAITING_PAYMENT, 0, Money(499, "INR"), LATE, "wrong_currency"),
        (State.CONFIRMED, 500, RIGHT, IN_TIME, "already_paid"),
        (State.PICKED_UP, 500, RIGHT, IN_TIME, "already_paid"),
        (State.DELIVERED, 0, RIGHT, IN_TIME, "after_delivery"),
        (State.DELIVERED, 500, RIGHT, IN_TIME, "after_delivery"),
    ],
)
def test_other_money_is_parked_for_a_reason(state, paid, amount, paid_at, reason):
    assert why_parked(order(state, paid), amount, paid_at) == reason


@pytest.mark.parametrize("state", sorted(ENDED_UNDELIVERED))
def test_money_for_an_order_that_ended_is_parked_whatever_it_is(state):
    for amount in (RIGHT, Money(1, "INR")):
        assert why_parked(order(state), amount, IN_TIME) == "order_ended"


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize(("paid", "parked"), [(0, 0), (500, 0), (0, 1)])
def test_a_refund_is_due_where_an_order_ended_undelivered_with_money_taken(state, paid, parked):
    row = Order(
        state=state, paid=paid, parked=parked, total=500, returned_value=0, refunded=0, disputed=0, currency="NPR"
    )

    assert row.refund_due == (state in ENDED_UNDELIVERED and paid + parked > 0)
