"""Running totals of refunds: the only word of older accounts of Stripe, a second one of the others; no money twice."""

from datetime import timedelta
from itertools import permutations

import pytest

from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.orders.money import refund
from merchant_api.orders.states import State
from merchant_api.orders.steps import cancel
from tests.make.money import check_money, payments_of, refunds_of
from tests.make.orders import events_of, reread
from tests.make.people import make_actor
from tests.make.providers import charge, events_told, try_again
from tests.services.providers.conftest import PRICE, awaiting, pays, tells
from tests.services.providers.totals import BOTH, FIRST, counting, paid_order, says_total, sends_back

SELLER = make_actor()


@pytest.fixture
def order(shop, provider):
    return paid_order(shop, provider)


def test_a_total_alone_says_what_went_back(shop, provider, order):
    assert says_total(provider, FIRST) == "applied"
    assert (reread(order).refunded, payments_of(shop.id)[0].state.value) == (FIRST, "counted")
    assert says_total(provider, PRICE, seconds=5) == "applied"

    assert (reread(order).refunded, payments_of(shop.id)[0].state.value) == (PRICE, "refunded")
    assert counting(shop) == [FIRST, PRICE - FIRST]
    assert [event.type for event in events_of(order)][-2:] == ["payment.refunded"] * 2
    check_money(shop.id)


WORDS = {
    "total of the first": lambda provider: says_total(provider, FIRST, 1),
    "first": lambda provider: sends_back(provider, "re_1", FIRST, seconds=2),
    "total of both": lambda provider: says_total(provider, BOTH, 11),
    "second": lambda provider: sends_back(provider, "re_2", BOTH - FIRST, "refund.updated", seconds=10),
}


@pytest.mark.parametrize("told", list(permutations(WORDS)))
def test_totals_and_refunds_are_the_same_money_in_whatever_order_they_come(shop, provider, order, told):
    for word in (*told, told[0]):
        assert WORDS[word](provider) == "applied"

    assert reread(order).refunded == BOTH
    assert counting(shop) == [FIRST, BOTH - FIRST]
    check_money(shop.id)


def test_a_total_that_is_older_than_another_says_nothing_any_more(shop, provider, order):
    says_total(provider, BOTH, 10)

    assert says_total(provider, FIRST, 1) == "applied"
    assert reread(order).refunded == BOTH


def test_a_newer_total_that_is_less_is_believed(shop, provider, order):
    says_total(provider, BOTH, 1)

    assert says_total(provider, FIRST, 10) == "applied"
    assert (reread(order).refunded, counting(shop)) == (FIRST, [FIRST])
    check_money(shop.id)


def test_a_total_before_its_payment_waits_for_it(shop, provider):
    order = awaiting(shop)
    assert says_total(provider, FIRST) == "waiting"

    pays(provider, "pi_1", PRICE, order_id=str(order.id))
    assert try_again(shop) == 1

    assert (reread(order).state, reread(order).refunded) == (State.CONFIRMED, FIRST)


def test_what_we_asked_for_ourselves_is_in_the_total_once(shop, provider, order):
    cancel.cancel(shop.id, order.id, cancel.Cancel("no"), SELLER)
    session().commit()
    asked = refund.refund(shop.id, payments_of(shop.id)[0].id, refund.RefundAsked(), SELLER, provider.id).refund
    session().commit()

    assert says_total(provider, PRICE) == "applied"
    assert reread(order).refunded == 0  # it is on its way, until it is told of itself
    sends_back(provider, "re_1", PRICE, metadata={"orderbell_refund": str(asked.id)})

    assert (reread(order).refunded, len(refunds_of(shop.id))) == (PRICE, 1)
    check_money(shop.id)


def test_what_was_given_back_by_hand_is_in_the_total(shop, provider, order):
    cancel.cancel(shop.id, order.id, cancel.Cancel("no"), SELLER)
    session().commit()
    refund.refund(shop.id, payments_of(shop.id)[0].id, refund.RefundAsked(), SELLER)
    session().commit()

    assert says_total(provider, PRICE) == "applied"
    assert (reread(order).refunded, len(refunds_of(shop.id))) == (PRICE, 1)


def test_more_than_was_paid_needs_somebody(shop, provider, order):
    about = charge("pi_1", PRICE + 1, PRICE + 1)

    assert tells(provider, "charge.refunded", about) == "unmatched"
    assert ("unmatched", "more_than_was_paid") in events_told(shop).values()
    assert reread(order).refunded == 0


def test_what_was_never_captured_was_never_paid(shop, provider, order):
    let_go = charge("pi_1", PRICE + 50_000, 50_000, amount_captured=PRICE)
    back_too = charge("pi_1", PRICE + 50_000, 50_000 + FIRST, amount_captured=PRICE)

    assert [tells(provider, "charge.refunded", about) for about in (let_go, back_too)] == ["ignored", "applied"]
    assert reread(order).refunded == FIRST


def test_a_total_of_another_merchant_s_payment_is_not_about_ours(shop, provider, order):
    with clock.clock.pinned(clock.now() + timedelta(seconds=1)):
        assert tells(provider, "charge.refunded", charge("pi_of_others", PRICE, PRICE)) == "waiting"
    assert reread(order).refunded == 0
