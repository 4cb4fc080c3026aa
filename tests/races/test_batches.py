"""Batches at once over the same customers, carts and stock: each is decided under its locks, and none waits forever."""

from collections import Counter
from dataclasses import replace
from functools import partial

from merchant_api.accounts.models import Terms
from merchant_api.carts import checkout, find
from merchant_api.catalog.models import WhenShort
from merchant_api.core.actor import Role
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import Placed
from tests.make.carts import make_cart, newcomer
from tests.make.orders import place_one, wanted
from tests.make.people import make_actor, make_merchant
from tests.make.stock import balances, make_product
from tests.races.rivals import at_once

LATER = Terms.AFTER_ACCEPTANCE


def told(batches):
    return Counter("placed" if isinstance(each, Placed) else each.refusal.code for batch in batches for each in batch)


def turned(batch, by):
    return [*batch[by % len(batch) :], *batch[: by % len(batch)]]


def test_batches_of_the_same_customers_keep_the_cap_and_refuse_nobody_else(crowd):
    merchant = make_merchant(unpaid_orders_cap=1)
    mug, full = make_product(merchant, on_hand=40, when_short=WhenShort.REFUSE), make_actor(Role.CUSTOMER)
    place_one([(mug, 1)], full, terms=LATER)
    people = [make_actor(Role.CUSTOMER) for _ in range(6)]
    batch = [wanted([(mug, 1)], actor, terms=LATER) for actor in [*people[:3], full, *people[3:]]]

    results = at_once(crowd, [partial(place, merchant.id, turned(batch, by)) for by in range(12)])

    assert told(results) == {"placed": 6, "too_many_unpaid": 12 * 7 - 6}
    assert balances(mug) == (40, 7, 0)


def test_batches_of_the_same_carts_make_each_of_them_one_order(crowd):
    mug = make_product(on_hand=40)
    people = [newcomer(f"Customer {number}") for number in range(5)]
    carts = [make_cart([(mug, 1)], actor) for actor in people]
    rows = [find.contents(mug.merchant_id, cart.id, actor).cart for cart, actor in zip(carts, people, strict=True)]
    batch = [
        replace(wanted([(mug, 1)], actor), around=checkout.around(row, None, actor))
        for row, actor in zip(rows, people, strict=True)
    ]

    results = at_once(crowd, [partial(place, mug.merchant_id, turned(batch, by)) for by in range(10)])

    assert told(results) == {"placed": 5, "cart_checked_out": 45}
    assert balances(mug) == (40, 5, 0)


def test_batches_of_different_customers_over_the_same_stock_sell_no_unit_twice(crowd):
    merchant = make_merchant(unpaid_orders_cap=1)
    products = [make_product(merchant, on_hand=10, when_short=WhenShort.REFUSE) for _ in range(3)]

    def batch(number):
        lines = [[(product, 1)] for product in turned(products, number)]
        return [wanted(each, terms=LATER) for each in lines * 2]

    results = at_once(crowd, [partial(place, merchant.id, batch(number)) for number in range(8)])

    assert told(results) == {"placed": 30, "insufficient_stock": 18}
    assert [balances(product) for product in products] == [(10, 10, 0)] * 3
