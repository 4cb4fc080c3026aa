"""Many at once on the same cells, on real connections: nothing is lost, and the ledger explains every unit."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from merchant_api.core import clock
from merchant_api.core.actor import job
from merchant_api.core.db import db, in_transaction, session
from merchant_api.core.errors import Conflict
from merchant_api.orders.due import settle_stock
from merchant_api.stock import places
from merchant_api.stock.adjust import Adjustment, Level, adjust, set_available
from merchant_api.stock.audit import audit
from merchant_api.stock.ledger_models import LedgerRow
from merchant_api.stock.models import Location
from merchant_api.stock.places import Place
from merchant_api.stock.states import Reason
from merchant_api.stock.transfer import Transfer, transfer
from tests.make.holds import make_hold
from tests.make.people import make_actor, make_merchant
from tests.make.stock import balances, make_product
from tests.tenancy import of_the_test

MANY = 16


@pytest.fixture
def crowd(fresh: Flask) -> Callable[[Sequence[Callable[[], Any]]], list[Any]]:
    """Runs works all begun together, each in a thread, a connection and a transaction; gives results or refusals."""
    db.engine.pool._max_overflow = MANY

    def run(works: Sequence[Callable[[], Any]]) -> list[Any]:
        begin, whose = threading.Barrier(len(works)), of_the_test()

        def one(work: Callable[[], Any]) -> Any:
            with fresh.app_context():
                begin.wait()
                try:
                    return in_transaction(work, whose)
                except Conflict as refusal:
                    return refusal.code

        with ThreadPoolExecutor(len(works)) as pool:
            told = list(pool.map(one, works))
        session().rollback()
        return told

    return run


def test_sixteen_people_adjust_one_cell_and_every_change_counts(crowd):
    product, actor = make_product(on_hand=8), make_actor()
    merchant_id = product.merchant_id
    more = Adjustment(product.id, Reason.RECEIVED, increase=1)
    less = Adjustment(product.id, Reason.LOST, decrease=1)

    crowd([lambda wanted=wanted: adjust(merchant_id, wanted, actor) for wanted in [more, less] * (MANY // 2)])

    assert balances(product) == (8, 0, 0)
    seqs = select(LedgerRow.seq).where(LedgerRow.merchant_id == merchant_id).order_by(LedgerRow.seq)
    assert list(session().execute(seqs).scalars()) == list(range(1, MANY + 2))
    assert audit(merchant_id).is_clean


def test_the_last_units_are_taken_away_once(crowd):
    product, actor = make_product(on_hand=3), make_actor()
    merchant_id, less = product.merchant_id, Adjustment(product.id, Reason.LOST, decrease=1)

    told = crowd([lambda: adjust(merchant_id, less, actor) for _ in range(MANY)])

    assert told.count("below_zero") == MANY - 3
    assert balances(product) == (0, 0, 0)
    assert audit(merchant_id).is_clean


def test_of_those_who_saw_the_same_figure_one_sets_it(crowd):
    product, actor = make_product(on_hand=3), make_actor()
    merchant_id, product_id = product.merchant_id, product.id

    told = crowd(
        [lambda n=n: set_available(merchant_id, product_id, Level(10 + n, seen=3), actor) for n in range(MANY)]
    )

    assert told.count("stock_moved") == MANY - 1
    assert audit(merchant_id).is_clean


def test_a_cell_that_all_need_first_is_made_once(crowd):
    merchant = make_merchant()
    product, actor = make_product(merchant), make_actor()
    merchant_id = merchant.id
    places.add(Location, merchant_id, "attic", 1)
    session().commit()
    more = Adjustment(product.id, Reason.RECEIVED, location="attic", increase=1)

    crowd([lambda: adjust(merchant_id, more, actor) for _ in range(MANY)])

    assert balances(product) == (MANY, 0, 0)
    assert audit(merchant_id).is_clean


def test_transfers_both_ways_do_not_wait_for_each_other_in_a_circle(crowd):
    product, actor = make_product(on_hand=MANY), make_actor()
    merchant_id = product.merchant_id
    places.add(Location, merchant_id, "attic", 1)
    adjust(merchant_id, Adjustment(product.id, Reason.RECEIVED, location="attic", quantity=MANY), actor)
    session().commit()
    there = Transfer(product.id, Place(), Place("attic"), 1)
    back = Transfer(product.id, Place("attic"), Place(), 1)

    told = crowd([lambda wanted=wanted: transfer(merchant_id, wanted, actor) for wanted in [there, back] * (MANY // 2)])

    assert not [each for each in told if isinstance(each, str)]
    assert balances(product)[0] == 2 * MANY
    assert audit(merchant_id).is_clean


def test_two_settling_jobs_and_adjustments_settle_each_hold_once(crowd):
    product, actor = make_product(on_hand=30), make_actor()
    merchant_id = product.merchant_id
    ids = [make_hold(product, 1, settle_at=clock.now()).id for _ in range(20)]
    less = Adjustment(product.id, Reason.LOST, decrease=1)
    jobs = [lambda: settle_stock.run(merchant_id, ids, job("settle_stock")) for _ in range(6)]

    told = crowd([*jobs, *(lambda: adjust(merchant_id, less, actor) for _ in range(10))])

    assert sum(told[:6]) == 20
    assert balances(product) == (0, 0, 20)
    assert audit(merchant_id).is_clean
