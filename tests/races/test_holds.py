"""Holds of many lines that are settled, picked up, given back and woken at once: nobody waits in a circle."""

import random
from collections import Counter

import pytest

from merchant_api.catalog.models import WhenShort
from merchant_api.core import clock
from merchant_api.core.db import in_transaction, session
from merchant_api.core.tenancy import of
from merchant_api.orders.due import settle_stock
from merchant_api.stock import settle
from tests.make.orders import place_one
from tests.make.sessions import make_count
from tests.make.stock import balances, make_product
from tests.races.rivals import at_once, deadlocks, said
from tests.races.works import JOB, cancels, closes, counts, gets, picks_up

PRODUCTS, ORDERS, BATCH = 8, 24, 40


@pytest.fixture
def chance():
    return random.Random(8)


def ordered(products, chance):
    """Orders of one unit of each product, whose lines and so whose holds are in any order."""
    return [place_one([(product, 1) for product in chance.sample(products, PRODUCTS)]) for _ in range(ORDERS)]


def settles_in_any_order(shop, chance):
    """Settle everything that is due by now, in batches that go across orders."""
    ids = settle.DUE.ids(shop.id, clock.now(), PRODUCTS * ORDERS)
    session().rollback()
    chance.shuffle(ids)
    batches = [ids[at : at + BATCH] for at in range(0, len(ids), BATCH)]

    def work(merchant_id=shop.id):
        for batch in batches:
            in_transaction(lambda batch=batch: settle_stock.run(merchant_id, batch, JOB), of(merchant_id))

    return work


@pytest.mark.parametrize("_round", range(2))
def test_orders_that_are_picked_up_while_they_are_settled_never_deadlock(crowd, shop, chance, _round):
    products = [make_product(shop, on_hand=2 * ORDERS) for _ in range(PRODUCTS)]
    works = [picks_up(order) for order in ordered(products, chance)]
    works += [settles_in_any_order(shop, chance) for _ in range(3)]

    told = said(at_once(crowd, works))

    assert told == Counter(ok=len(works))
    assert deadlocks() == 0


@pytest.mark.parametrize("_round", range(2))
def test_promotions_that_wake_whoever_waits_never_deadlock(crowd, shop, chance, _round):
    stocks = [0, ORDERS // 2] * (PRODUCTS // 2)
    products = [make_product(shop, on_hand=units, when_short=WhenShort.BACKORDER) for units in stocks]
    orders = ordered(products, chance)
    settles_in_any_order(shop, chance)()
    make_count(products[0], 0)
    works = [*map(picks_up, orders[::2]), *map(cancels, orders[1::2]), *(gets(product, 1) for product in products)]
    works += [settles_in_any_order(shop, chance) for _ in range(2)]
    counting, closing = counts(products[0], 0), closes(shop)

    def counts_and_closes():
        for _ in range(4):
            closing()
            counting()

    told = said(at_once(crowd, [*works, counts_and_closes]))

    assert told == Counter(ok=len(works) + 1)
    assert deadlocks() == 0


def test_two_who_hand_over_what_is_owed_receive_it_once(crowd, shop):
    poster = make_product(shop, on_hand=1, when_short=WhenShort.BACKORDER)
    orders = [place_one([(poster, 3)]) for _ in range(4)]

    told = said(at_once(crowd, [*map(picks_up, orders), *map(picks_up, orders), gets(poster, 2)]))

    assert told == Counter(ok=len(orders) + 1, wrong_state=len(orders))
    assert deadlocks() == 0
    on_hand, *rest = balances(poster)
    assert (on_hand <= 2, rest) == (True, [0, 12])  # what came in beside them is there, or spared somebody his word
