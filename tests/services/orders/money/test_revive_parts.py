"""Parked money of an order may be several parts: they revive it together, and what is too much is due back."""

from datetime import timedelta

import pytest

from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.orders.errors import NotTheAmountDue
from merchant_api.orders.money import revive
from merchant_api.orders.money.view import one
from merchant_api.orders.states import PaymentState, State
from tests.make.money import check_money, end_unpaid, pay_for, reread_payment
from tests.make.orders import events_of, make_order, reread
from tests.make.people import make_actor
from tests.make.snapshot import everything
from tests.make.stock import make_product

SELLER = make_actor()


def revives(payment):
    recorded = revive.revive(payment.merchant_id, payment.id, SELLER)
    session().commit()
    return recorded


def refused(payment, refusal):
    before = everything(payment.merchant_id)
    with pytest.raises(refusal):
        revive.revive(payment.merchant_id, payment.id, SELLER)
    session().rollback()
    assert everything(payment.merchant_id) == before


def test_what_is_too_much_revives_an_order_and_stands_on_the_list(database):
    order = end_unpaid(make_order(State.AWAITING_PAYMENT, [(make_product(on_hand=5), 2)]))
    payment = pay_for(order, Money(300_001, "NPR"))

    revives(payment)

    assert (reread(order).state, reread(order).refund_owed.amount) == (State.CONFIRMED, 1)
    assert one(order.merchant_id, payment.id).due_back == Money(1, "NPR")


def test_parts_that_are_parked_revive_an_order_together(database):
    order = end_unpaid(make_order(State.AWAITING_PAYMENT, [(make_product(on_hand=5), 2)]))
    parts = [pay_for(order, Money(amount, "NPR")) for amount in (100_000, 50_000, 150_000)]
    assert [one(order.merchant_id, part.id).can_revive for part in parts] == [True] * 3

    revives(parts[1])

    assert (reread(order).state, reread(order).paid, reread(order).parked) == (State.CONFIRMED, 300_000, 0)
    assert {reread_payment(part).state for part in parts} == {PaymentState.COUNTED}
    check_money(order.merchant_id)


def test_what_counted_before_the_end_counts_for_the_revival_and_no_more_is_taken_than_it_needs(database):
    awaiting = make_order(State.AWAITING_PAYMENT, [(make_product(on_hand=5), 2)])
    pay_for(awaiting, Money(200_000, "NPR"))
    order = end_unpaid(reread(awaiting))
    first, second = (pay_for(order, Money(100_000, "NPR")) for _ in range(2))

    revives(second)

    assert (reread(order).state, reread(order).in_hand, reread(order).parked) == (State.CONFIRMED, 300_000, 1)
    assert (one(order.merchant_id, first.id).due_back.amount, reread(order).refund_owed.amount) == (100_000, 100_000)
    check_money(order.merchant_id)


def test_late_parts_are_taken_once_they_pay_an_order_that_still_waits(database):
    order = make_order(State.AWAITING_PAYMENT, [(make_product(on_hand=2), 2)])
    pay_for(order, Money(100_000, "NPR"))
    with clock.clock.pinned(order.pay_by + timedelta(seconds=30)):
        late = pay_for(order, Money(150_000, "NPR"))
        assert events_of(order)[-1].payload["payment"]["offer"] == "give_back"
        refused(late, NotTheAmountDue)
        pay_for(order, Money(50_000, "NPR"))
        assert events_of(order)[-1].payload["payment"]["offer"] == "count"

        revives(late)

    assert (reread(order).state, reread(order).in_hand, reread(order).parked) == (State.CONFIRMED, 300_000, 0)
    check_money(order.merchant_id)
