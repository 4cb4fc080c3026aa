"""Adjusting live stock by hand."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from merchant_api.catalog.errors import NoSuchProduct
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.stock.adjust import Adjustment, Level, adjust, set_available
from merchant_api.stock.errors import BelowZero, NoSuchPlace, NotTracked, SeveralCells, StockMoved, UnitsOwed
from merchant_api.stock.ledger import TooManyUnits
from merchant_api.stock.ledger_models import LedgerRow
from merchant_api.stock.states import Reason
from tests.make.holds import make_hold
from tests.make.people import make_actor, make_merchant
from tests.make.stock import balances, make_cell, make_product


def changed(product, **amount):
    wanted = Adjustment(product.id, Reason.CORRECTION, **amount)
    return adjust(product.merchant_id, wanted, make_actor())


@pytest.mark.parametrize(("amount", "after"), [({"increase": 3}, 8), ({"decrease": 5}, 0), ({"quantity": 5}, 5)])
def test_an_adjustment_leaves_a_ledger_row(database, amount, after):
    product = make_product(on_hand=5)

    wanted = Adjustment(product.id, Reason.DAMAGED, comment="fell", **amount)
    adjust(product.merchant_id, wanted, make_actor())

    rows = select(LedgerRow).where(LedgerRow.merchant_id == product.merchant_id).order_by(LedgerRow.seq.desc())
    row = session().execute(rows).scalars().first()
    assert (row.seq, row.on_hand_change, row.on_hand) == (2, after - 5, after)
    assert (row.reason, row.comment, row.actor["kind"]) == (Reason.DAMAGED, "fell", "owner")


def test_nothing_is_taken_below_zero(database):
    product = make_product(on_hand=5)

    with pytest.raises(BelowZero):
        changed(product, decrease=6)

    assert balances(product) == (5, 0, 0)


def test_a_cell_holds_at_most_a_million(database):
    with pytest.raises(TooManyUnits):
        changed(make_product(on_hand=1), increase=1_000_000)


def test_fewer_units_than_are_promised_can_be_counted(database):
    product = make_product(on_hand=5)
    make_hold(product, 4)

    adjust(product.merchant_id, Adjustment(product.id, Reason.COUNT, quantity=1), make_actor())
    session().commit()

    assert balances(product) == (1, 4, 0)


def test_an_unknown_place_is_named(database):
    with pytest.raises(NoSuchPlace) as refused:
        changed(make_product(), increase=1, location="moon")

    assert list(refused.value.members["errors"]) == ["location"]


def test_an_untracked_product_has_nothing_to_adjust(database):
    with pytest.raises(NotTracked):
        changed(make_product(is_tracked=False), increase=1)


def test_the_product_of_another_merchant_is_not_found(database):
    with pytest.raises(NoSuchProduct):
        adjust(make_merchant().id, Adjustment(make_product().id, Reason.OTHER, increase=1), make_actor())


def test_units_that_come_in_wake_the_holds_that_wait(database):
    product = make_product(on_hand=1)
    hold = make_hold(product, 3, settle_at=clock.now() + timedelta(seconds=50))

    adjust(product.merchant_id, Adjustment(product.id, Reason.RECEIVED, increase=5), make_actor())

    session().refresh(hold)
    assert hold.settle_at <= clock.now()


def test_what_is_set_is_what_is_available(database):
    product = make_product(on_hand=5)
    make_hold(product, 2)

    set_available(product.merchant_id, product.id, Level(10, seen=3), make_actor())
    session().commit()

    assert balances(product) == (12, 2, 0)


def test_stock_that_moved_since_it_was_seen_is_not_overwritten(database):
    product = make_product(on_hand=5)
    make_hold(product, 2)

    with pytest.raises(StockMoved) as refused:
        set_available(product.merchant_id, product.id, Level(10, seen=5), make_actor())

    assert refused.value.members["available"] == 3


def test_one_figure_does_not_say_which_of_several_cells(database):
    product = make_product(on_hand=5)
    make_cell(product, 1, location="attic")

    with pytest.raises(SeveralCells):
        set_available(product.merchant_id, product.id, Level(10), make_actor())


def test_an_empty_cell_elsewhere_does_not_matter(database):
    product = make_product(on_hand=0)
    make_cell(product, 4, location="attic")

    set_available(product.merchant_id, product.id, Level(10), make_actor())
    session().commit()

    assert balances(product) == (10, 0, 0)


def test_owed_units_are_not_hidden_by_one_figure(database):
    product = make_product(on_hand=1)
    make_hold(product, 4)

    with pytest.raises(UnitsOwed) as refused:
        set_available(product.merchant_id, product.id, Level(10), make_actor())

    assert refused.value.members["owed"] == 3
