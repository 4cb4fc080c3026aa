"""A backorder for a place where its product never lay: its cell is made before it is placed."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from merchant_api.catalog.models import WhenShort
from merchant_api.core.db import session
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import Refused
from merchant_api.stock.models import Cell
from tests.make.orders import wanted
from tests.make.people import make_merchant
from tests.make.snapshot import check_books
from tests.make.statements import statements_of
from tests.make.stock import make_cell, make_product


@pytest.fixture
def shop(database):
    """Something else lies in the shed, worn."""
    merchant = make_merchant()
    merchant.shed = make_cell(make_product(merchant), 1, location="shed", grade="worn")
    return merchant


def order_at(product, units, **named):
    """What comes of wanting units from a location or in a grade."""
    placement = wanted([(product, units)])
    return place(product.merchant_id, [replace(placement, lines=(replace(placement.lines[0], **named),))])[0]


def cells_of(product):
    """held by location and grade."""
    rows = select(Cell).where(Cell.merchant_id == product.merchant_id, Cell.product_id == product.id)
    return {(cell.location_id, cell.grade_id): cell.held for cell in session().execute(rows).scalars()}


def test_what_is_not_named_is_the_first_of_its_kind(shop):
    poster = make_product(shop, on_hand=4, when_short=WhenShort.BACKORDER)
    ((location_id, grade_id),) = cells_of(poster)

    order_at(poster, 2, location_id=shop.shed.location_id)
    order_at(poster, 3, grade_id=shop.shed.grade_id)

    assert cells_of(poster) == {
        (location_id, grade_id): 0,
        (shop.shed.location_id, grade_id): 2,
        (location_id, shop.shed.grade_id): 3,
    }
    check_books(shop.id)


@pytest.mark.parametrize("when_short", [WhenShort.ASK, WhenShort.REFUSE])
def test_who_is_not_owed_anything_there_makes_no_cell(shop, when_short):
    mug = make_product(shop, on_hand=4, when_short=when_short)

    result = order_at(mug, 2, location_id=shop.shed.location_id)

    assert isinstance(result, Refused) == (when_short is WhenShort.REFUSE)
    assert len(cells_of(mug)) == 1


def test_a_refused_order_makes_no_cell(shop):
    poster = make_product(shop, when_short=WhenShort.BACKORDER, max_quantity=1)

    assert isinstance(order_at(poster, 2, location_id=shop.shed.location_id), Refused)
    assert len(cells_of(poster)) == 1


def test_only_the_first_order_for_a_place_costs_more(shop):
    poster, location_id = make_product(shop, when_short=WhenShort.BACKORDER), shop.shed.location_id
    placement = wanted([(poster, 1)])
    placement = replace(placement, lines=(replace(placement.lines[0], location_id=location_id),))
    merchant_id = shop.id

    first, second = (statements_of(lambda: place(merchant_id, [placement])) for _ in range(2))

    assert (len(first), len(second)) == (1 + 3 + 2, 2)  # looked, made the cell, and placed
