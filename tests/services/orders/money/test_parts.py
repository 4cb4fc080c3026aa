"""Parts of a payment add up, a little too much loses no order, and cash that comes after delivery counts."""

from datetime import timedelta

import pytest

from merchant_api.accounts.models import Terms
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.orders.money.view import one
from merchant_api.orders.states import PaymentState, State
from merchant_api.orders.steps import cancel, decide, pickup, returns
from merchant_api.orders.steps.reduce import Part
from merchant_api.orders.steps.returns import Back, Condition
from tests.make.money import check_money, end_unpaid, pay_for
from tests.make.orders import events_of, place_one, reread, sweep_overdue
from tests.make.people import make_actor, make_merchant
from tests.make.snapshot import check_books
from tests.make.stock import make_product

SELLER = make_actor()


def npr(amount):
    return Money(amount, "NPR")


def awaiting(terms=Terms.AFTER_ACCEPTANCE, merchant=None):
    """An order of two things that costs 1000."""
    return place_one([(make_product(merchant or make_merchant(), on_hand=9, price=500), 2)], terms=terms)


def figures(order):
    row = reread(order)
    return (row.state, row.paid, row.left_to_pay, row.refund_owed.amount)


def test_a_little_too_much_confirms_the_order_and_stands_on_the_list_of_money_to_give_back(database):
    order = awaiting()

    payment = pay_for(order, npr(1050))

    assert payment.state is PaymentState.COUNTED
    assert figures(order) == (State.CONFIRMED, 1050, 0, 50)
    assert one(order.merchant_id, payment.id).due_back == npr(50)
    told = events_of(order)[1].payload
    assert (events_of(order)[1].type, told["refund_owed"]["amount"], told["payment"]["amount"]["amount"]) == (
        "order.paid",
        50,
        1050,
    )


def test_a_part_leaves_the_order_awaiting_the_rest_and_both_are_told(database):
    order = awaiting()

    payment = pay_for(order, npr(400))

    assert payment.state is PaymentState.COUNTED
    assert figures(order) == (State.AWAITING_PAYMENT, 400, 600, 0)
    event = events_of(order)[-1]
    assert (event.type, event.payload["left_to_pay"]) == ("order.part_paid", {"amount": 600, "currency": "NPR"})
    assert event.payload["payment"]["amount"] == {"amount": 400, "currency": "NPR"}
    assert reread(order).pay_by == order.pay_by


@pytest.mark.parametrize(("parts", "surplus"), [((400, 600), 0), ((400, 300, 300), 0), ((999, 2), 1), ((1, 1500), 501)])
def test_parts_add_up_and_the_order_goes_on_when_nothing_is_left_to_pay(database, parts, surplus):
    order = awaiting()
    for part in parts:
        assert reread(order).state is State.AWAITING_PAYMENT
        pay_for(order, npr(part))

    assert figures(order) == (State.CONFIRMED, 1000 + surplus, 0, surplus)
    assert [event.type for event in events_of(order)][-2:] == ["order.paid", "order.pickup_requested"]
    check_money(order.merchant_id)


def test_a_part_that_nobody_completes_in_time_is_due_back_when_the_order_is_cancelled(database):
    order = awaiting()
    payment = pay_for(order, npr(400))

    with clock.clock.pinned(order.sweep_at):
        assert sweep_overdue(order) == 1

    assert figures(order) == (State.CANCELLED, 400, 0, 400)
    assert one(order.merchant_id, payment.id).due_back == npr(400)
    assert events_of(order)[-1].payload["refund_owed"]["amount"] == 400
    check_books(order.merchant_id)


def test_a_part_that_was_paid_in_time_counts_while_the_sweep_waits_and_a_late_one_is_parked(database):
    order = awaiting()
    with clock.clock.pinned(order.pay_by + timedelta(seconds=30)):
        in_time = pay_for(order, npr(400), paid_at=order.pay_by)
        late = pay_for(order, npr(600), paid_at=order.pay_by + timedelta(seconds=1))

    assert (in_time.state, late.state, late.parked_reason) == (PaymentState.COUNTED, PaymentState.PARKED, "late")
    assert figures(order) == (State.AWAITING_PAYMENT, 400, 600, 0)


def test_a_request_takes_parts_and_accepting_asks_for_the_rest(database):
    order = place_one([(make_product(on_hand=0, price=500), 2)])
    pay_for(order, npr(400))
    assert (figures(order), events_of(order)[-1].type) == ((State.REQUESTED, 400, 600, 0), "order.part_paid")

    decide.accept(order.merchant_id, order.id, decide.Accept(), SELLER)
    session().commit()

    assert figures(order) == (State.AWAITING_PAYMENT, 400, 600, 0)
    assert events_of(order)[-1].payload["left_to_pay"]["amount"] == 600
    pay_for(reread(order), npr(600))
    assert figures(order)[0] is State.CONFIRMED


def test_a_request_that_was_paid_in_parts_is_confirmed_by_accepting(database):
    order = place_one([(make_product(on_hand=0, price=500), 2)])
    for part in (700, 700):
        pay_for(order, npr(part))

    decide.accept(order.merchant_id, order.id, decide.Accept(), SELLER)
    session().commit()

    assert figures(order) == (State.CONFIRMED, 1400, 0, 400)


@pytest.mark.parametrize(("paid", "surplus"), [(500, 0), (700, 200)])
def test_cancelling_what_is_not_paid_confirms_the_rest(database, paid, surplus):
    order = awaiting()
    pay_for(order, npr(paid))

    cancel.cancel(order.merchant_id, order.id, cancel.Cancel("one is enough", None, [Part(0, 1)]), SELLER)
    session().commit()

    assert figures(order) == (State.CONFIRMED, paid, 0, surplus)


def delivered(order):
    pickup.pick_up(order.merchant_id, order.id, SELLER)
    pickup.deliver(order.merchant_id, order.id, SELLER)
    session().commit()
    return reread(order)


@pytest.mark.parametrize(("parts", "surplus"), [((1000,), 0), ((400, 600), 0), ((400, 700), 100)])
def test_cash_that_comes_after_delivery_counts_in_parts_and_too_much_is_due_back(database, parts, surplus):
    order = delivered(awaiting(Terms.ON_DELIVERY))
    assert figures(order) == (State.DELIVERED, 0, 1000, 0)

    states = {pay_for(order, npr(part)).state for part in parts}

    assert states == {PaymentState.COUNTED}
    assert figures(order) == (State.DELIVERED, sum(parts), 0, surplus)
    assert events_of(order)[-1].type == "order.paid"
    check_money(order.merchant_id)


def test_cash_for_what_came_back_is_due_back(database):
    order = delivered(awaiting(Terms.ON_DELIVERY))
    returns.give_back(order.merchant_id, order.id, [Back(0, 1, Condition.RESELLABLE)], SELLER)
    session().commit()
    assert figures(order) == (State.DELIVERED, 0, 500, 0)

    pay_for(order, npr(1000))

    assert figures(order) == (State.DELIVERED, 1000, 0, 500)


@pytest.mark.parametrize("terms", [Terms.AFTER_ACCEPTANCE, Terms.PREPAID])
def test_money_after_delivery_under_other_terms_is_parked_and_due_back(database, terms):
    order = awaiting(terms) if terms is Terms.AFTER_ACCEPTANCE else prepaid()
    if terms is Terms.AFTER_ACCEPTANCE:
        pay_for(order)
    order = delivered(order)

    late = pay_for(order, npr(300))

    assert (late.parked_reason, figures(order)) == ("after_delivery", (State.DELIVERED, 1000, 0, 300))
    assert one(order.merchant_id, late.id).due_back == npr(300)


def prepaid():
    return place_one([(make_product(on_hand=9, price=500), 2)], SELLER, terms=Terms.PREPAID, reference="INV-1")


def test_more_money_for_an_order_that_was_placed_as_prepaid_is_due_back(database):
    order = prepaid()

    payment = pay_for(order, npr(100))

    assert figures(order) == (State.CONFIRMED, 1100, 0, 100)
    assert one(order.merchant_id, payment.id).due_back == npr(100)


def test_money_for_an_order_that_ended_is_parked_and_due_back_with_what_counted_before(database):
    order = awaiting()
    pay_for(order, npr(400))
    order = end_unpaid(reread(order))

    late = pay_for(order, npr(600))

    assert (late.parked_reason, figures(order)) == ("order_ended", (State.CANCELLED, 400, 0, 1000))
    check_money(order.merchant_id)
