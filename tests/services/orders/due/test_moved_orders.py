"""Orders whose units lie, or were found, in another place: their courier, and what leaves without going back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from jobs.timetable import routine
from merchant_api.catalog.models import WhenShort
from merchant_api.core import clock
from merchant_api.core.actor import job
from merchant_api.core.db import session
from merchant_api.orders.due import settle_stock
from merchant_api.orders.steps import cancel
from merchant_api.orders.steps.reduce import Part
from merchant_api.stock import short
from merchant_api.stock.adjust import Adjustment, adjust
from merchant_api.stock.models import Cell, Hold
from merchant_api.stock.states import Reason
from tests.make.orders import events_of, place_one
from tests.make.people import make_actor
from tests.make.snapshot import check_books
from tests.make.stock import make_cell, make_product

SELLER, SHED = make_actor(), "shed"


def make_poster():
    product = make_product(when_short=WhenShort.BACKORDER)
    make_cell(product, 0, location=SHED)
    return product


def receive(product, units):
    adjust(product.merchant_id, Adjustment(product.id, Reason.RECEIVED, SHED, increase=units), SELLER)
    session().commit()


def on_hand(product):
    rows = select(Cell.on_hand).where(Cell.merchant_id == product.merchant_id, Cell.product_id == product.id)
    return sum(session().execute(rows).scalars())


def test_an_order_that_was_moved_with_another_ones_hold_is_looked_at_in_the_next_run(fresh):
    poster = make_poster()
    first, second = place_one([(poster, 2)]), place_one([(poster, 2)])
    routine("settle_stock").run()
    with clock.clock.pinned(clock.now() + timedelta(seconds=1)):
        routine("ask_pickup").run()
        receive(poster, 4)
        row = session().execute(select(Hold.id).where(Hold.merchant_id == first.merchant_id, Hold.order_id == first.id))
        settle_stock.run(poster.merchant_id, [row.scalar_one()], job("tests"))
        session().commit()

        routine("ask_pickup").run()

    assert [event.type for event in events_of(second)].count("order.pickup_requested") == 1


def test_an_order_counts_as_owed_while_its_product_owes_in_any_place(database):
    poster = make_poster()
    place_one([(poster, 2)])
    receive(poster, 3)
    younger = place_one([(poster, 1)])

    assert short.is_owed(younger.merchant_id, younger.id)


@pytest.mark.parametrize("parts", [(), (1,)])
def test_what_shall_not_go_back_stays_out_wherever_it_lies(database, parts):
    poster = make_poster()
    order = place_one([(poster, 2)])
    receive(poster, 2)
    lines = [Part(0, units) for units in parts]

    cancel.cancel(poster.merchant_id, order.id, cancel.Cancel("broken", restock=False, lines=lines), SELLER)

    assert on_hand(poster) == (1 if parts else 0)
    check_books(poster.merchant_id)
