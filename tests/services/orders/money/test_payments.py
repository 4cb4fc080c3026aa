"""Money: counted, or parked for a reason; never refused once it moved, and never counted twice."""

from datetime import timedelta
from uuid import UUID

import pytest

from merchant_api.core import clock
from merchant_api.core.actor import job
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.core.paging import window
from merchant_api.orders.due import expire_payments
from merchant_api.orders.errors import PaidAhead, ReferenceUsed
from merchant_api.orders.money import pay, view
from merchant_api.orders.money.view import Chosen
from merchant_api.orders.states import PaymentState, State
from merchant_api.orders.steps import pickup
from tests.make.orders import events_of, make_order, reread, steps_of, sweep_overdue
from tests.make.people import make_actor, make_merchant
from tests.make.snapshot import check_books, everything
from tests.make.stock import balances, make_product

SELLER = make_actor()
MICROSECOND = timedelta(microseconds=1)
PROVIDER = pay.Through(UUID(int=7), "pi_1", 300_000)


def awaiting(merchant=None):
    return make_order(State.AWAITING_PAYMENT, [(make_product(merchant or make_merchant(), on_hand=5), 2)])


def pay_for(order, amount=None, reference="ref-1", paid_at=None, through=None):
    money = amount or Money(order.total, order.currency)
    recorded = pay.pay(order.merchant_id, order.id, pay.PaymentReport(money, reference, paid_at, through), SELLER)
    session().commit()
    return recorded


def test_the_right_money_confirms_the_order_and_asks_the_courier(database):
    order = awaiting()

    recorded = pay_for(order)

    after = recorded.shown.order
    assert (recorded.payment.state, recorded.is_new) == (PaymentState.COUNTED, True)
    assert recorded.outcome is pay.Outcome.COUNTED
    assert (after.state, after.paid, after.sweep_at) == (State.CONFIRMED, order.total, None)
    assert after.confirmed_at == after.pickup_asked_at
    assert steps_of(order) == [
        ("place", "awaiting_payment"),
        ("pay", "confirmed"),
        ("ask_pickup", "confirmed"),
    ]


def test_money_in_another_currency_is_parked_and_the_order_still_waits(database):
    order = awaiting()

    recorded = pay_for(order, Money(300_000, "INR"))

    assert (recorded.payment.state, recorded.payment.parked_reason) == (PaymentState.PARKED, "wrong_currency")
    assert recorded.outcome is pay.Outcome.PARKED
    after = reread(order)
    assert (after.state, after.paid, after.parked) == (State.AWAITING_PAYMENT, 0, 1)
    assert events_of(order)[-1].type == "payment.parked"
    assert pay_for(order, reference="ref-2").payment.state is PaymentState.COUNTED


def test_the_provider_s_instant_counts_up_to_the_deadline_itself(database):
    order = awaiting()

    with clock.clock.pinned(order.pay_by + timedelta(seconds=59)):
        recorded = pay_for(order, paid_at=order.pay_by)

    assert recorded.payment.state is PaymentState.COUNTED
    assert reread(order).state is State.CONFIRMED


def test_money_that_was_paid_after_the_deadline_is_parked_as_late(database):
    order = awaiting()

    with clock.clock.pinned(order.pay_by + timedelta(seconds=30)):
        recorded = pay_for(order, paid_at=order.pay_by + MICROSECOND)

    assert (recorded.payment.state, recorded.payment.parked_reason) == (PaymentState.PARKED, "late")
    assert reread(order).state is State.AWAITING_PAYMENT


@pytest.mark.parametrize(("after", "state"), [(timedelta(), "counted"), (MICROSECOND, "parked")])
def test_without_the_provider_s_instant_the_report_s_own_instant_counts(database, after, state):
    order = awaiting()

    with clock.clock.pinned(order.pay_by + after):
        recorded = pay_for(order)

    assert recorded.payment.state.value == state


def test_the_sweep_waits_for_late_reports_before_it_cancels(database):
    merchant = make_merchant(pay_grace_s=60)
    order = awaiting(merchant)
    end = order.pay_by + timedelta(seconds=60)

    with clock.clock.pinned(end - MICROSECOND):
        assert expire_payments.DUE.ids(merchant.id, clock.now(), 10) == []
        assert sweep_overdue(order) == 0
    with clock.clock.pinned(end):
        assert expire_payments.DUE.ids(merchant.id, clock.now(), 10) == [order.id]
        assert sweep_overdue(order) == 1

    after = reread(order)
    assert (after.state, after.reason, after.refund_due) == (State.CANCELLED, "payment_overdue", False)
    check_books(merchant.id)


def test_an_order_that_nobody_paid_gives_its_units_back(database):
    product = make_product(on_hand=5)
    order = make_order(State.AWAITING_PAYMENT, [(product, 2)])

    with clock.clock.pinned(order.sweep_at):
        sweep_overdue(order)

    assert balances(product) == (5, 0, 0)


def test_money_for_an_order_that_has_ended_is_parked_and_due_back(database):
    order = awaiting()
    with clock.clock.pinned(order.sweep_at):
        sweep_overdue(order)

        recorded = pay_for(order, paid_at=order.pay_by)

    assert (recorded.payment.state, recorded.payment.parked_reason) == (PaymentState.PARKED, "order_ended")
    after = reread(order)
    assert (after.state, after.refund_due) == (State.CANCELLED, True)
    event = events_of(order)[-1]
    assert (event.type, event.payload["refund_due"], event.payload["payment"]["reason"]) == (
        "payment.parked",
        True,
        "order_ended",
    )


def test_parked_money_makes_a_refund_due_when_its_order_is_swept(database):
    order = awaiting()
    with clock.clock.pinned(order.pay_by + MICROSECOND):
        pay_for(order, Money(1, "NPR"))
    assert (reread(order).parked, reread(order).refund_due) == (1, False)

    with clock.clock.pinned(order.sweep_at):
        sweep_overdue(order)

    assert (reread(order).refund_due, reread(order).refund_owed.amount) == (True, 1)
    assert events_of(order)[-1].payload["refund_due"] is True


def test_money_for_an_order_that_is_paid_counts_and_is_due_back(database):
    order = awaiting()
    pay_for(order)

    recorded = pay_for(order, reference="ref-2")

    assert recorded.payment.state is PaymentState.COUNTED
    assert (reread(order).paid, reread(order).refund_owed.amount) == (2 * order.total, order.total)


@pytest.mark.parametrize("amount", [None, Money(1, "NPR")])
def test_the_same_report_again_changes_nothing_and_gives_the_same_payment(database, amount):
    order = awaiting()
    first = pay_for(order, amount)
    before = everything(order.merchant_id)

    again = pay_for(order, amount)

    assert (again.payment.id, again.is_new) == (first.payment.id, False)
    assert again.outcome is pay.Outcome.KNOWN
    assert everything(order.merchant_id) == before


def test_a_reference_that_stands_for_other_money_is_refused(database):
    merchant = make_merchant()
    order, other = awaiting(merchant), awaiting(merchant)
    pay_for(order)
    before = everything(merchant.id)

    for target, amount in ((order, Money(1, "NPR")), (order, Money(order.total, "INR")), (other, None)):
        with pytest.raises(ReferenceUsed):
            pay_for(target, amount)
        session().rollback()

    assert everything(merchant.id) == before


def test_a_reference_of_one_merchant_says_nothing_about_another_s(database):
    first, second = awaiting(), awaiting()

    assert pay_for(first).is_new
    assert pay_for(second).is_new


@pytest.mark.parametrize(("ahead", "through"), [(timedelta(minutes=5), None), (timedelta(days=6), PROVIDER)])
def test_money_from_a_clock_that_runs_ahead_counts_as_paid_now(database, ahead, through):
    order = awaiting()

    with clock.clock.pinned(order.pay_by):
        recorded = pay_for(order, paid_at=order.pay_by + ahead, through=through)

    assert (recorded.payment.state, recorded.payment.paid_at) == (PaymentState.COUNTED, order.pay_by)


def test_nobody_says_that_money_will_come(database):
    order = awaiting()
    before = everything(order.merchant_id)

    with clock.clock.pinned(order.placed_at), pytest.raises(PaidAhead) as caught:
        pay_for(order, paid_at=order.placed_at + timedelta(minutes=5) + MICROSECOND)
    session().rollback()

    assert (caught.value.status, list(caught.value.members["errors"])) == (422, ["paid_at"])
    assert everything(order.merchant_id) == before


def test_an_order_on_delivery_is_paid_without_a_move_until_it_is_delivered(database):
    order = make_order(State.CONFIRMED, [(make_product(on_hand=5), 2)])
    pickup.pick_up(order.merchant_id, order.id, SELLER)
    session().commit()

    recorded = pay_for(order)

    assert (recorded.payment.state, reread(order).state) == (PaymentState.COUNTED, State.PICKED_UP)
    assert ("pay", "confirmed") not in steps_of(order)
    pickup.deliver(order.merchant_id, order.id, SELLER)
    session().commit()
    again = pay_for(order, reference="ref-2")
    assert (again.payment.state, reread(order).refund_owed.amount) == (PaymentState.COUNTED, order.total)


def test_parked_payments_are_listed_apart(database):
    order = awaiting()
    pay_for(order, Money(1, "INR"), "foreign")
    pay_for(order, None, "right")

    listed = {
        parked: [view.row.reference for view in view.page(order.merchant_id, Chosen(parked), window(50, None)).items]
        for parked in (True, False, None)
    }

    assert listed == {True: ["foreign"], False: ["right"], None: ["right", "foreign"]}


def test_sweeping_an_unpaid_order_twice_changes_nothing_more(database):
    order = awaiting()
    with clock.clock.pinned(order.sweep_at):
        sweep_overdue(order)
        before = everything(order.merchant_id)

        assert expire_payments.run(order.merchant_id, [order.id], job("tests")) == 0
    session().commit()

    assert everything(order.merchant_id) == before
