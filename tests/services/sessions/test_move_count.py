"""A count in the wrong cell is moved to the right one, as if it had been entered there."""

import random

import pytest
from sqlalchemy import select

from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.core.ids import new_id
from merchant_api.stock import holds
from merchant_api.stock import session_proof as sessions
from merchant_api.stock.adjust import Adjustment, adjust
from merchant_api.stock.errors import BelowZero, NoSuchPlace, SamePlace
from merchant_api.stock.lock import lock_cells
from merchant_api.stock.sessions import as_of, change, move_count
from merchant_api.stock.sessions.errors import AlreadyWithdrawn, NoStagedSession
from merchant_api.stock.sessions.models import StagedCell
from merchant_api.stock.sessions.move_count import CountMove
from merchant_api.stock.sessions.states import CountKind, Moved
from merchant_api.stock.states import HoldState, Reason
from tests.make.holds import make_hold
from tests.make.people import make_actor, make_merchant
from tests.make.sessions import left, make_close, make_count, make_staged, settled
from tests.make.stock import balances, make_cell, make_product


@pytest.fixture
def shop(database):
    merchant = make_merchant()
    make_staged(merchant)
    return merchant


@pytest.fixture
def product(shop):
    return make_product(shop, on_hand=4)


@pytest.fixture
def attic(product):
    return make_cell(product, 10, location="attic")


def moved(row, location="attic", grade="default", comment=None):
    done = move_count.move(row.merchant_id, row.id, CountMove(location, grade, comment), make_actor())
    session().commit()
    return done


def adjusted(product, **wanted):
    row = change.adjust(product.merchant_id, Adjustment(product.id, Reason.CORRECTION, **wanted), make_actor())
    session().commit()
    return row


def sold(product, cell, quantity):
    return settled(make_hold(product, quantity, settle_at=clock.now(), cell=cell))


def brought_back(row):
    book = lock_cells(row.merchant_id, [row.cell])
    holds.release(book, holds.by_id(row.merchant_id, [row.id]), make_actor())
    book.write()
    session().commit()


def holding(product):
    """What is counted of the product, by location."""
    rows = select(StagedCell.location_id, StagedCell.quantity).where(
        StagedCell.merchant_id == product.merchant_id, StagedCell.product_id == product.id
    )
    return {row[0]: row[1] for row in session().execute(rows)}


def on_hand(cell):
    session().refresh(cell)
    return cell.on_hand


def test_the_units_are_withdrawn_there_and_counted_here(product, attic):
    wrong = make_count(product, 9, comment="top shelf", moved=Moved.IGNORE)

    done = moved(wrong)

    assert (done.withdrawn.kind, done.withdrawn.withdraws) == (CountKind.WITHDRAWAL, wrong.id)
    assert done.withdrawn.quantity is None
    assert (done.counted.kind, done.counted.quantity, done.counted.moved) == (CountKind.COUNT, 9, Moved.IGNORE)
    assert holding(product) == {attic.location_id: 9}
    assert sessions.counted(product.merchant_id) == []


def test_each_row_names_the_other_and_keeps_what_was_said(product, attic):
    wrong = make_count(product, 9, comment="top shelf")

    silent = moved(wrong)
    told = moved(silent.counted, location="default", comment="no, it was right")

    assert silent.withdrawn.comment == f"moved to attic, default: count {silent.counted.id}"
    assert silent.counted.comment == f"moved from default, default: count {wrong.id}; top shelf"
    assert told.withdrawn.comment == f"moved to default, default: count {told.counted.id}; no, it was right"
    assert told.counted.comment.endswith(f"count {silent.counted.id}; no, it was right")


def test_what_was_counted_before_holds_again_in_the_wrong_cell_and_the_moved_count_in_the_right_one(product, attic):
    make_count(product, 3)
    wrong = make_count(product, 9)
    make_count(product, 8, location="attic")

    moved(wrong)

    assert holding(product) == {wrong.location_id: 3, attic.location_id: 9}


def test_a_cell_that_is_not_there_yet_is_made(shop, product):
    make_cell(make_product(shop), 0, location="cellar")

    done = moved(make_count(product, 9), location="cellar")

    assert (done.counted.read_seq, done.counted.read_on_hand, done.counted.unpicked) == (0, 0, 0)
    make_close(shop)
    assert balances(product) == (4 + 9, 0, 0)


def test_units_that_left_the_right_shelf_since_they_were_counted_are_not_put_back(shop, product, attic):
    wrong = make_count(product, 10)
    left(sold(product, attic, 3))

    moved(wrong)
    make_close(shop)

    assert on_hand(attic) == 7


def test_units_that_were_sold_before_and_left_since_are_not_counted_twice(shop, product, attic):
    hold = sold(product, attic, 2)
    wrong = make_count(product, 10)
    left(hold)

    done = moved(wrong)
    make_close(shop)

    assert done.counted.unpicked == 2
    assert on_hand(attic) == 8


def test_units_that_came_back_since_are_there_again(shop, product, attic):
    hold = left(sold(product, attic, 2))
    wrong = make_count(product, 8)
    brought_back(hold)

    moved(wrong)
    make_close(shop)

    assert on_hand(attic) == 10


@pytest.mark.parametrize("seed", range(8))
def test_what_a_cell_held_when_it_was_counted_can_be_told_later(product, attic, seed):
    dice, open_holds = random.Random(seed), []
    counted = []
    for _ in range(40):
        _anything(dice, product, attic, open_holds)
        if dice.random() < 0.2:
            counted.append(make_count(product, 5, location="attic"))

    for row in counted:
        seen = as_of.seen(product.merchant_id, attic.key, row)
        assert (seen.seq, seen.on_hand, seen.unpicked) == (row.read_seq, row.read_on_hand, row.unpicked)


def _anything(dice, product, attic, rows):
    """One thing that happens to stock: something is sold, taken along, called off, brought back or received."""
    what = dice.choice(("hold", "hold", "settle", "leave", "give back", "receive"))
    if what == "hold":
        rows.append(make_hold(product, dice.randint(1, 2), settle_at=clock.now(), cell=attic))
    elif what == "receive":
        adjust(
            product.merchant_id,
            Adjustment(product.id, Reason.RECEIVED, "attic", increase=dice.randint(1, 3)),
            make_actor(),
        )
        session().commit()
    elif rows:
        row = dice.choice(rows)
        session().refresh(row)
        if what == "settle":
            settled(row)
        elif what == "leave":
            left(row)
        elif row.state in (HoldState.OPEN, HoldState.SETTLED):
            brought_back(row)


@pytest.mark.parametrize(("change", "units"), [({"increase": 3}, 13), ({"decrease": 2}, 8)])
def test_a_change_is_moved_with_its_direction_and_reason(product, attic, change, units):
    wrong = adjusted(product, **change, comment="behind the door")

    done = moved(wrong)

    assert holding(product) == {attic.location_id: units}
    assert (done.counted.kind, done.counted.change, done.counted.reason) == (wrong.kind, wrong.change, wrong.reason)
    assert done.counted.comment.endswith("; behind the door")


def test_a_decrease_is_not_moved_to_where_nothing_can_be_taken(shop, product):
    make_cell(make_product(shop), 0, location="cellar")
    wrong = adjusted(product, decrease=1)

    with pytest.raises(BelowZero):
        moved(wrong, location="cellar")


def test_a_count_that_a_later_decrease_needs_stays(product, attic):
    wrong = make_count(product, 9)
    adjusted(product, decrease=6)

    with pytest.raises(BelowZero):
        moved(wrong)


def test_a_count_is_moved_once_and_a_withdrawal_never(product, attic):
    wrong = make_count(product, 9)
    done = moved(wrong)

    with pytest.raises(AlreadyWithdrawn):
        moved(wrong)
    session().rollback()
    with pytest.raises(NotFound):
        moved(done.withdrawn)


def test_a_count_is_moved_to_another_place_that_exists(product, attic):
    wrong = make_count(product, 9)

    with pytest.raises(SamePlace):
        moved(wrong, location="default")
    with pytest.raises(NoSuchPlace):
        moved(wrong, location="nowhere")


def test_only_counts_of_the_staged_session_are_moved(shop, product, attic):
    wrong = make_count(product, 9)
    make_close(shop)

    with pytest.raises(NotFound):
        moved(wrong)


def test_without_a_staged_session_nothing_is_moved(database):
    other = make_merchant()

    with pytest.raises(NoStagedSession):
        move_count.move(other.id, new_id(), CountMove("attic", "default"), make_actor())
