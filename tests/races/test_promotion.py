"""A promotion that meets orders, counts and another promotion: nothing is lost, nothing is counted twice."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import pytest
from sqlalchemy import select, text

from merchant_api.core import clock
from merchant_api.core.actor import job
from merchant_api.core.db import in_transaction, session
from merchant_api.orders.place import place
from merchant_api.orders.placement import Placed
from merchant_api.stock import settle
from merchant_api.stock.adjust import Adjustment
from merchant_api.stock.sessions import change, promote, start
from merchant_api.stock.sessions import count as counting
from merchant_api.stock.sessions.count import NewCount
from merchant_api.stock.sessions.models import Count, Session, StagedCell
from merchant_api.stock.sessions.promote import Close, Closed
from merchant_api.stock.sessions.states import SessionState
from merchant_api.stock.states import Reason
from tests.make.orders import wanted
from tests.make.people import make_actor, make_merchant
from tests.make.sessions import make_count, make_staged
from tests.make.stock import balances, make_product
from tests.races.rivals import Queue, at_once, in_own, said
from tests.races.test_crowd import deadlocks

SELLER, JOB = make_actor(), job("tests")


@pytest.fixture
def shop(crowd):
    merchant = make_merchant(unpaid_orders_cap=0)
    make_staged(merchant)
    return merchant


@contextmanager
def unfinished(app, work):
    """Do something and leave its transaction open; others can line up behind it."""
    session().rollback()
    with ThreadPoolExecutor(8) as pool:
        work()
        try:
            yield Queue(app, session(), pool)
        finally:
            session().rollback()


def closes(shop, **wish):
    return in_own(lambda: promote.close(shop.id, Close(**wish), SELLER))


def counts(product, units):
    return in_own(lambda: counting.count(product.merchant_id, NewCount(product.id, units), SELLER))


def changes(product, **wanted):
    adjustment = Adjustment(product.id, Reason.CORRECTION, **wanted)
    return in_own(lambda: change.adjust(product.merchant_id, adjustment, SELLER))


def buys(*lines):
    return lambda: place(lines[0][0].merchant_id, [wanted(lines)])[0]


def settles(shop):
    def work():
        due = settle.due(shop.id, clock.now(), 100)
        session().rollback()
        return in_transaction(partial(settle.settle, shop.id, due, JOB))

    return work


def counted_in(shop, state):
    """What holds in the session of a state: units by product."""
    session().rollback()
    rows = (
        select(StagedCell.product_id, StagedCell.quantity)
        .join(Session, (Session.merchant_id == shop.id) & (Session.id == StagedCell.session_id))
        .where(StagedCell.merchant_id == shop.id, Session.state == state)
    )
    return {row.product_id: row.quantity for row in session().execute(rows)}


def test_orders_that_arrive_meanwhile_are_answered_and_counted_once(crowd, shop):
    product = make_product(shop, on_hand=50)
    make_count(product, 40)
    buyers = [buys((product, 1)) for _ in range(20)]

    results = at_once(crowd, [*buyers, *([settles(shop)] * 3), closes(shop), *buyers])

    placed = sum(isinstance(result, Placed) for result in results)
    assert placed == 40
    settles(shop)()
    on_hand, held, used = balances(product)
    assert (on_hand + used, held, used) == (40, 0, 40)


def test_a_promotion_below_what_is_promised_meets_orders_without_overselling_again(crowd, shop):
    product = make_product(shop, on_hand=10)
    make_count(product, 4)

    at_once(crowd, [*[buys((product, 1)) for _ in range(12)], closes(shop)])

    on_hand, held, _ = balances(product)
    assert on_hand == 4
    assert 4 <= held <= 10


def test_of_two_promotions_at_once_one_happens(crowd, shop):
    product = make_product(shop, on_hand=3)
    make_count(product, 5)

    results = at_once(crowd, [closes(shop)] * 6)

    told = said(results)
    assert told["ok"] == 1
    assert set(told) <= {"ok", "session_closing", "nothing_counted"}
    assert balances(product)[0] == 5
    assert sum(isinstance(result, Closed) for result in results) == 1


def test_of_two_who_start_a_session_at_once_one_does(crowd):
    merchant = make_merchant()

    told = said(at_once(crowd, [in_own(lambda: start.start(merchant.id, SELLER))] * 5))

    assert told == Counter(ok=1, session_staged=4)


@pytest.mark.parametrize("_round", range(3))
def test_a_count_during_a_close_is_in_this_session_or_in_the_next_whole(crowd, shop, _round):
    first = make_product(shop, on_hand=1)
    make_count(first, 2)
    products = [make_product(shop, on_hand=1) for _ in range(12)]
    works = [counts(product, 7) for product in products]

    results = at_once(crowd, [*works[:6], closes(shop), *works[6:]])

    assert set(said(results)) == {"ok"}
    live, staged = (counted_in(shop, state) for state in (SessionState.LIVE, SessionState.STAGED))
    assert live.keys() | staged.keys() == {product.id for product in [first, *products]}
    assert not live.keys() & staged.keys()
    for product in products:
        assert balances(product)[0] == (7 if product.id in live else 1)


def test_a_count_that_waited_for_a_close_belongs_to_the_next_session(crowd, shop):
    product = make_product(shop, on_hand=1)
    make_count(product, 2)

    with unfinished(crowd, lambda: promote.close(shop.id, Close(), SELLER)) as queue:
        queue.join(counts(product, 7))
        results = queue.let_go()

    assert set(said(results)) == {"ok"}
    assert (results[0].read_on_hand, counted_in(shop, SessionState.STAGED)) == (2, {product.id: 7})
    assert balances(product)[0] == 2


def test_a_close_waits_for_a_count_and_takes_it_along(crowd, shop):
    product = make_product(shop, on_hand=1)

    with unfinished(crowd, lambda: counting.count(shop.id, NewCount(product.id, 7), SELLER)) as queue:
        queue.join(closes(shop))
        results = queue.let_go()

    assert said(results) == Counter(ok=1)
    assert balances(product)[0] == 7


def test_who_closes_while_another_does_is_told_at_once(crowd, shop):
    make_count(make_product(shop, on_hand=1), 7)

    with unfinished(crowd, lambda: promote.close(shop.id, Close(), SELLER)):
        told = said(at_once(crowd, [closes(shop)]))

    assert told == Counter(session_closing=1)


def test_a_count_that_would_wait_too_long_for_a_close_is_refused(crowd, shop):
    product = make_product(shop, on_hand=1)
    make_count(product, 7)

    def impatient():
        session().execute(text("SET LOCAL lock_timeout = '50ms'"))
        return counting.count(shop.id, NewCount(product.id, 8), SELLER)

    with unfinished(crowd, lambda: promote.close(shop.id, Close(), SELLER)):
        told = said(at_once(crowd, [in_own(impatient)]))

    assert told == Counter(session_closing=1)


def test_of_counts_of_one_cell_at_once_the_latest_holds_and_all_are_kept(crowd, shop):
    product = make_product(shop)

    at_once(crowd, [counts(product, units) for units in range(1, 9)])

    log = session().execute(select(Count).where(Count.merchant_id == shop.id).order_by(Count.id)).scalars().all()
    assert len(log) == 8
    assert counted_in(shop, SessionState.STAGED) == {product.id: log[-1].quantity}


@pytest.mark.parametrize("is_counted", [True, False])
def test_changes_of_one_count_at_once_all_tell(crowd, shop, is_counted):
    product = make_product(shop, on_hand=10)
    if is_counted:
        make_count(product, 10)

    told = said(at_once(crowd, [*[changes(product, increase=1)] * 4, *[changes(product, decrease=2)] * 4]))

    assert told == Counter(ok=8)
    assert counted_in(shop, SessionState.STAGED) == {product.id: 6}


def test_of_two_who_withdraw_a_count_at_once_one_does(crowd, shop):
    row = make_count(make_product(shop), 5)

    told = said(at_once(crowd, [in_own(lambda: change.withdraw(shop.id, row.id, SELLER))] * 4))

    assert told == Counter(ok=1, already_withdrawn=3)


def test_promotions_amid_orders_of_many_products_never_deadlock(crowd, shop):
    products = [make_product(shop, on_hand=60) for _ in range(8)]
    for product in products:
        make_count(product, 50)

    def shops(number):
        chosen = [products[(number * step) % 8] for step in (1, 3, 5)]
        return lambda: [buys(*((product, 1) for product in chosen))() for _ in range(5)]

    def counts_and_closes():
        for _ in range(4):
            counts(products[0], 50)()
            closes(shop)()

    works = [*(shops(number) for number in range(1, 8, 2)), settles(shop), settles(shop), counts_and_closes]
    at_once(crowd, works)

    assert deadlocks() == 0
    for product in products[1:]:
        on_hand, _, used = balances(product)
        assert on_hand + used == 50
