"""The job of stock: holds move to where their units are and are settled there; what it costs and leaves alone."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from merchant_api.catalog.models import WhenShort
from merchant_api.core import clock
from merchant_api.core.actor import job
from merchant_api.core.db import session
from merchant_api.orders import relocate
from merchant_api.orders.due import settle_stock
from merchant_api.orders.figures import audit as strays
from merchant_api.orders.place.place import place
from merchant_api.orders.states import State
from merchant_api.orders.steps import allocate
from merchant_api.orders.steps.allocate import AllocationAsked
from merchant_api.stock import settle, transfer
from merchant_api.stock.adjust import Adjustment, adjust
from merchant_api.stock.ledger_models import LedgerRow
from merchant_api.stock.models import Hold, Location
from merchant_api.stock.places import Place
from merchant_api.stock.states import Reason
from merchant_api.stock.transfer import Transfer
from tests.make.orders import make_order, place_one, wanted
from tests.make.people import make_actor
from tests.make.snapshot import check_books
from tests.make.statements import statements_of
from tests.make.stock import make_cell, make_product

SELLER, SHED = make_actor(), "shed"


@pytest.fixture
def poster(database):
    """It lies nowhere, and may lie in the shed."""
    product = make_product(when_short=WhenShort.BACKORDER)
    make_cell(product, 0, location=SHED)
    return product


def change(product, units, location=SHED):
    by = {"increase": units} if units > 0 else {"decrease": -units}
    adjust(product.merchant_id, Adjustment(product.id, Reason.COUNT, location, **by), SELLER)
    session().commit()


def run(product):
    """The job on whatever is due; gives how many holds that was."""
    dues = (settle_stock.TO_MOVE, settle.DUE)
    ids = [each for due in dues for each in due.ids(product.merchant_id, clock.now(), 1000)]
    settle_stock.run(product.merchant_id, ids, job("tests"))
    session().commit()
    return len(ids)


def holds_of(order):
    """Place, units left and state of each hold, oldest first."""
    rows = (
        select(Location.name, Hold.quantity - Hold.back, Hold.state)
        .join(Location, (Location.merchant_id == Hold.merchant_id) & (Location.id == Hold.location_id))
        .where(Hold.merchant_id == order.merchant_id, Hold.order_id == order.id)
        .order_by(Hold.id)
    )
    return [(name, units, state.value) for name, units, state in session().execute(rows) if units]


def is_right(product):
    check_books(product.merchant_id)
    return strays.audit(product.merchant_id) == []


def test_a_backorder_gets_what_came_into_another_place_and_waits_for_the_rest(poster):
    order = place_one([(poster, 5)])
    change(poster, 3)

    run(poster)

    assert holds_of(order) == [("default", 2, "open"), (SHED, 3, "settled")]
    assert is_right(poster)


def test_the_ledger_tells_that_units_are_held_elsewhere(poster):
    place_one([(poster, 2)])
    change(poster, 2)
    run(poster)

    rows = select(LedgerRow.reason).where(LedgerRow.merchant_id == poster.merchant_id).order_by(LedgerRow.id)
    assert [reason.value for reason in session().execute(rows).scalars()] == [
        "held",
        "count",
        "released",
        "held",
        "sold",
    ]


def test_an_order_that_is_not_paid_keeps_its_units_where_they_were_found(database):
    mug = make_product(on_hand=3)
    make_cell(mug, 0, location=SHED)
    order = make_order(State.AWAITING_PAYMENT, [(mug, 3)])
    change(mug, -3, "default")
    change(mug, 3)

    assert run(mug) == 1
    assert holds_of(order) == [(SHED, 3, "open")]
    assert run(mug) == 0
    assert is_right(mug)


def test_units_that_are_carried_to_another_place_find_who_waits_there(poster):
    order = place_one([(poster, 2)])
    change(poster, 2)
    run(poster)
    later = place_one([(poster, 2)])
    make_cell(poster, 0, location="attic")
    change(poster, 1)
    wanted = Transfer(poster.id, Place(SHED), Place("attic"), 1)
    transfer.transfer(poster.merchant_id, wanted, SELLER)
    session().commit()

    run(poster)

    assert holds_of(order) == [(SHED, 2, "settled")]
    assert holds_of(later) == [("default", 1, "open"), ("attic", 1, "settled")]


def test_who_named_the_place_waits_there(poster):
    default = place_one([(poster, 1)])
    cell = session().execute(select(Hold.location_id).where(Hold.order_id == default.id)).scalar_one()
    placement = wanted([(poster, 2)])
    named = replace(placement, lines=(replace(placement.lines[0], location_id=cell),))
    (placed,) = place(poster.merchant_id, [named])
    change(poster, 3)

    run(poster)

    assert holds_of(default) == [(SHED, 1, "settled")]
    assert holds_of(placed.view.order) == [("default", 2, "open")]


def test_a_hold_that_a_member_placed_by_hand_stays_there(database):
    mug = make_product(on_hand=2)
    make_cell(mug, 2, location=SHED)
    order = make_order(State.AWAITING_PAYMENT, [(mug, 2)])
    allocate.allocate(mug.merchant_id, order.id, AllocationAsked(0, Place(SHED)), SELLER)
    session().commit()
    change(mug, -2)

    run(mug)

    assert holds_of(order) == [(SHED, 2, "open")]


def test_where_nothing_is_owed_the_job_costs_what_it_did(database):
    mug = make_product(on_hand=9)
    make_cell(mug, 9, location=SHED)
    place_one([(mug, 12)])
    ids = settle.DUE.ids(mug.merchant_id, clock.now(), 10)

    statements = statements_of(lambda: settle_stock.run(mug.merchant_id, ids, job("tests")))

    assert len(statements) == 5  # which products, their cells, the holds, what becomes of them, the books


def test_of_thousands_that_wait_no_more_is_read_than_there_are_units_for(poster, monkeypatch):
    monkeypatch.setattr(relocate, "PAGE", 2)
    orders = [place_one([(poster, 1)]) for _ in range(9)]
    change(poster, 3)
    ids = settle.DUE.ids(poster.merchant_id, clock.now(), 1)

    statements = statements_of(lambda: settle_stock.run(poster.merchant_id, ids, job("tests")))

    assert [holds_of(order)[0][2] for order in orders] == ["settled"] * 3 + ["open"] * 6
    assert sum("JOIN order_lines" in each for each in statements) == 1 + 2  # whether any may move, and two pages


def test_of_thousands_that_are_elsewhere_so_many_move_at_a_time_and_the_others_stay_due(poster, monkeypatch):
    monkeypatch.setattr(relocate, "MOST", 3)
    orders = [place_one([(poster, 1)]) for _ in range(8)]
    change(poster, 8)

    due = [run(poster), run(poster), run(poster), run(poster)]

    assert due == [8, 5, 2, 0]
    assert [holds_of(order)[-1] for order in orders] == [(SHED, 1, "settled")] * 8
    check_books(poster.merchant_id)
