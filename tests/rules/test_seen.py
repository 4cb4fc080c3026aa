"""What became worse since the customer looked is a difference; what became better is not."""

from itertools import product

import pytest

from merchant_api.carts.seen import SeenCart, SeenLine, worse
from merchant_api.core.ids import new_id
from merchant_api.core.money import Money
from merchant_api.orders.states import Verdict
from merchant_api.shop.errors import WrongCurrency

BEST_FIRST = [Verdict.COVERED, Verdict.BACKORDER, Verdict.ASK, Verdict.REFUSE]
MUG, BOWL = new_id(), new_id()


def npr(amount):
    return Money(amount, "NPR")


@pytest.mark.parametrize(("seen", "now"), list(product(Verdict, Verdict)))
def test_a_verdict_is_worse_where_it_ranks_behind(seen, now):
    found = worse(SeenCart(npr(5), [SeenLine(MUG, seen)]), npr(5), {MUG: now})

    is_worse = BEST_FIRST.index(now) > BEST_FIRST.index(seen)
    expected = [{"what": "verdict", "seen": seen, "now": now, "product_id": str(MUG)}]
    assert found == (expected if is_worse else [])


@pytest.mark.parametrize(("now", "number"), [(4, 0), (5, 0), (6, 1)])
def test_a_total_is_worse_where_it_rose(now, number):
    found = worse(SeenCart(npr(5), [SeenLine(MUG, Verdict.COVERED)]), npr(now), {MUG: Verdict.COVERED})

    assert [each["what"] for each in found] == ["total"] * number
    assert not found or (found[0]["seen"]["amount"], found[0]["now"]["amount"]) == (5, 6)


def test_lines_that_were_not_seen_and_lines_that_are_gone_are_differences():
    found = worse(SeenCart(npr(5), [SeenLine(MUG, Verdict.ASK)]), npr(5), {BOWL: Verdict.COVERED})

    assert [(each["product_id"], each["seen"], each["now"]) for each in found] == [
        (str(MUG), "ask", None),
        (str(BOWL), None, "covered"),
    ]


def test_every_difference_is_named():
    seen = SeenCart(npr(5), [SeenLine(MUG, Verdict.COVERED), SeenLine(BOWL, Verdict.COVERED)])

    found = worse(seen, npr(6), {MUG: Verdict.ASK, BOWL: Verdict.REFUSE})

    assert [each["what"] for each in found] == ["verdict", "verdict", "total"]


def test_a_total_in_another_currency_can_not_be_compared():
    with pytest.raises(WrongCurrency):
        worse(SeenCart(Money(5, "INR"), []), npr(5), {})
