"""Late money revived and given back at the same moment: one of them wins, and no unit and no coin moves twice."""

from collections import Counter

import pytest

from merchant_api.core.errors import Refusal
from merchant_api.orders.money import refund, revive
from merchant_api.orders.money.refund import RefundAsked
from merchant_api.orders.states import PaymentState, State
from tests.make.money import check_money, make_late, pay_for, reread_payment
from tests.make.orders import make_order, place_one, reread, steps_of
from tests.make.people import make_actor, make_merchant
from tests.make.stock import balances, make_product
from tests.races.rivals import at_once, held, in_own, said
from tests.races.test_answers import cancels

SELLER = make_actor()


def revives(payment):
    return in_own(lambda: revive.revive(payment.merchant_id, payment.id, SELLER))


def refunds(payment, **wish):
    return in_own(lambda: refund.refund(payment.merchant_id, payment.id, RefundAsked(**wish), SELLER))


def buys(product):
    return lambda: place_one([(product, 1)])


def test_eight_revivals_at_once_are_one(crowd):
    product = make_product(make_merchant(unpaid_orders_cap=0), on_hand=50)
    for _ in range(4):
        before = balances(product)
        order, payment = make_late((product, 2))

        results = at_once(crowd, [revives(payment)] * 8)

        assert said(results) == {"ok": 1, "not_parked": 7}
        assert (reread(order).paid, reread(order).parked) == (order.total, 0)
        assert balances(product) == (before[0], before[1] + 2, before[2])
        assert [step for step, _ in steps_of(order)].count("revive") == 1
    check_money(product.merchant_id)


@pytest.mark.parametrize("is_revived_first", [True, False])
def test_who_is_first_in_line_decides_between_reviving_and_giving_back(crowd, is_revived_first):
    product = make_product(on_hand=5)
    order, payment = make_late((product, 2))
    works = [revives(payment), refunds(payment)]

    with held(crowd, order) as queue:
        queue.join(*(works if is_revived_first else reversed(works)))
        results = queue.let_go()

    assert said(results) == {"ok": 1, "nothing_owed" if is_revived_first else "not_parked": 1}
    assert reread(order).state is (State.CONFIRMED if is_revived_first else State.CANCELLED)
    assert reread_payment(payment).state is (PaymentState.COUNTED if is_revived_first else PaymentState.REFUNDED)
    check_money(order.merchant_id)


def test_reviving_against_giving_back_many_times_over(crowd):
    product = make_product(make_merchant(unpaid_orders_cap=0), on_hand=100)
    ends = Counter()
    for number in range(10):
        order, payment = make_late((product, 1))
        works = [revives(payment), refunds(payment)] * 2

        at_once(crowd, works if number % 2 else works[::-1])

        ends[reread(order).state] += 1
        is_revived = reread(order).state is State.CONFIRMED
        assert reread_payment(payment).state is (PaymentState.COUNTED if is_revived else PaymentState.REFUNDED)

    assert sum(ends.values()) == 10
    assert balances(product)[1] == ends[State.CONFIRMED]
    check_money(product.merchant_id)


def test_a_revival_against_a_buyer_of_the_last_unit_sells_it_once(crowd):
    product = make_product(make_merchant(unpaid_orders_cap=0), on_hand=1, when_short="refuse")
    winners = Counter()
    for number in range(10):
        before = balances(product)
        _, payment = make_late((product, 1))
        works = [revives(payment), buys(product)]

        results = at_once(crowd, works if number % 2 else works[::-1])

        assert said(results) == {"ok": 1, "insufficient_stock": 1}
        assert balances(product) == (1, before[1] + 1, 0)
        winner = next(result for result in results if not isinstance(result, Refusal))
        order = getattr(winner, "shown", None)
        winners["revived" if order else "bought"] += 1
        cancels(order.order if order else winner)()

    assert sum(winners.values()) == 10
    check_money(product.merchant_id)


def test_two_revivals_that_want_the_last_unit_have_one_winner(crowd):
    product = make_product(make_merchant(unpaid_orders_cap=0), on_hand=1)
    first = make_late((product, 1))[1]
    second = make_late((product, 1))[1]

    results = at_once(crowd, [revives(first), revives(second)])

    assert said(results) == {"ok": 1, "insufficient_stock": 1}
    assert balances(product) == (1, 1, 0)


@pytest.mark.parametrize("reference", [None, "bank-1"])
def test_the_same_money_given_back_eight_times_at_once_goes_back_once(crowd, reference):
    order, payment = make_late((make_product(on_hand=5), 2))

    results = at_once(crowd, [refunds(payment, reference=reference)] * 8)

    assert said(results) == ({"ok": 8} if reference else {"ok": 1, "nothing_owed": 7})
    assert reread_payment(payment).refunded == order.total
    assert len({result.refund.id for result in results if not isinstance(result, Refusal)}) == 1
    check_money(order.merchant_id)


def test_one_reference_for_two_refunds_at_once_counts_for_one(crowd):
    product = make_product(make_merchant(unpaid_orders_cap=0), on_hand=50)
    for number in range(5):
        payments = [make_late((product, 1))[1] for _ in range(2)]

        results = at_once(crowd, [refunds(payment, reference=f"bank-{number}") for payment in payments])

        assert said(results) == {"ok": 1, "reference_used": 1}
    check_money(product.merchant_id)


def test_giving_back_against_cancelling_gives_back_what_is_owed_in_the_end(crowd):
    order = make_order(State.AWAITING_PAYMENT, [(make_product(on_hand=5), 2)])
    payment = pay_for(order)

    results = at_once(crowd, [cancels(order), refunds(payment)])

    refunded = reread(order).refunded
    assert said(results) in ({"ok": 2}, {"ok": 1, "nothing_owed": 1})
    assert refunded == (order.total if said(results) == {"ok": 2} else 0)
    check_money(order.merchant_id)
