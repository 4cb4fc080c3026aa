"""From which location an order takes its units: by preference, or the nearest to where it goes."""

import pytest
from sqlalchemy import select, update

from merchant_api.accounts.models import Allocation
from merchant_api.catalog.models import WhenShort
from merchant_api.core.db import session
from merchant_api.orders.steps import decide
from merchant_api.stock.models import Hold, Location
from tests.make.orders import place_one
from tests.make.people import make_actor, make_merchant
from tests.make.stock import make_cell, make_product

PLACES = {"default": (27.7, 85.3), "pokhara": (28.2, 84.0), "nowhere": None}
TO_POKHARA = {"latitude": 28.21, "longitude": 83.98}


@pytest.fixture
def merchant(database):
    return make_merchant(allocation=Allocation.NEAREST)


def stocked(merchant, on_hand=2, **columns):
    """A product with as many units at each place, `default` preferred."""
    product = make_product(merchant, on_hand=on_hand, **columns)
    for name, degrees in PLACES.items():
        if name != "default":
            make_cell(product, on_hand, location=name)
        if degrees is not None:
            there = update(Location).where(Location.merchant_id == merchant.id, Location.name == name)
            session().execute(there.values(latitude=degrees[0], longitude=degrees[1]))
    session().commit()
    return product


def taken(order):
    """The units that an order holds, by location."""
    rows = (
        select(Location.name, Hold.quantity)
        .join(Location, (Location.merchant_id == Hold.merchant_id) & (Location.id == Hold.location_id))
        .where(Hold.merchant_id == order.merchant_id, Hold.order_id == order.id)
    )
    return dict(session().execute(rows).all())


def test_units_come_from_the_nearest_location_first_and_then_from_the_next(merchant):
    product = stocked(merchant)

    order = place_one([(product, 5)], deliver_to=TO_POKHARA)

    assert taken(order) == {"pokhara": 2, "default": 2, "nowhere": 1}


@pytest.mark.parametrize("deliver_to", [None, {"city": "Pokhara"}, {"latitude": 28.2}])
def test_an_order_that_goes_nowhere_known_takes_by_preference(merchant, deliver_to):
    order = place_one([(stocked(merchant), 1)], deliver_to=deliver_to)

    assert taken(order) == {"default": 1}


def test_a_merchant_who_did_not_choose_so_takes_by_preference(database):
    merchant = make_merchant()

    order = place_one([(stocked(merchant), 1)], deliver_to=TO_POKHARA)

    assert taken(order) == {"default": 1}


def test_what_is_owed_is_held_at_the_nearest(merchant):
    product = stocked(merchant, on_hand=0, when_short=WhenShort.BACKORDER)

    order = place_one([(product, 3)], deliver_to=TO_POKHARA)

    assert taken(order) == {"pokhara": 3}


def test_accepting_a_request_takes_from_the_nearest_too(merchant):
    product = stocked(merchant, on_hand=1)
    order = place_one([(product, 4)], deliver_to=TO_POKHARA)
    make_cell(make_product(merchant), 1, location="pokhara")

    decide.accept(merchant.id, order.id, decide.Accept(), make_actor())

    assert taken(order) == {"pokhara": 1, "default": 1, "nowhere": 1}


def test_accepting_less_than_all_leaves_the_far_ones_alone(merchant):
    product = stocked(merchant, on_hand=1)
    orders = [place_one([(product, 4)], deliver_to=TO_POKHARA) for _ in range(2)]
    place_one([(product, 2)])

    decide.accept(merchant.id, orders[0].id, decide.Accept(), make_actor())

    assert taken(orders[0]) == {"nowhere": 1}
