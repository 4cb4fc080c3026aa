"""A promotion that meets orders, settling, live changes and another promotion: every unit is counted once."""

import threading

import pytest

from merchant_api.catalog.models import WhenShort
from merchant_api.core.db import session
from merchant_api.core.errors import Refusal
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import Placed, Refused
from merchant_api.stock import adjust, transfer
from merchant_api.stock.adjust import Adjustment
from merchant_api.stock.places import Place
from merchant_api.stock.sessions import promote
from merchant_api.stock.sessions.promote import Close, Closed
from merchant_api.stock.sessions.states import Scope, SessionState
from merchant_api.stock.states import Reason
from merchant_api.stock.transfer import Transfer
from tests.make.orders import place_one, wanted
from tests.make.sessions import figures, make_count
from tests.make.stock import balances, make_cell, make_product
from tests.races.rivals import at_once, deadlocks, said, unfinished
from tests.races.works import (
    SELLER,
    buys,
    cancels,
    closes,
    counted_in,
    counts,
    gets,
    moves,
    picks_up,
    settles,
)


def closing(shop, **wish):
    return lambda: promote.close(shop.id, Close(**wish), SELLER)


def all_went_well(results):
    return not any(isinstance(result, Refused | Refusal) for result in results)


def test_orders_that_arrive_meanwhile_are_answered_and_counted_once(crowd, shop):
    product = make_product(shop, on_hand=50)
    make_count(product, 40)
    buyers = [buys((product, 1)) for _ in range(20)]

    results = at_once(crowd, [*buyers, *([settles(shop)] * 3), closes(shop), *buyers])

    assert sum(isinstance(result, Placed) for result in results) == 40
    settles(shop)()
    on_hand, held, used = balances(product)
    assert (on_hand, held, used) == (0, 0, 40)


def test_a_promotion_below_what_is_promised_meets_orders_without_overselling_again(crowd, shop):
    product = make_product(shop, on_hand=10, when_short=WhenShort.REFUSE)
    make_count(product, 4)

    results = at_once(crowd, [*[buys((product, 1)) for _ in range(12)], closes(shop)])

    placed = sum(isinstance(result, Placed) for result in results)
    on_hand, held, _ = balances(product)
    assert (on_hand, held) == (4, placed)
    assert 4 <= placed <= 10


def test_an_order_that_waited_for_a_promotion_meets_what_it_made(crowd, shop):
    sold_out, found = (make_product(shop, on_hand=units, when_short=WhenShort.REFUSE) for units in (5, 0))
    make_count(sold_out, 0)
    make_count(found, 5)

    with unfinished(crowd, closing(shop)) as queue:
        queue.join(buys((sold_out, 1)), buys((found, 1)))
        refused, placed = queue.let_go()

    assert refused.refusal.code == "insufficient_stock"
    assert isinstance(placed, Placed)


def test_orders_of_what_a_promotion_does_not_change_do_not_wait_for_it(crowd, shop):
    changed, right, not_counted = (make_product(shop, on_hand=5) for _ in range(3))
    make_count(changed, 3)
    make_count(right, 5)

    with unfinished(crowd, closing(shop)):
        results = at_once(crowd, [buys((right, 1)), buys((not_counted, 1))])

    assert all(isinstance(result, Placed) for result in results)
    assert [balances(product)[:2] for product in (changed, right, not_counted)] == [(5, 0), (5, 1), (5, 1)]


@pytest.mark.parametrize(("units", "after"), [(3, 8), (-2, 3)])
def test_a_promotion_that_waited_for_a_change_adds_it(crowd, shop, units, after):
    product = make_product(shop, on_hand=10)
    make_count(product, 5)
    by = {"increase": units} if units > 0 else {"decrease": -units}
    wish = Adjustment(product.id, Reason.CORRECTION, **by)

    with unfinished(crowd, lambda: adjust.adjust(shop.id, wish, SELLER)) as queue:
        queue.join(closes(shop))
        results = queue.let_go()

    assert all_went_well(results)
    assert balances(product)[0] == after


@pytest.mark.parametrize("is_undone", [True, False])
def test_a_promotion_that_waited_for_a_transfer_finds_every_unit_once(crowd, shop, is_undone):
    product = make_product(shop, on_hand=10)
    make_cell(product, 2, "cellar")
    make_count(product, 9)
    make_count(product, 3, location="cellar")
    wish = Transfer(product.id, Place(), Place("cellar"), 4)

    with unfinished(crowd, lambda: transfer.transfer(shop.id, wish, SELLER)) as queue:
        queue.join(closes(shop))
        results = queue.let_go(by_commit=not is_undone)

    assert all_went_well(results)
    assert sorted(figures(product)) == ([(3, 0), (9, 0)] if is_undone else [(5, 0), (7, 0)])


def test_changes_and_transfers_beside_a_promotion_all_tell(crowd, shop):
    products = [make_product(shop, on_hand=30) for _ in range(3)]
    for product in products:
        make_cell(product, 5, "cellar")
        make_count(product, 28)
        make_count(product, 4, location="cellar")
    works = [work for each in products for work in (gets(each, 3), gets(each, -2), moves(each, 4, "cellar"))]

    results = at_once(crowd, [*works, closes(shop), *works])

    assert all_went_well(results)
    for product in products:
        assert sorted(figures(product)) == [(4 + 2 * 4, 0), (28 + 2 * (3 - 2 - 4), 0)]
    assert deadlocks() == 0


def test_a_place_that_units_move_to_while_everything_else_becomes_nothing_keeps_them(crowd, shop):
    counted, moved = make_product(shop, on_hand=1), make_product(shop, on_hand=10)
    make_cell(counted, 0, "cellar")
    make_count(counted, 1)
    wish = Transfer(moved.id, Place(), Place("cellar"), 4)

    with unfinished(crowd, lambda: transfer.transfer(shop.id, wish, SELLER)) as queue:
        queue.join(closes(shop, scope=Scope.FULL, version=1))
        results = queue.let_go()

    assert all_went_well(results)
    assert sorted(figures(moved)) == [(0, 0), (4, 0)]


@pytest.mark.parametrize("_round", range(3))
def test_units_that_are_settled_and_picked_up_beside_a_promotion_are_taken_out_once(crowd, shop, _round):
    product = make_product(shop, on_hand=20)
    orders = [place_one([(product, 1)]) for _ in range(8)]
    make_count(product, 18)

    results = at_once(crowd, [*map(picks_up, orders[:5]), settles(shop), closes(shop), settles(shop)])

    assert all_went_well(results)
    settles(shop)()
    assert balances(product) == (18 - 8, 0, 8)


@pytest.mark.parametrize("_round", range(3))
def test_a_count_beside_settling_knows_what_is_sold_and_still_there(crowd, shop, _round):
    product = make_product(shop, on_hand=20)
    for _ in range(6):
        place_one([(product, 1)])

    at_once(crowd, [settles(shop), *[counts(product, 20)] * 4])
    settles(shop)()
    closes(shop)()

    assert balances(product) == (20 - 6, 0, 6)


@pytest.mark.parametrize("_round", range(3))
def test_orders_that_are_cancelled_beside_a_promotion_give_back_once(crowd, shop, _round):
    product = make_product(shop, on_hand=20)
    orders = [place_one([(product, 2)]) for _ in range(6)]
    settles(shop)()
    make_count(product, 20)

    results = at_once(crowd, [*map(cancels, orders[:4]), closes(shop), buys((product, 1)), settles(shop)])

    assert all_went_well(results)
    settles(shop)()
    assert balances(product) == (20 - 2 * 2 - 1, 0, 2 * 2 + 1)


def test_of_two_promotions_at_once_one_happens(crowd, shop):
    product = make_product(shop, on_hand=3)
    make_count(product, 5)

    results = at_once(crowd, [closes(shop)] * 6)

    told = said(results)
    assert told["ok"] == 1
    assert set(told) <= {"ok", "session_closing", "nothing_counted"}
    assert balances(product)[0] == 5
    assert sum(isinstance(result, Closed) for result in results) == 1


def test_who_closes_while_another_does_is_told_at_once(crowd, shop):
    make_count(make_product(shop, on_hand=1), 7)

    with unfinished(crowd, closing(shop)):
        told = said(at_once(crowd, [closes(shop)] * 2))

    assert told == {"session_closing": 2}


def test_after_a_promotion_that_failed_another_one_happens(crowd, shop):
    product = make_product(shop, on_hand=1)
    make_count(product, 7)

    with unfinished(crowd, closing(shop)) as queue:
        queue.let_go(by_commit=False)
    results = at_once(crowd, [closes(shop)])

    assert all_went_well(results)
    assert balances(product)[0] == 7


def test_a_second_promotion_takes_what_was_counted_since_the_first(crowd, shop):
    product = make_product(shop, on_hand=10)
    make_count(product, 8)

    with unfinished(crowd, closing(shop)) as queue:
        queue.join(counts(product, 6))
        queue.let_go()
    at_once(crowd, [closes(shop), buys((product, 1))])

    settles(shop)()
    assert balances(product) == (5, 0, 1)
    assert counted_in(shop, SessionState.LIVE) == {product.id: 6}


def test_promotions_amid_orders_of_many_products_never_deadlock(crowd, shop):
    products = [make_product(shop, on_hand=60) for _ in range(8)]
    for product in products:
        make_count(product, 50)
    done = threading.Event()
    counting, closing = counts(products[0], 50), closes(shop)

    def shops(number):
        placements = [wanted([(products[(number * step) % 8], 1) for step in (1, 3, 5)]) for _ in range(5)]
        return lambda merchant_id=shop.id: [place(merchant_id, [each])[0] for each in placements]

    def counts_and_closes():
        try:
            for _ in range(4):
                counting()
                closing()
        finally:
            done.set()

    settling = settles(shop)

    def settles_meanwhile():
        while not done.is_set():
            settling()

    at_once(crowd, [*(shops(number) for number in range(1, 8, 2)), settles_meanwhile, counts_and_closes])

    assert deadlocks() == 0
    settling()
    session().rollback()
    for product in products[1:]:
        on_hand, held, used = balances(product)
        assert (on_hand + used, held) == (50, 0)
