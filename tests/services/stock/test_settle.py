"""Settling: whole holds, oldest first, as far as the units reach; and its pure rule."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event

from merchant_api.core import clock
from merchant_api.core.actor import job
from merchant_api.core.db import db, session
from merchant_api.orders.due import settle_stock
from merchant_api.stock import holds, settle
from merchant_api.stock.adjust import Adjustment, adjust
from merchant_api.stock.cover import Promise
from merchant_api.stock.lock import lock_products
from merchant_api.stock.states import HoldState, Reason
from tests.make.holds import covered, make_hold
from tests.make.people import make_actor
from tests.make.statements import asked
from tests.make.stock import balances, make_product

JOB = job("settle_stock")


def states(*rows):
    for row in rows:
        session().refresh(row)
    return [row.state for row in rows]


@pytest.mark.parametrize(
    ("on_hand", "promises", "chosen"),
    [
        (5, [(2, True), (3, True)], {1, 2}),
        (4, [(2, True), (3, True), (1, True)], {1}),  # the third waits behind the second
        (4, [(3, False), (2, True)], set()),  # unpaid, but its units are its own
        (4, [(9, False), (2, True)], {2}),  # unpaid and not covered: in nobody's way
        (0, [(1, True)], set()),
    ],
)
def test_units_belong_to_the_oldest_promises(on_hand, promises, chosen):
    numbered = [Promise(UUID(int=number), *promise) for number, promise in enumerate(promises, 1)]

    assert covered(on_hand, numbered) == {UUID(int=number) for number in chosen}


def test_holds_of_confirmed_orders_become_decrements(database):
    product = make_product(on_hand=5)
    sold, unpaid = make_hold(product, 2, settle_at=clock.now()), make_hold(product, 1)
    due = settle.DUE.ids(product.merchant_id, clock.now(), 10)

    settled = settle_stock.run(product.merchant_id, due, JOB)
    session().commit()

    assert (settled, due) == (1, [sold.id])
    assert states(sold, unpaid) == [HoldState.SETTLED, HoldState.OPEN]
    assert balances(product) == (3, 1, 2)


def test_what_is_owed_waits_until_units_come_in(database):
    product = make_product(on_hand=1)
    owed = make_hold(product, 3, settle_at=clock.now())

    assert settle_stock.run(product.merchant_id, [owed.id], JOB) == 0
    assert settle.DUE.ids(product.merchant_id, clock.now(), 10) == []
    adjust(product.merchant_id, Adjustment(product.id, Reason.RECEIVED, increase=2), make_actor())
    assert settle_stock.run(product.merchant_id, settle.DUE.ids(product.merchant_id, clock.now(), 10), JOB) == 1
    session().commit()

    assert balances(product) == (0, 0, 3)


def test_a_small_order_does_not_overtake_a_large_one_that_is_put_off(database):
    product = make_product(on_hand=3)
    large = make_hold(product, 5, settle_at=clock.now() + timedelta(seconds=50))
    small = make_hold(product, 2, settle_at=clock.now())

    assert settle_stock.run(product.merchant_id, [small.id], JOB) == 0
    assert states(large, small) == [HoldState.OPEN, HoldState.OPEN]


def test_a_large_order_that_is_released_wakes_those_behind_it(database):
    product = make_product(on_hand=3)
    large, small = make_hold(product, 5), make_hold(product, 2, settle_at=clock.now() + timedelta(seconds=50))

    book = lock_products(product.merchant_id, [product.id])
    holds.release(book, [large], JOB)
    book.write()

    assert settle.DUE.ids(product.merchant_id, clock.now(), 10) == [small.id]


def test_settling_twice_changes_nothing_more(database):
    product = make_product(on_hand=5)
    hold = make_hold(product, 2, settle_at=clock.now())

    assert [settle_stock.run(product.merchant_id, [hold.id], JOB) for _ in range(2)] == [1, 0]
    session().commit()

    assert balances(product) == (3, 0, 2)


def test_what_was_settled_goes_back_once(database):
    product = make_product(on_hand=5)
    hold = make_hold(product, 2, settle_at=clock.now())
    settle_stock.run(product.merchant_id, [hold.id], JOB)

    for _ in range(2):
        book = lock_products(product.merchant_id, [product.id])
        holds.release(book, holds.of_orders(product.merchant_id, [hold.order_id]), JOB)
        book.write()
    session().commit()

    assert states(hold) == [HoldState.RESTORED]
    assert balances(product) == (5, 0, 0)


def test_the_number_of_statements_does_not_depend_on_the_number_of_holds(database):
    product = make_product(on_hand=40)
    rows = [make_hold(product, 1, settle_at=clock.now()) for _ in range(60)]
    statements = []
    event.listen(db.engines[None], "before_cursor_execute", lambda *told: statements.append(told[2]))

    settled = settle_stock.run(product.merchant_id, [row.id for row in rows], JOB)
    session().commit()

    assert settled == 40
    assert len(asked(statements)) <= 7
    assert balances(product) == (0, 20, 40)


def test_merchants_with_due_holds_are_found(database):
    product = make_product(on_hand=5)
    make_hold(product, 2, settle_at=clock.now())
    make_hold(make_product(on_hand=5), 2)

    assert settle.DUE.merchants(clock.now(), 10) == [product.merchant_id]


def test_of_a_cell_that_owes_no_more_is_read_than_its_units_reach(database, monkeypatch):
    monkeypatch.setattr(settle, "PAGE", 2)
    product = make_product(on_hand=3)
    rows = [make_hold(product, 1, settle_at=clock.now()) for _ in range(9)]
    read = []

    def note(_connection, _cursor, statement, *_rest):
        if "LIMIT" in statement and "FROM holds" in statement:
            read.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    settled = settle_stock.run(product.merchant_id, [row.id for row in rows], JOB)
    event.remove(db.engine, "before_cursor_execute", note)
    session().commit()

    assert settled == 3
    assert states(*rows) == [HoldState.SETTLED] * 3 + [HoldState.OPEN] * 6
    assert len(read) == 2
