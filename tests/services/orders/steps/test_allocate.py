"""A member moves an order's open hold: the units come from another cell, which must have them."""

import pytest
from sqlalchemy import select

from merchant_api.catalog.models import WhenShort
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.orders.errors import NothingHeld, NotOnShelf, UnknownLine
from merchant_api.orders.states import State
from merchant_api.orders.steps import allocate
from merchant_api.orders.steps.allocate import AllocationAsked
from merchant_api.stock.audit import audit
from merchant_api.stock.errors import InsufficientStock, NoSuchPlace
from merchant_api.stock.ledger_models import LedgerRow
from merchant_api.stock.models import Hold, Location
from merchant_api.stock.places import Place
from merchant_api.stock.states import HoldState
from tests.make.orders import make_order, place_one, settle_all
from tests.make.people import make_actor
from tests.make.stock import make_cell, make_product

ATTIC = Place("attic")


def to(order, place=ATTIC, line=0):
    shown = allocate.allocate(order.merchant_id, order.id, AllocationAsked(line, place), make_actor())
    session().commit()
    return shown


def holds_of(order, state=HoldState.OPEN):
    """The units that an order holds, by location."""
    rows = (
        select(Location.name, Hold.quantity)
        .join(Location, (Location.merchant_id == Hold.merchant_id) & (Location.id == Hold.location_id))
        .where(Hold.merchant_id == order.merchant_id, Hold.order_id == order.id, Hold.state == state)
    )
    return dict(session().execute(rows).all())


@pytest.fixture
def mug(fresh):
    """Five in the default cell, five in the attic."""
    product = make_product(on_hand=5)
    make_cell(product, 5, location="attic")
    return product


@pytest.mark.parametrize("state", [State.AWAITING_PAYMENT, State.CONFIRMED])
def test_a_hold_moves_whole_and_the_books_agree(mug, state):
    order = make_order(state, [(mug, 3)])

    shown = to(order)

    assert holds_of(order) == {"attic": 3}
    assert shown.lines[0].held == 3
    assert audit(mug.merchant_id).is_clean


def test_a_hold_spread_over_cells_comes_together(mug):
    make_cell(mug, 9, location="cellar")
    order = make_order(State.CONFIRMED, [(mug, 8)])

    to(order, Place("cellar"))

    assert holds_of(order) == {"cellar": 8}
    assert audit(mug.merchant_id).is_clean


def test_what_is_there_already_stays_and_only_the_rest_moves(mug):
    order = make_order(State.CONFIRMED, [(mug, 7)])
    rows = select(LedgerRow.id).where(LedgerRow.merchant_id == mug.merchant_id)
    before = len(session().execute(rows).all())

    with pytest.raises(InsufficientStock) as refused:
        to(order, Place())
    session().rollback()
    to(make_order(State.CONFIRMED, [(mug, 1)]))

    assert refused.value.members["available"] == 0
    assert holds_of(order) == {"default": 5, "attic": 2}
    assert len(session().execute(rows).all()) == before + 1


def test_a_unit_that_another_order_holds_is_not_taken(mug):
    others = [make_order(State.CONFIRMED, [(mug, 5)]) for _ in range(2)]
    make_cell(mug, 2, location="cellar")

    with pytest.raises(InsufficientStock):
        to(others[0], Place("cellar"))
    session().rollback()

    assert (holds_of(others[0]), holds_of(others[1])) == ({"default": 5}, {"attic": 5})


def test_the_new_hold_is_settled_in_its_cell(mug):
    order = make_order(State.CONFIRMED, [(mug, 3)])
    to(order)

    settle_all(order)

    assert holds_of(order, HoldState.SETTLED) == {"attic": 3}
    with pytest.raises(NothingHeld):
        to(order, Place())


def test_what_was_owed_is_allocated_to_stock_that_came_in(fresh):
    bowl = make_product(on_hand=1, when_short=WhenShort.BACKORDER)
    order = place_one([(bowl, 4)])
    make_cell(bowl, 4, location="attic")

    to(order)
    settle_all(order)

    assert holds_of(order, HoldState.SETTLED) == {"attic": 4}
    assert audit(bowl.merchant_id).is_clean


def test_units_that_an_older_order_is_owed_are_not_given_to_a_younger_one_by_hand(fresh):
    bowl = make_product(when_short=WhenShort.BACKORDER)
    older, younger = place_one([(bowl, 3)]), place_one([(bowl, 2)])
    make_cell(bowl, 3, location="attic")

    with pytest.raises(InsufficientStock) as refused:
        to(younger)
    session().rollback()
    settle_all(older)

    assert refused.value.members["available"] == 0
    assert holds_of(older, HoldState.SETTLED) == {"attic": 3}
    assert holds_of(younger) == {"default": 2}


@pytest.mark.parametrize("state", [State.PICKED_UP, State.DELIVERED, State.CANCELLED])
def test_what_left_the_shelf_is_not_allocated(mug, state):
    with pytest.raises(NotOnShelf):
        to(make_order(state, [(mug, 1)]))


def test_what_does_not_exist_is_refused(mug):
    order = make_order(State.CONFIRMED, [(mug, 1)])

    for line, place, refusal in ((1, ATTIC, UnknownLine), (0, Place("moon"), NoSuchPlace)):
        with pytest.raises(refusal):
            to(order, place, line)
        session().rollback()
    with pytest.raises(NotFound):
        allocate.allocate(make_product().merchant_id, order.id, AllocationAsked(0, ATTIC), make_actor())


def test_a_request_that_holds_nothing_has_nothing_to_allocate(mug):
    with pytest.raises(NothingHeld):
        to(make_order(State.REQUESTED, [(mug, 99)]))
