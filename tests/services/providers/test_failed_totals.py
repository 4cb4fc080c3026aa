"""Refunds that failed, beside running totals: whether a total has them in it says the provider's own clock."""

from itertools import permutations

import pytest

from tests.make.money import check_money
from tests.make.orders import reread
from tests.services.providers.totals import BOTH, FIRST, counting, paid_order, says_total, sends_back

ORDERS = list(permutations(["total", "failed", "back"]))


@pytest.fixture
def order(shop, provider):
    return paid_order(shop, provider)


@pytest.mark.parametrize("told", ORDERS)
def test_a_refund_that_failed_after_the_total_is_not_in_it_any_more(shop, provider, order, told):
    words = {
        "total": lambda: says_total(provider, BOTH, 10),
        "back": lambda: sends_back(provider, "re_2", BOTH - FIRST, seconds=9),
        "failed": lambda: sends_back(provider, "re_2", BOTH - FIRST, "charge.refund.updated", 20, status="failed"),
    }

    for word in told:
        assert words[word]() == "applied"

    assert (reread(order).refunded, counting(shop)) == (FIRST, [FIRST])
    check_money(shop.id)


@pytest.mark.parametrize("told", ORDERS)
def test_a_refund_that_had_failed_before_the_total_is_not_taken_off_it(shop, provider, order, told):
    words = {
        "back": lambda: sends_back(provider, "re_0", 70_000, seconds=1),
        "failed": lambda: sends_back(provider, "re_0", 70_000, "refund.failed", 5, status="failed"),
        "total": lambda: says_total(provider, BOTH, 10),
    }

    for word in told:
        words[word]()

    assert reread(order).refunded == BOTH
    check_money(shop.id)
