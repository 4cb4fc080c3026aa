"""The bounds of who is not proven, as a table, and what holds for any order."""

from collections import Counter
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merchant_api.core.sentences.sentence import say
from merchant_api.orders.route import Need, Routed
from merchant_api.orders.states import Verdict
from merchant_api.orders.unproven import Bounds, Stranger, asked

MUG, BOWL, STICKER = UUID(int=1), UUID(int=2), UUID(int=3)
BOUNDS = Bounds(open_orders=5, units=10, share_percent=20)


@pytest.mark.parametrize(
    ("bounds", "stock", "most"),
    [
        (BOUNDS, -3, 10),
        (BOUNDS, 0, 10),
        (BOUNDS, 54, 10),
        (BOUNDS, 55, 11),
        (BOUNDS, 99_000, 19_800),
        (Bounds(5, 0, 0), 99, 0),
    ],
)
def test_the_units_are_a_number_or_a_share_whichever_is_more(bounds, stock, most):
    assert bounds.most(stock) == most


def routed(verdict, product):
    cell = (product, product, product)
    return Routed(verdict, say("verdict.stock", wanted=1, available=1), 1, 1, {cell: 1})


verdicts = st.sampled_from([Verdict.COVERED, Verdict.BACKORDER, Verdict.ASK, Verdict.REFUSE])
orders = st.lists(st.tuples(st.sampled_from([MUG, BOWL, STICKER]), st.integers(1, 9), verdicts), min_size=1, max_size=6)


@given(orders, st.integers(0, 8), st.integers(0, 12))
def test_what_still_holds_is_within_the_bounds_and_what_stock_said_of_the_others_stays(lines, open_orders, held):
    needs = [Need(number, product, units) for number, (product, units, _) in enumerate(lines)]
    before = {number: routed(verdict, product) for number, (product, _, verdict) in enumerate(lines)}
    stranger = Stranger(orders=open_orders, units=Counter({MUG: held}))

    after = asked(needs, before, stranger, BOUNDS, {MUG: 30, BOWL: 0})

    for product in (MUG, BOWL):
        mine = [need.quantity for need in needs if need.product_id == product and after[need.line].takes]
        firm = [need for need in needs if need.product_id == product and before[need.line].verdict in ("ask", "refuse")]
        kept = sum(mine) - sum(need.quantity for need in firm)
        assert kept == 0 or (open_orders < 5 and stranger.units[product] + kept <= 10)
        assert all(after[need.line] is before[need.line] for need in firm)
    assert all(each.verdict is Verdict.ASK and not each.takes for n, each in after.items() if each is not before[n])
