"""People who count at once, and who count while somebody closes: nothing is lost, nothing is half."""

from collections import Counter

import pytest
from sqlalchemy import text

from merchant_api.core.db import db, session
from merchant_api.stock.sessions import change, promote, start
from merchant_api.stock.sessions import count as counting
from merchant_api.stock.sessions.count import NewCount
from merchant_api.stock.sessions.promote import Close
from merchant_api.stock.sessions.states import CountKind, SessionState
from tests.make.people import make_merchant
from tests.make.sessions import make_count
from tests.make.stock import balances, make_product
from tests.races.rivals import at_once, deadlocks, in_own, said, unfinished
from tests.races.works import SELLER, changes, closes, counted_in, counts, log_of, withdraws

LOCK_COUNTS = text("SELECT 1 FROM staged_cells WHERE merchant_id = :merchant_id FOR NO KEY UPDATE")


def closing(shop):
    return lambda: promote.close(shop.id, Close(), SELLER)


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

    with unfinished(crowd, closing(shop)) as queue:
        queue.join(counts(product, 7))
        results = queue.let_go()

    assert set(said(results)) == {"ok"}
    assert (results[0].read_on_hand, counted_in(shop, SessionState.STAGED)) == (2, {product.id: 7})
    assert balances(product)[0] == 2


def test_a_change_that_waited_for_a_close_builds_on_what_it_made(crowd, shop):
    product = make_product(shop, on_hand=1)
    make_count(product, 5)

    with unfinished(crowd, closing(shop)) as queue:
        queue.join(changes(product, increase=1))
        results = queue.let_go()

    assert set(said(results)) == {"ok"}
    assert counted_in(shop, SessionState.STAGED) == {product.id: 6}


def test_a_withdrawal_that_waited_for_a_close_finds_nothing_to_withdraw(crowd, shop):
    product = make_product(shop, on_hand=1)
    row = make_count(product, 5)

    with unfinished(crowd, closing(shop)) as queue:
        queue.join(withdraws(row))
        results = queue.let_go()

    assert said(results) == Counter(not_found=1)
    assert (balances(product)[0], counted_in(shop, SessionState.LIVE)) == (5, {product.id: 5})


def test_a_count_that_waited_for_a_close_that_failed_is_in_the_same_session(crowd, shop):
    product = make_product(shop, on_hand=1)
    make_count(product, 2)

    with unfinished(crowd, closing(shop)) as queue:
        queue.join(counts(product, 7))
        results = queue.let_go(by_commit=False)

    assert set(said(results)) == {"ok"}
    assert counted_in(shop, SessionState.STAGED) == {product.id: 7}
    assert balances(product)[0] == 1


def test_a_close_waits_for_a_count_and_takes_it_along(crowd, shop):
    product = make_product(shop, on_hand=1)

    with unfinished(crowd, lambda: counting.count(shop.id, NewCount(product.id, 7), SELLER)) as queue:
        queue.join(closes(shop))
        results = queue.let_go()

    assert said(results) == Counter(ok=1)
    assert balances(product)[0] == 7


def test_a_count_that_is_taken_back_while_a_close_waits_for_it_is_not_promoted(crowd, shop):
    product, other = make_product(shop, on_hand=1), make_product(shop, on_hand=1)
    row = make_count(product, 7)
    make_count(other, 3)

    with unfinished(crowd, lambda: change.withdraw(shop.id, row.id, SELLER)) as queue:
        queue.join(closes(shop))
        results = queue.let_go()

    assert (results[0].counted, balances(product)[0], balances(other)[0]) == (1, 1, 3)


def test_a_close_that_waits_for_the_only_count_to_be_taken_back_is_refused(crowd, shop):
    row = make_count(make_product(shop, on_hand=1), 7)

    with unfinished(crowd, lambda: change.withdraw(shop.id, row.id, SELLER)) as queue:
        queue.join(closes(shop))
        results = queue.let_go()

    assert said(results) == Counter(nothing_counted=1)


@pytest.mark.parametrize("work", ["count", "change", "withdraw"])
def test_who_would_wait_too_long_for_a_close_is_refused(crowd, shop, work):
    product = make_product(shop, on_hand=1)
    row = make_count(product, 7)
    works = {"count": counts(product, 8), "change": changes(product, increase=1), "withdraw": withdraws(row)}

    with unfinished(crowd, closing(shop)):
        told = said(at_once(crowd, [impatiently(works[work])]))

    assert told == Counter(session_closing=1)
    assert counted_in(shop, SessionState.STAGED) == {product.id: 7}


def test_who_would_wait_too_long_to_close_because_others_count_is_refused(crowd, shop):
    product = make_product(shop, on_hand=1)
    make_count(product, 7)

    with unfinished(crowd, lambda: counting.count(shop.id, NewCount(product.id, 8), SELLER)):
        told = said(at_once(crowd, [impatiently(closes(shop))]))

    assert told == Counter(session_closing=1)


def impatiently(work):
    """The same, by somebody whose connection waits for a lock no longer than a moment."""

    def hurried():
        session().execute(text("SET lock_timeout = '50ms'"))
        return work()

    return hurried


def test_of_counts_of_one_cell_at_once_the_latest_holds_and_all_are_kept(crowd, shop):
    product = make_product(shop)

    at_once(crowd, [counts(product, units) for units in range(1, 9)])

    log = log_of(shop)
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

    told = said(at_once(crowd, [withdraws(row)] * 4))

    assert told == Counter(ok=1, already_withdrawn=3)


@pytest.mark.parametrize("changing", [True, False])
def test_a_count_that_is_entered_while_another_is_changed_is_not_lost(crowd, shop, changing):
    product = make_product(shop, on_hand=10)
    row = make_count(product, 10)
    rival = changes(product, increase=1) if changing else withdraws(row)

    with held_up(crowd, shop) as queue:
        queue.join(rival, counts(product, 7))
        queue.let_go()

    assert counted_in(shop, SessionState.STAGED) == {product.id: 7}
    assert log_of(shop)[-1].quantity == 7


def held_up(crowd, shop):
    """Everything counted is locked by a third one, so that two who come find each other there."""
    return unfinished(crowd, lambda: session().execute(LOCK_COUNTS, {"merchant_id": shop.id}))


@pytest.mark.parametrize("_round", range(3))
def test_counts_changes_and_withdrawals_of_one_cell_come_to_what_the_log_says(crowd, shop, _round):
    product = make_product(shop, on_hand=50)
    rows = [make_count(product, 20 + number) for number in range(4)]
    works = [counts(product, 30), changes(product, increase=1), changes(product, decrease=1), counts(product, 31)]

    told = said(at_once(crowd, [*works, *map(withdraws, rows), *works]))

    assert told == Counter(ok=12)
    log = log_of(shop)
    assert [row.kind for row in log].count(CountKind.WITHDRAWAL) == 4
    assert counted_in(shop, SessionState.STAGED) == {product.id: log[-1].quantity}
    assert counted_in(shop, SessionState.STAGED) == {product.id: sum_of(log)}
    assert deadlocks() == 0


def sum_of(log):
    """The last count that was not withdrawn, or else the live figure, and the changes after it."""
    withdrawn = {row.withdraws for row in log}
    units = None
    for row in log:
        if row.id not in withdrawn and row.kind is not CountKind.WITHDRAWAL:
            base = row.read_on_hand if units is None else units
            units = row.quantity if row.kind is CountKind.COUNT else base + row.change
    return units


def test_a_cell_that_is_counted_and_changed_at_once_before_it_exists_does_not_deadlock(crowd, shop):
    products = [make_product(shop) for _ in range(6)]
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM cells WHERE merchant_id = :merchant_id"), {"merchant_id": shop.id})
    works = [work for product in products for work in (counts(product, 3), changes(product, increase=2))]

    told = said(at_once(crowd, works))

    assert told == Counter(ok=12)
    assert set(counted_in(shop, SessionState.STAGED).values()) <= {3, 5}
    assert deadlocks() == 0
