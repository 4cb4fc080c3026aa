"""Parts, surplus and goodwill at the same moment: every coin counts once, and the figures agree in the end."""

from collections import Counter

import pytest

from merchant_api.accounts.models import Terms
from merchant_api.core import clock
from merchant_api.core.errors import Refusal
from merchant_api.core.money import Money
from merchant_api.orders.due import expire_payments
from merchant_api.orders.money import pay, refund, revive
from merchant_api.orders.money.refund import RefundAsked
from merchant_api.orders.states import State
from tests.make.money import check_money, end_unpaid, pay_for
from tests.make.orders import place_one, reread, steps_of
from tests.make.people import make_actor, make_merchant
from tests.make.stock import balances, make_product
from tests.races.rivals import at_once, held, in_own, said
from tests.races.test_answers import cancels, sweeps

SELLER = make_actor()


def awaiting(product=None):
    """An order of two things that costs 1000."""
    return place_one([(product or make_product(on_hand=9, price=500), 2)], terms=Terms.AFTER_ACCEPTANCE)


def pays(order, amount, reference, paid_at=None):
    report = pay.PaymentReport(Money(amount, "NPR"), reference, paid_at)
    return in_own(lambda: pay.pay(order.merchant_id, order.id, report, SELLER))


def gives(payment, amount, reference=None):
    wish = RefundAsked(Money(amount, "NPR"), "a scratch", reference)
    return in_own(lambda: refund.refund(payment.merchant_id, payment.id, wish, SELLER))


def gives_back(payment):
    return in_own(lambda: refund.refund(payment.merchant_id, payment.id, RefundAsked(), SELLER))


def revives(payment):
    return in_own(lambda: revive.revive(payment.merchant_id, payment.id, SELLER))


def test_eight_parts_at_once_add_up_and_confirm_the_order_once(crowd):
    order = awaiting()

    results = at_once(crowd, [pays(order, 150, f"part-{number}") for number in range(8)])

    assert said(results) == {"ok": 8}
    after = reread(order)
    assert (after.state, after.paid, after.refund_owed.amount) == (State.CONFIRMED, 1200, 200)
    assert [step for step, _ in steps_of(order)].count("pay") == 1
    check_money(order.merchant_id)


def test_one_part_reported_eight_times_at_once_counts_once(crowd):
    order = awaiting()

    results = at_once(crowd, [pays(order, 400, "part")] * 8)

    assert Counter(result.is_new for result in results) == {True: 1, False: 7}
    assert (reread(order).state, reread(order).paid) == (State.AWAITING_PAYMENT, 400)
    check_money(order.merchant_id)


def test_the_last_part_against_the_sweep_confirms_or_leaves_all_of_it_due_back(crowd):
    product = make_product(make_merchant(unpaid_orders_cap=0), on_hand=99, price=500)
    ends = Counter()
    for number in range(10):
        order = awaiting(product)
        pay_for(order, Money(400, "NPR"))
        with clock.clock.pinned(order.sweep_at):
            works = [pays(order, 600, f"last-{number}", order.pay_by), sweeps(expire_payments, order)]
            at_once(crowd, works if number % 2 else works[::-1])

        after = reread(order)
        ends[after.state] += 1
        assert (after.state, after.paid, after.refund_owed.amount) in [
            (State.CONFIRMED, 1000, 0),
            (State.CANCELLED, 400, 1000),
        ]

    assert sum(ends.values()) == 10
    assert balances(product)[1] == 2 * ends[State.CONFIRMED]
    check_money(product.merchant_id)


@pytest.mark.parametrize("is_paid_first", [True, False])
def test_the_first_in_line_decides_whether_a_refund_meets_an_order_that_is_paid(crowd, is_paid_first):
    order = awaiting()
    first = pay_for(order, Money(400, "NPR"))
    works = [pays(order, 600, "last"), gives(first, 100)]

    with held(crowd, order) as queue:
        queue.join(*(works if is_paid_first else reversed(works)))
        assert said(queue.let_go()) == {"ok": 2}

    after = reread(order)
    expected = (State.CONFIRMED, 0) if is_paid_first else (State.AWAITING_PAYMENT, 100)
    assert (after.state, after.left_to_pay, after.in_hand) == (*expected, 900)
    check_money(order.merchant_id)


@pytest.mark.parametrize("reference", [None, "gift-1"])
def test_goodwill_eight_times_at_once_never_exceeds_what_was_paid(crowd, reference):
    order = awaiting()
    payment = pay_for(order)

    results = at_once(crowd, [gives(payment, 300, reference)] * 8)

    assert said(results) == ({"ok": 8} if reference else {"ok": 3, "more_than_owed": 5})
    assert (reread(order).refunded, reread(order).state) == (300 if reference else 900, State.CONFIRMED)
    check_money(order.merchant_id)


def test_goodwill_against_cancelling_gives_back_no_more_than_was_paid(crowd):
    for _ in range(5):
        order = awaiting()
        payment = pay_for(order)

        results = at_once(crowd, [cancels(order), gives(payment, 300), gives(payment, 800)])

        assert said(results)["ok"] == 2
        after = reread(order)
        assert after.in_hand == after.refund_owed.amount == 1000 - after.refunded
        check_money(order.merchant_id)


def test_two_parts_that_revive_an_order_together_do_it_once(crowd):
    order = end_unpaid(awaiting())
    parts = [pay_for(order, Money(500, "NPR")) for _ in range(2)]

    results = at_once(crowd, [revives(part) for part in parts] * 3)

    assert said(results) == {"ok": 1, "not_parked": 5}
    assert (reread(order).state, reread(order).paid, reread(order).parked) == (State.CONFIRMED, 1000, 0)
    check_money(order.merchant_id)


def test_giving_one_part_back_against_reviving_by_the_other_has_one_winner(crowd):
    ends = Counter()
    for number in range(6):
        order = end_unpaid(awaiting())
        first, second = (pay_for(order, Money(500, "NPR")) for _ in range(2))
        works = [revives(first), gives_back(second)]

        results = at_once(crowd, works if number % 2 else works[::-1])

        refusals = [result.code for result in results if isinstance(result, Refusal)]
        assert refusals in (["nothing_owed"], ["not_the_amount_due"])
        ends[reread(order).state] += 1
        assert (reread(order).state is State.CONFIRMED) is (refusals == ["nothing_owed"])
        check_money(order.merchant_id)

    assert sum(ends.values()) == 6
