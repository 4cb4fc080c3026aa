"""Counting into the staged session."""

import pytest
from sqlalchemy import select

from merchant_api.catalog.errors import NoSuchProduct
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.stock.adjust import Adjustment
from merchant_api.stock.errors import BelowZero, NoSuchPlace, NotTracked
from merchant_api.stock.ledger import TooManyUnits
from merchant_api.stock.sessions import change, start
from merchant_api.stock.sessions import count as counting
from merchant_api.stock.sessions.count import CellCount
from merchant_api.stock.sessions.errors import AlreadyWithdrawn, NoStagedSession, SessionStaged
from merchant_api.stock.sessions.models import Count, StagedCell
from merchant_api.stock.sessions.states import CountKind
from merchant_api.stock.states import Reason
from tests.make.holds import make_hold
from tests.make.people import make_actor, make_merchant
from tests.make.sessions import figures, left, make_close, make_count, make_staged, settled
from tests.make.stock import make_cell, make_product


@pytest.fixture
def shop(database):
    merchant = make_merchant()
    make_staged(merchant)
    return merchant


def adjusted(product, **wanted):
    row = change.adjust(product.merchant_id, Adjustment(product.id, Reason.CORRECTION, **wanted), make_actor())
    session().commit()
    return row


def withdrawn(row):
    said = change.withdraw(row.merchant_id, row.id, make_actor())
    session().commit()
    return said


def holding(product):
    """The counts that hold of the product's cells: units, and the row that they stem from."""
    rows = select(StagedCell.quantity, StagedCell.count_id).where(
        StagedCell.merchant_id == product.merchant_id, StagedCell.product_id == product.id
    )
    return [tuple(row) for row in session().execute(rows)]


def test_only_one_session_is_staged_at_a_time(shop):
    with pytest.raises(SessionStaged):
        start.start(shop.id, make_actor())


def test_without_a_staged_session_nothing_can_be_counted(database):
    with pytest.raises(NoStagedSession):
        make_count(make_product(), 5)


def test_a_count_remembers_the_live_cell_and_what_is_sold_but_on_the_shelf(shop):
    product = make_product(shop, on_hand=20)
    settled(make_hold(product, 5, settle_at=clock.now()))
    left(settled(make_hold(product, 3, settle_at=clock.now())))
    left(make_hold(product, 1, settle_at=clock.now()))

    row = make_count(product, 16)

    assert (row.kind, row.quantity, row.read_on_hand, row.read_seq) == (CountKind.COUNT, 16, 12, 6)
    assert row.unpicked == 5 - 1


def test_the_later_count_of_a_cell_holds_and_the_log_keeps_both(shop):
    product = make_product(shop)
    first, second = make_count(product, 5), make_count(product, 7)

    logged = session().execute(select(Count.id).where(Count.merchant_id == shop.id).order_by(Count.id)).scalars()

    assert holding(product) == [(7, second.id)]
    assert list(logged) == [first.id, second.id]


def test_a_cell_that_is_counted_first_is_made(shop):
    product = make_product(shop, on_hand=2)
    make_cell(make_product(shop), 0, "cellar")

    row = make_count(product, 4, location="cellar")

    assert (row.read_seq, row.read_on_hand) == (0, 0)
    assert sorted(figures(product)) == [(0, 0), (2, 0)]


def test_of_a_cell_named_twice_in_one_go_the_later_count_holds(shop):
    product = make_product(shop)
    cell = make_count(product, 1)
    key = (cell.product_id, cell.location_id, cell.grade_id)

    ids = counting.count_cells(shop.id, [CellCount(key, 2), CellCount(key, 3)], make_actor())

    assert holding(product) == [(3, ids[1])]


def test_what_cannot_be_counted_is_refused(shop):
    with pytest.raises(NotTracked):
        make_count(make_product(shop, is_tracked=False), 1)
    with pytest.raises(NoSuchPlace):
        make_count(make_product(shop), 1, location="nowhere")
    with pytest.raises(NoSuchProduct):
        counting.count(shop.id, counting.NewCount(make_product().id, 1), make_actor())


def test_an_increase_of_a_counted_cell_builds_on_the_count(shop):
    product = make_product(shop, on_hand=20)
    settled(make_hold(product, 5, settle_at=clock.now()))
    counted = make_count(product, 10)

    row = adjusted(product, increase=3, comment="a box behind the door")

    assert holding(product) == [(13, row.id)]
    assert (row.kind, row.change, row.quantity, row.reason) == (CountKind.INCREASE, 3, 13, Reason.CORRECTION)
    assert (row.read_seq, row.unpicked) == (counted.read_seq, 5)


def test_a_decrease_of_a_cell_not_counted_starts_from_its_live_figure(shop):
    product = make_product(shop, on_hand=20)
    settled(make_hold(product, 5, settle_at=clock.now()))

    row = adjusted(product, decrease=2)

    assert (row.kind, row.change, row.quantity, row.unpicked) == (CountKind.DECREASE, -2, 13, 0)
    make_close(shop)
    assert figures(product) == [(13, 0)]


def test_a_new_total_is_a_count_with_a_reason(shop):
    product = make_product(shop, on_hand=20)

    row = adjusted(product, quantity=4)

    assert (row.kind, row.quantity, row.reason) == (CountKind.COUNT, 4, Reason.CORRECTION)
    assert holding(product) == [(4, row.id)]


def test_a_change_never_leads_below_nothing_or_above_the_limit(shop):
    product = make_product(shop, on_hand=2)
    with pytest.raises(BelowZero):
        adjusted(product, decrease=3)
    make_count(product, 999_999)

    with pytest.raises(TooManyUnits):
        adjusted(product, increase=2)


def test_a_withdrawn_count_falls_back_to_the_one_before(shop):
    product = make_product(shop)
    first, second = make_count(product, 5), make_count(product, 7)

    said = withdrawn(second)

    assert holding(product) == [(5, first.id)]
    assert (said.kind, said.withdraws, said.quantity) == (CountKind.WITHDRAWAL, second.id, 5)


def test_without_any_count_left_the_cell_is_not_counted(shop):
    product = make_product(shop, on_hand=3)
    said = withdrawn(make_count(product, 5))

    assert holding(product) == []
    assert said.quantity is None


def test_a_change_outlives_the_count_it_was_made_on(shop):
    product = make_product(shop, on_hand=20)
    counted = make_count(product, 10)
    row = adjusted(product, increase=3)

    withdrawn(counted)

    assert holding(product) == [(23, row.id)]


def test_a_count_that_a_decrease_needs_is_not_withdrawn(shop):
    product = make_product(shop, on_hand=1)
    counted = make_count(product, 10)
    adjusted(product, decrease=3)

    with pytest.raises(BelowZero):
        withdrawn(counted)


def test_a_count_without_which_later_changes_come_to_too_many_is_not_withdrawn(shop):
    product = make_product(shop, on_hand=1_000_000)
    counted = make_count(product, 10)
    adjusted(product, increase=3)

    with pytest.raises(TooManyUnits):
        withdrawn(counted)


def test_a_count_is_withdrawn_once_and_a_withdrawal_never(shop):
    product = make_product(shop)
    row = make_count(product, 5)
    said = withdrawn(row)

    with pytest.raises(AlreadyWithdrawn):
        withdrawn(row)
    with pytest.raises(NotFound):
        withdrawn(said)


def test_a_count_of_an_earlier_session_is_not_withdrawn(shop):
    product = make_product(shop)
    row = make_count(product, 5)
    make_close(shop)

    with pytest.raises(NotFound):
        withdrawn(row)
