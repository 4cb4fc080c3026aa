"""Totals, refunds and disputes at the same moment: no money goes back twice, and the sums agree."""

from collections import Counter
from itertools import permutations

import pytest

from merchant_api.orders.states import State
from merchant_api.providers import receive
from tests.make.money import check_money, payments_of, refunds_of, reread_payment
from tests.make.orders import make_order, reread
from tests.make.people import make_merchant
from tests.make.providers import back, charge, dispute, incoming, intent, make_provider, stripe_event
from tests.make.stock import make_product
from tests.races.rivals import at_once, in_own, said
from tests.races.test_answers import cancels
from tests.races.test_money import refunds

PRICE = 300_000


@pytest.fixture
def shop(crowd):
    return make_merchant(unpaid_orders_cap=0)


@pytest.fixture
def provider(shop):
    return make_provider(shop)


def tells(provider, type_, about, **members):
    event = stripe_event(type_, about, **members)
    return in_own(lambda: receive.receive(provider.merchant_id, provider.id, incoming(event)))


def paid_order(shop, provider, reference):
    order = make_order(State.AWAITING_PAYMENT, [(make_product(shop, on_hand=5), 2)])
    tells(provider, "payment_intent.succeeded", intent(reference, PRICE, order_id=str(order.id)))()
    (payment,) = [each for each in payments_of(shop.id) if each.reference == reference]
    return order, payment


def test_a_total_and_its_refunds_at_once_are_the_same_money(crowd, shop, provider):
    for number in range(4):
        order, _ = paid_order(shop, provider, f"pi_{number}")
        works = [
            tells(provider, "charge.refunded", charge(f"pi_{number}", PRICE, PRICE)),
            tells(provider, "refund.created", back(f"re_a_{number}", f"pi_{number}", 100_000)),
            tells(provider, "refund.updated", back(f"re_b_{number}", f"pi_{number}", 200_000)),
        ]

        results = at_once(crowd, works * 2)

        assert Counter(result.state for result in results) == {"applied": 6}
        assert reread(order).refunded == PRICE
    assert sum(row.amount for row in refunds_of(shop.id) if row.state.value == "done") == 4 * PRICE
    check_money(shop.id)


@pytest.mark.parametrize("order_of_arrival", list(permutations(["opened", "lost", "won"])))
def test_news_of_a_dispute_at_once_end_as_the_newest_says(crowd, shop, provider, order_of_arrival):
    order, payment = paid_order(shop, provider, "pi_1")
    told = {
        word: tells(provider, f"charge.dispute.{name}", dispute("du_1", "pi_1", PRICE, status), created=second)
        for word, name, status, second in (
            ("opened", "created", "needs_response", 1_767_225_601),
            ("lost", "closed", "lost", 1_767_225_602),
            ("won", "closed", "won", 1_767_225_603),
        )
    }

    at_once(crowd, [told[word] for word in order_of_arrival] * 2)

    assert (reread_payment(payment).state.value, reread(order).is_disputed) == ("counted", False)
    check_money(shop.id)


def test_a_dispute_while_the_money_is_given_back_takes_it_or_finds_it_gone(crowd, shop, provider):
    for number in range(6):
        order, payment = paid_order(shop, provider, f"pi_{number}")
        cancels(order)()
        disputes_it = tells(provider, "charge.dispute.created", dispute(f"du_{number}", f"pi_{number}", PRICE))
        works = [disputes_it, refunds(payment)]

        results = at_once(crowd, works if number % 2 else works[::-1])

        after, fresh = reread_payment(payment), reread(order)
        assert after.state.value == "disputed"
        assert (after.refunded, fresh.refund_due) in ((0, False), (PRICE, False))
        assert said(results)["ok"] + said(results).get("nothing_owed", 0) == 2
    check_money(shop.id)
