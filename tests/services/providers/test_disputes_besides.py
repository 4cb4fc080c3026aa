"""Disputes beside refunds, parked money, questions of a bank, a second dispute, and another merchant's."""

from datetime import timedelta

import pytest

from merchant_api.core import clock
from merchant_api.orders.states import PaymentState
from tests.make.money import check_money, end_unpaid, payments_of
from tests.make.orders import reread
from tests.make.people import make_merchant
from tests.make.providers import events_told, make_provider, try_again
from tests.services.providers.banks import disputes_it, stands, told
from tests.services.providers.conftest import PRICE, awaiting, pays, tells
from tests.services.providers.totals import FIRST, paid_order, sends_back


@pytest.fixture
def order(shop, provider):
    return paid_order(shop, provider)


def test_a_question_of_the_bank_is_told_and_takes_nothing(shop, provider, order):
    assert disputes_it(provider, "warning_needs_response") == "applied"
    assert stands(shop, order) == ("counted", False, "confirmed")

    assert disputes_it(provider, "warning_closed", "closed", seconds=5) == "applied"
    assert told(order) == ["payment.questioned", "payment.dispute_won"]


def test_a_refund_beside_a_dispute_is_no_money_twice(shop, provider, order):
    disputes_it(provider)
    assert sends_back(provider, "re_1", PRICE, seconds=1) == "applied"
    assert stands(shop, order)[:2] == ("disputed", True)
    check_money(shop.id)

    disputes_it(provider, "won", "closed", seconds=5)

    assert stands(shop, order)[:2] == ("refunded", False)
    check_money(shop.id)


def test_a_bank_may_dispute_what_was_given_back(shop, provider, order):
    sends_back(provider, "re_1", PRICE)
    assert payments_of(shop.id)[0].state is PaymentState.REFUNDED

    disputes_it(provider)
    assert (stands(shop, order)[:2], reread(order).disputed) == (("disputed", True), 0)
    disputes_it(provider, "won", "closed", seconds=5)

    assert stands(shop, order)[:2] == ("refunded", False)
    check_money(shop.id)


def test_parked_money_in_dispute_waits_for_no_decision_until_it_is_won(shop, provider):
    order = end_unpaid(awaiting(shop))
    pays(provider, "pi_1", PRICE, order_id=str(order.id))
    assert (reread(order).parked, reread(order).refund_due) == (1, True)

    disputes_it(provider)
    assert (reread(order).parked, reread(order).refund_due, reread(order).is_disputed) == (0, False, True)
    disputes_it(provider, "won", "closed", seconds=5)

    assert (reread(order).parked, reread(order).refund_due, reread(order).is_disputed) == (1, True, False)
    check_money(shop.id)


def test_two_disputes_of_one_payment_add_up_and_end_apart(shop, provider, order):
    disputes_it(provider, amount=FIRST, reference="du_1")
    disputes_it(provider, amount=PRICE, reference="du_2", seconds=1)
    assert payments_of(shop.id)[0].disputed == PRICE  # never more than was paid

    disputes_it(provider, "won", "closed", seconds=5, reference="du_2", amount=PRICE)
    assert (payments_of(shop.id)[0].disputed, reread(order).is_disputed) == (FIRST, True)
    disputes_it(provider, "won", "closed", seconds=6, reference="du_1", amount=FIRST)

    assert stands(shop, order)[:2] == ("counted", False)
    check_money(shop.id)


@pytest.mark.parametrize("members", [{"currency": "usd"}, {"amount": PRICE * 2}])
def test_a_dispute_in_another_currency_or_of_more_than_was_paid_is_about_all_of_it(shop, provider, order, members):
    disputes_it(provider, **members)

    assert payments_of(shop.id)[0].disputed == PRICE


@pytest.mark.parametrize(("amounts", "state"), [([-PRICE], "disputed"), ([], "counted"), ([-PRICE, PRICE], "counted")])
def test_what_was_prevented_has_taken_money_or_not_as_its_balance_says(shop, provider, order, amounts, state):
    moved = [{"object": "balance_transaction", "amount": amount} for amount in amounts]

    assert disputes_it(provider, "prevented", balance_transactions=moved) == "applied"
    assert stands(shop, order)[0] == state


def test_another_merchant_s_payment_is_not_disputed_by_ours(shop, order):
    elsewhere = make_merchant()
    stranger = make_provider(elsewhere)

    assert disputes_it(stranger) == "waiting"
    with clock.clock.pinned(clock.now() + timedelta(hours=80)):
        try_again(elsewhere)

    assert list(events_told(elsewhere).values()) == [("unmatched", "no_such_payment")]
    assert stands(shop, order)[:2] == ("counted", False)


@pytest.mark.parametrize("status", ["", None, 5, "new_word_of_2027", "prevented "])
def test_a_status_that_nobody_knows_is_not_guessed(shop, provider, order, status):
    assert disputes_it(provider, status) == "ignored"
    assert tells(provider, "charge.dispute.created", {"id": "du_1", "status": "lost"}) == "ignored"
    assert stands(shop, order)[:2] == ("counted", False)
