"""Many buyers of few units: the first ones win, nobody is sold a unit twice, and everybody is told clearly."""

from collections import Counter

import pytest

from merchant_api.accounts.models import Terms
from merchant_api.catalog.models import WhenShort
from merchant_api.core.actor import Role
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import Placed
from merchant_api.stock.adjust import Adjustment, Level, adjust, set_available
from merchant_api.stock.states import Reason
from tests.make.orders import place_one, wanted
from tests.make.people import make_actor, make_customer, make_merchant
from tests.make.stock import balances, make_product
from tests.make.tokens import bearer, make_token
from tests.races.rivals import at_once, in_own


def outcome(result):
    return result.view.order.state.value if isinstance(result, Placed) else result.refusal.code


def buy(product, units=1):
    actor = make_actor(Role.CUSTOMER)
    return lambda: place(product.merchant_id, [wanted([(product, units)], actor)])[0]


@pytest.mark.parametrize(("when_short", "other"), [(WhenShort.ASK, "requested"), (WhenShort.REFUSE, 409)])
def test_of_64_buyers_of_the_last_unit_one_gets_it_and_63_a_clear_answer(crowd, when_short, other):
    merchant = make_merchant()
    mug = make_product(merchant, on_hand=1, when_short=when_short)
    body = {"lines": [{"product_id": str(mug.id), "quantity": 1}]}
    headers = [bearer(make_token(make_customer(merchant))) for _ in range(64)]

    def buys(mine):
        return lambda: crowd.test_client().post(f"/v1/merchants/{merchant.id}/orders", json=body, headers=mine)

    replies = at_once(crowd, [buys(mine) for mine in headers])

    told = Counter(reply.json["state"] if reply.status_code == 201 else reply.status_code for reply in replies)
    assert told == {"confirmed": 1, other: 63}
    assert balances(mug) == (1, 1, 0)


@pytest.mark.parametrize(
    ("when_short", "other"), [(WhenShort.ASK, "requested"), (WhenShort.REFUSE, "insufficient_stock")]
)
def test_three_buyers_of_the_last_mug_get_one_confirmation_and_two_clear_answers(crowd, when_short, other):
    mug = make_product(on_hand=1, when_short=when_short)

    results = at_once(crowd, [buy(mug) for _ in range(3)])

    assert sorted(map(outcome, results)) == sorted(["confirmed", other, other])
    assert balances(mug) == (1, 1, 0)


def test_buyers_of_several_units_take_all_that_go_and_not_one_more(crowd):
    mug = make_product(on_hand=50, when_short=WhenShort.REFUSE)

    results = at_once(crowd, [buy(mug, units) for units in (1, 2, 3, 4) * 8])

    sold = sum(result.view.lines[0].held for result in results if isinstance(result, Placed))
    smallest_refused = min(
        result.refusal.members["lines"][0]["wanted"] for result in results if not isinstance(result, Placed)
    )
    assert balances(mug) == (50, sold, 0)
    assert 50 - sold < smallest_refused


def test_backorders_at_once_are_all_owed(crowd):
    mug = make_product(on_hand=3, when_short=WhenShort.BACKORDER)

    results = at_once(crowd, [buy(mug, 2) for _ in range(24)])

    assert Counter(map(outcome, results)) == {"confirmed": 24}
    assert balances(mug) == (3, 48, 0)


def test_buyers_and_a_merchant_who_sets_the_stock_do_not_lose_a_unit(crowd):
    merchant, seller = make_merchant(), make_actor()
    mug = make_product(merchant, on_hand=10, when_short=WhenShort.REFUSE)
    receives = in_own(lambda: adjust(merchant.id, Adjustment(mug.id, Reason.RECEIVED, increase=2), seller))

    results = at_once(crowd, [*(buy(mug) for _ in range(24)), *([receives] * 5)])

    confirmed = sum(isinstance(result, Placed) for result in results)
    assert 10 <= confirmed <= 20
    assert balances(mug) == (20, confirmed, 0)


@pytest.mark.parametrize("is_known", [True, False])
@pytest.mark.parametrize("on_hand", [0, 100])
def test_a_customer_who_orders_32_times_at_once_stays_within_his_cap(crowd, on_hand, is_known):
    merchant, customer = make_merchant(unpaid_orders_cap=3), make_actor(Role.CUSTOMER)
    products = [make_product(merchant, on_hand=on_hand) for _ in range(4)]
    if is_known:
        place_one([(make_product(merchant, on_hand=1), 1)], customer)
    wishes = [wanted([(products[n % 4], 1)], customer, terms=Terms.AFTER_ACCEPTANCE) for n in range(32)]

    results = at_once(crowd, [lambda wish=wish: place(merchant.id, [wish])[0] for wish in wishes])

    assert Counter(map(outcome, results))["too_many_unpaid"] == 29
    assert sum(isinstance(result, Placed) for result in results) == 3


def test_setting_what_is_available_keeps_what_was_sold_meanwhile(crowd):
    merchant, seller = make_merchant(), make_actor()
    mug = make_product(merchant, on_hand=5, when_short=WhenShort.REFUSE)
    sets = in_own(lambda: set_available(merchant.id, mug.id, Level(7), seller))

    results = at_once(crowd, [*(buy(mug) for _ in range(5)), sets])

    confirmed = sum(isinstance(result, Placed) for result in results)
    on_hand, held, _ = balances(mug)
    assert confirmed == held == 5
    assert 7 <= on_hand <= 12
