"""Closing with the scope `full`: what becomes of the cells that nobody counted."""

from uuid import UUID

import pytest
from sqlalchemy import text

from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.stock import adjust, transfer
from merchant_api.stock.adjust import Adjustment
from merchant_api.stock.places import Place
from merchant_api.stock.sessions.errors import VersionMissing, VersionMoved
from merchant_api.stock.sessions.states import Scope
from merchant_api.stock.states import Reason
from merchant_api.stock.transfer import Transfer
from tests.make.holds import make_hold
from tests.make.people import make_actor, make_merchant
from tests.make.sessions import figures, left, make_close, make_count, make_staged, settled
from tests.make.stock import make_cell, make_product


@pytest.fixture
def shop(database):
    merchant = make_merchant()
    make_staged(merchant)
    return merchant


def more(product, units):
    adjust.adjust(product.merchant_id, Adjustment(product.id, Reason.RECEIVED, increase=units), make_actor())
    session().commit()


def test_a_full_count_sets_to_zero_what_was_not_counted_nor_received(shop):
    counted, forgotten, delivered = (make_product(shop, on_hand=10) for _ in range(3))
    make_hold(forgotten, 1)
    make_count(counted, 9)
    more(delivered, 2)

    done = make_close(shop, scope=Scope.FULL, version=1)

    assert figures(counted) == [(9, 0)]
    assert figures(forgotten) == [(0, 1)]
    assert figures(delivered) == [(12, 0)]
    assert (done.counted, done.changed, done.zeroed) == (1, 2, 1)


def test_a_place_where_units_moved_to_keeps_them_in_a_full_count(shop):
    counted, moved = make_product(shop, on_hand=1), make_product(shop, on_hand=10)
    make_cell(moved, 0, "cellar")
    make_count(counted, 1)
    wish = Transfer(moved.id, Place(), Place("cellar"), 4)
    transfer.transfer(shop.id, wish, make_actor())
    session().commit()

    make_close(shop, scope=Scope.FULL, version=1)

    assert sorted(figures(moved)) == [(0, 0), (4, 0)]


def test_what_was_handed_over_and_is_not_settled_yet_stays_on_the_books_of_a_place_found_empty(shop):
    counted, empty = make_product(shop, on_hand=1), make_product(shop, on_hand=3)
    hold = left(make_hold(empty, 3, settle_at=clock.now()))
    settled(make_hold(counted, 1, settle_at=clock.now()))
    make_count(counted, 1)

    done = make_close(shop, scope=Scope.FULL, version=1)

    assert (figures(empty), done.zeroed) == ([(3, 3)], 0)
    settled(hold)
    more(empty, 10)
    assert figures(empty) == [(10, 0)]


def test_sold_units_that_lie_nowhere_leave_nothing_on_the_books_of_a_place_found_empty(shop):
    counted, empty = make_product(shop, on_hand=1), make_product(shop, on_hand=10)
    settled(make_hold(empty, 2, settle_at=clock.now()))
    left(make_hold(empty, 3, settle_at=clock.now()))
    make_count(counted, 1)

    done = make_close(shop, scope=Scope.FULL, version=1)

    assert (figures(empty), done.zeroed) == ([(1, 3)], 1)


def test_an_earlier_promotion_brought_nothing_in_even_if_the_clock_of_its_machine_was_ahead(shop):
    product, counted = make_product(shop, on_hand=1), make_product(shop, on_hand=1)
    earlier = make_count(product, 5)
    make_close(shop)
    row = make_count(counted, 1)
    session().execute(text("SET LOCAL session_replication_role = 'replica'"))  # past the triggers
    before = {"id": UUID(int=earlier.id.int + 1), "was": row.id}
    session().execute(text("UPDATE counts SET id = :id WHERE id = :was"), before)
    session().execute(text("SET LOCAL session_replication_role = 'origin'"))

    make_close(shop, scope=Scope.FULL, version=1)

    assert figures(product) == [(0, 0)]


def test_a_full_count_needs_the_version_that_was_looked_at(shop):
    product = make_product(shop, on_hand=10)
    make_count(product, 9)
    with pytest.raises(VersionMissing):
        make_close(shop, scope=Scope.FULL)
    make_count(product, 8)

    with pytest.raises(VersionMoved) as refused:
        make_close(shop, scope=Scope.FULL, version=1)

    assert refused.value.members == {"version": 2}
