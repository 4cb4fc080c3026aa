"""Disputes that Stripe tells of: money that a bank takes back is nobody's to give back; nothing else moves."""

from itertools import permutations

import pytest

from merchant_api.core.db import session
from merchant_api.core.paging import Window
from merchant_api.orders.errors import NothingOwed
from merchant_api.orders.money import dispute as disputes
from merchant_api.orders.money import refund
from merchant_api.orders.states import DisputeState
from merchant_api.orders.steps import cancel
from tests.make.money import check_money, payments_of
from tests.make.orders import events_of, reread
from tests.make.people import make_actor
from tests.make.providers import try_again
from tests.make.snapshot import check_books
from tests.services.providers.banks import disputes_it, stands, told
from tests.services.providers.conftest import PRICE, awaiting, pays
from tests.services.providers.totals import FIRST, paid_order

SELLER = make_actor()


@pytest.fixture
def order(shop, provider):
    return paid_order(shop, provider)


def cancels(shop, order):
    cancel.cancel(shop.id, order.id, cancel.Cancel("no"), SELLER)
    session().commit()


def test_a_dispute_is_recorded_told_and_moves_nothing_but_money(shop, provider, order):
    assert disputes_it(provider) == "applied"

    assert stands(shop, order) == ("disputed", True, "confirmed")
    (event,) = [event for event in events_of(order) if event.type == "payment.disputed"]
    assert event.payload["payment"]["amount"] == {"amount": PRICE, "currency": "NPR"}
    assert event.payload["dispute_answer_by"] is not None
    check_books(shop.id)
    check_money(shop.id)


def test_a_dispute_that_is_won_leaves_everything_as_it_was(shop, provider, order):
    disputes_it(provider)
    disputes_it(provider, name="funds_withdrawn", seconds=1)
    disputes_it(provider, "under_review", "updated", seconds=2)

    assert disputes_it(provider, "won", "closed", seconds=3) == "applied"
    disputes_it(provider, "won", "funds_reinstated", seconds=4)

    assert stands(shop, order) == ("counted", False, "confirmed")
    assert told(order) == ["payment.disputed", "payment.dispute_won"]
    check_money(shop.id)


def test_money_that_is_lost_is_not_given_back_once_more(shop, provider, order):
    disputes_it(provider)
    disputes_it(provider, "lost", "closed", seconds=5)
    cancels(shop, order)

    (payment,) = payments_of(shop.id)
    with pytest.raises(NothingOwed):
        refund.refund(shop.id, payment.id, refund.RefundAsked(), SELLER)
    session().rollback()
    assert stands(shop, order) == ("disputed", True, "cancelled")
    assert (reread(order).refund_due, reread(order).refund_owed.amount) == (False, 0)
    assert told(order) == ["payment.disputed", "payment.dispute_lost"]


def test_what_is_owed_when_a_dispute_is_won_after_all_is_owed(shop, provider, order):
    disputes_it(provider)
    cancels(shop, order)
    assert reread(order).refund_due is False

    disputes_it(provider, "won", "closed", seconds=5)

    assert (reread(order).refund_due, reread(order).refund_owed.amount) == (True, PRICE)
    check_money(shop.id)


def test_of_a_payment_that_is_lost_in_part_the_rest_is_owed(shop, provider, order):
    disputes_it(provider, "lost", "closed", amount=FIRST)
    cancels(shop, order)

    assert reread(order).refund_owed.amount == PRICE - FIRST
    refund.refund(shop.id, payments_of(shop.id)[0].id, refund.RefundAsked(), SELLER)
    session().commit()
    assert (reread(order).refund_due, payments_of(shop.id)[0].refunded) == (False, PRICE - FIRST)
    check_money(shop.id)


NEWS = {
    "asked": ("warning_needs_response", "created", 0),
    "open": ("needs_response", "updated", 10),
    "taken": ("needs_response", "funds_withdrawn", 10),
    "lost": ("lost", "closed", 20),
    "appealed": ("appeal_under_review", "updated", 30),
    "won": ("won", "closed", 40),
}


@pytest.mark.parametrize("order_of_arrival", list(permutations(NEWS))[::17])
def test_news_of_a_dispute_end_in_one_state_in_whatever_order_they_come(shop, provider, order, order_of_arrival):
    for word in (*order_of_arrival, *order_of_arrival[:2]):
        assert disputes_it(provider, *NEWS[word]) == "applied"

    assert stands(shop, order) == ("counted", False, "confirmed")
    assert [row.state for row in disputes.page(shop.id, None, None, Window()).items] == [DisputeState.WON]
    check_money(shop.id)


def test_what_was_decided_in_the_same_second_in_which_it_was_asked_holds(shop, provider, order):
    disputes_it(provider, "lost", "closed")
    disputes_it(provider, "needs_response", "updated")

    assert stands(shop, order)[:2] == ("disputed", True)
    assert [row.state for row in disputes.page(shop.id, None, None, Window()).items] == [DisputeState.LOST]


def test_a_dispute_before_its_payment_waits_for_it(shop, provider):
    order = awaiting(shop)
    assert disputes_it(provider) == "waiting"

    pays(provider, "pi_1", PRICE, order_id=str(order.id))
    try_again(shop)

    assert stands(shop, order) == ("disputed", True, "confirmed")
