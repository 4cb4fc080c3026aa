"""Cancelling without restock sells what was this order's, never what an older order was promised."""

from merchant_api.catalog.models import WhenShort
from merchant_api.core.db import session
from merchant_api.orders.steps import cancel
from tests.make.orders import place_one
from tests.make.people import make_actor
from tests.make.stock import balances, make_product


def test_a_newer_backorder_that_is_written_off_leaves_the_older_orders_units_alone(database):
    product = make_product(on_hand=2, when_short=WhenShort.BACKORDER)
    place_one([(product, 2)])
    newer = place_one([(product, 2)])

    cancel.cancel(newer.merchant_id, newer.id, cancel.Cancel("broken", restock=False), make_actor())
    session().commit()

    assert balances(product) == (2, 2, 0)


def test_units_of_an_order_that_is_written_off_are_sold_though_nothing_goes_back(database):
    product = make_product(on_hand=5)
    order = place_one([(product, 2)])

    cancel.cancel(order.merchant_id, order.id, cancel.Cancel("broken", restock=False), make_actor())
    session().commit()

    assert balances(product) == (3, 0, 2)
