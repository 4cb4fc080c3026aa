"""Answers, money, sweeps and couriers that meet at one order: one of them wins, and the others are told."""

from collections import Counter
from datetime import timedelta
from itertools import permutations

import pytest

from merchant_api.core import clock
from merchant_api.core.actor import Role, job
from merchant_api.core.errors import Refusal
from merchant_api.core.money import Money
from merchant_api.orders.due import expire_payments, expire_requests, settle_stock
from merchant_api.orders.money import pay
from merchant_api.orders.states import DeclineReason, State
from merchant_api.orders.steps import cancel, decide, pickup
from merchant_api.stock import settle
from tests.make.orders import holds_of, make_order, place_one, reread, steps_of
from tests.make.people import make_actor, make_merchant
from tests.make.stock import balances, make_product
from tests.races.rivals import at_once, held, in_own, said

JOB = job("tests")
SELLER = make_actor()


def accepts(order):
    return in_own(lambda: decide.accept(order.merchant_id, order.id, decide.Accept(), SELLER))


def declines(order, *out_of_stock):
    answer = decide.Decline(DeclineReason.OUT_OF_STOCK, None, out_of_stock)
    return in_own(lambda: decide.decline(order.merchant_id, order.id, answer, SELLER))


def cancels(order, actor=SELLER):
    return in_own(lambda: cancel.cancel(order.merchant_id, order.id, cancel.Cancel("no"), actor))


def pays(order, reference="ref-1", paid_at=None):
    report = pay.PaymentReport(Money(order.total, order.currency), reference, paid_at)
    return in_own(lambda: pay.pay(order.merchant_id, order.id, report, SELLER))


def sweeps(module, *orders):
    return in_own(lambda: module.run(orders[0].merchant_id, [order.id for order in orders], JOB))


def settles(order):
    merchant_id = order.merchant_id
    return in_own(lambda: settle_stock.run(merchant_id, settle.DUE.ids(merchant_id, clock.now(), 100), JOB))


def picks_up(order):
    return in_own(lambda: pickup.pick_up(order.merchant_id, order.id, pickup.HandOver(), SELLER))


@pytest.mark.parametrize("first", ["accept", "decline"])
def test_accepting_against_declining_the_first_in_line_wins(crowd, first):
    order = place_one([(make_product(on_hand=1), 2)])
    works = [accepts(order), declines(order)]

    with held(crowd, order) as queue:
        queue.join(*(works if first == "accept" else reversed(works)))
        results = queue.let_go()

    assert said(results) == {"ok": 1, "wrong_state": 1}
    assert not isinstance(results[0], Refusal)
    assert reread(order).state is (State.AWAITING_PAYMENT if first == "accept" else State.DECLINED)


def test_eight_answers_at_once_to_each_of_several_requests_have_one_winner_each(crowd):
    product = make_product(make_merchant(unpaid_orders_cap=0), on_hand=1)
    customer = make_actor(Role.CUSTOMER)

    for _ in range(8):
        order = place_one([(product, 2)], customer)
        results = at_once(
            crowd, [accepts(order), declines(order), cancels(order, SELLER), cancels(order, customer)] * 2
        )

        # Who accepts may be followed by one who cancels what was accepted.
        steps = [step for step, _ in steps_of(order)]
        assert steps in (["place", "decline"], ["place", "cancel"], ["place", "accept", "cancel"])
        assert said(results) == {"ok": len(steps) - 1, "wrong_state": 9 - len(steps)}


@pytest.mark.parametrize("by_commit", [True, False])
@pytest.mark.parametrize("answers", [accepts, declines])
def test_an_answer_that_waited_past_the_deadline_is_too_late(crowd, answers, by_commit):
    order = place_one([(make_product(on_hand=1), 2)])

    with clock.clock.pinned(order.respond_by - timedelta(microseconds=1)), held(crowd, order) as queue:
        queue.join(answers(order))
        with clock.clock.pinned(order.respond_by):
            results = queue.let_go(by_commit=by_commit)

    assert said(results) == {"too_late": 1}
    assert (reread(order).state, holds_of(order)) == (State.REQUESTED, [])


@pytest.mark.parametrize("by_commit", [True, False])
def test_an_answer_that_waited_and_is_still_in_time_counts(crowd, by_commit):
    order = place_one([(make_product(on_hand=1), 2)])

    with clock.clock.pinned(order.respond_by - timedelta(seconds=1)), held(crowd, order) as queue:
        queue.join(accepts(order))
        with clock.clock.pinned(order.respond_by - timedelta(microseconds=1)):
            results = queue.let_go(by_commit=by_commit)

    assert said(results) == {"ok": 1}
    assert reread(order).state is State.AWAITING_PAYMENT


def test_accepting_against_expiry_around_the_deadline_ends_one_way_only(crowd):
    product = make_product(make_merchant(unpaid_orders_cap=0), on_hand=1)

    for _ in range(10):
        order = place_one([(product, 2)])
        with clock.clock.pinned(order.respond_by):
            late = at_once(
                crowd, [accepts(order), sweeps(expire_requests, order), declines(order), sweeps(expire_requests, order)]
            )
            swept = sum(result for result in late if isinstance(result, int))
            # Whoever held the row was left out by the sweep, which comes again.
            swept += sweeps(expire_requests, order)()

        assert swept == 1
        assert reread(order).state is State.EXPIRED
        assert set(said([late[0], late[2]])) <= {"too_late", "wrong_state"}
        assert steps_of(order) == [("place", "requested"), ("expire", "expired")]


def test_the_sweep_does_not_wait_for_an_order_that_somebody_answers(crowd):
    product = make_product(make_merchant(), on_hand=0)
    answered, forgotten = (place_one([(product, 2)]) for _ in range(2))

    with clock.clock.pinned(forgotten.respond_by), held(crowd, answered) as queue:
        done = sweeps(expire_requests, answered, forgotten)()
        queue.let_go(by_commit=False)

    assert done == 1
    assert (reread(answered).state, reread(forgotten).state) == (State.REQUESTED, State.EXPIRED)


@pytest.mark.parametrize("number", [2, 4])
def test_several_expiry_jobs_at_once_expire_each_request_once(crowd, number):
    merchant = make_merchant(unpaid_orders_cap=0)
    covered, short = make_product(merchant, on_hand=100), make_product(merchant)
    orders = [place_one([(covered, 2), (short, 1)]) for _ in range(30)]

    with clock.clock.pinned(orders[-1].respond_by):
        done = at_once(crowd, [sweeps(expire_requests, *orders)] * number)
        done.append(sweeps(expire_requests, *orders)())

    assert sum(done) == 30
    assert balances(covered) == (100, 0, 0)
    assert {tuple(steps_of(order)) for order in orders} == {(("place", "requested"), ("expire", "expired"))}


def test_paying_against_the_sweep_of_overdue_orders_confirms_or_parks(crowd):
    merchant = make_merchant(unpaid_orders_cap=0)
    product = make_product(merchant, on_hand=100)
    ends = Counter()

    for number in range(12):
        order = make_order(State.AWAITING_PAYMENT, [(product, 2)])
        with clock.clock.pinned(order.sweep_at):
            works = [pays(order, f"ref-{number}", order.pay_by), sweeps(expire_payments, order)]
            results = at_once(crowd, works if number % 2 else works[::-1])

        after, payment = reread(order), results[0 if number % 2 else 1].payment
        ends[after.state] += 1
        assert (after.state, payment.parked_reason, after.refund_due) in [
            (State.CONFIRMED, None, False),
            (State.CANCELLED, "order_ended", True),
        ]

    assert sum(ends.values()) == 12
    assert balances(product) == (100, 2 * ends[State.CONFIRMED], 0)


@pytest.mark.parametrize("is_paid_first", [True, False])
def test_who_is_first_in_line_decides_between_paying_and_cancelling(crowd, is_paid_first):
    product = make_product(on_hand=5)
    order = make_order(State.AWAITING_PAYMENT, [(product, 2)])
    works = [pays(order), cancels(order)]

    with held(crowd, order) as queue:
        queue.join(*(works if is_paid_first else reversed(works)))
        results = queue.let_go()

    after = reread(order)
    assert said(results) == {"ok": 2}
    assert (after.state, after.refund_due) == (State.CANCELLED, True)
    assert (after.paid, after.parked) == ((order.total, 0) if is_paid_first else (0, 1))
    assert balances(product) == (5, 0, 0)


def test_the_same_report_of_money_eight_times_at_once_is_one_payment(crowd):
    order = make_order(State.AWAITING_PAYMENT, [(make_product(on_hand=5), 2)])

    results = at_once(crowd, [pays(order)] * 8)

    assert Counter(result.is_new for result in results) == {True: 1, False: 7}
    assert len({result.payment.id for result in results}) == 1
    assert (reread(order).paid, reread(order).parked) == (order.total, 0)


def test_one_reference_for_two_orders_at_once_counts_for_one(crowd):
    product = make_product(make_merchant(), on_hand=50)
    for number in range(6):
        orders = [make_order(State.AWAITING_PAYMENT, [(product, 2)]) for _ in range(2)]

        results = at_once(crowd, [pays(order, f"ref-{number}") for order in orders])

        assert said(results) == {"ok": 1, "reference_used": 1}
        assert Counter(reread(order).state for order in orders) == {State.CONFIRMED: 1, State.AWAITING_PAYMENT: 1}


@pytest.mark.parametrize("order_of_arrival", list(permutations(["cancel", "settle", "pickup"])))
def test_cancelling_settling_and_picking_up_one_order_at_once_moves_its_units_once(crowd, order_of_arrival):
    product = make_product(on_hand=100)

    for _ in range(4):
        before = balances(product)
        order = place_one([(product, 2)])
        works = {"cancel": cancels(order), "settle": settles(order), "pickup": picks_up(order)}
        results = dict(zip(order_of_arrival, at_once(crowd, [works[name] for name in order_of_arrival]), strict=True))
        settles(order)()

        is_cancelled = reread(order).state is State.CANCELLED
        assert said([results["cancel"], results["pickup"]]) == {"ok": 1, "wrong_state": 1}
        on_hand, held_units, used = before
        assert balances(product) == (before if is_cancelled else (on_hand - 2, held_units, used + 2))


def test_two_settling_jobs_at_once_settle_each_hold_once(crowd):
    product = make_product(on_hand=100)
    orders = [place_one([(product, 2)]) for _ in range(20)]

    done = at_once(crowd, [settles(orders[0])] * 4)

    assert sum(done) == 20
    assert balances(product) == (60, 0, 40)


def test_accepting_two_requests_for_the_last_units_holds_them_once(crowd):
    product = make_product(on_hand=3)
    orders = [place_one([(product, 5)]) for _ in range(4)]

    results = at_once(crowd, [accepts(order) for order in orders])

    lines = [line for shown in results for line in shown.lines]
    assert sorted(line.held for line in lines) == [0, 0, 0, 3]
    assert all(line.held + line.row.promised == 5 for line in lines)
    assert balances(product) == (3, 3, 0)
