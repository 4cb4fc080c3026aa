"""Placing: what an order meets on live stock, and what it does to it."""

import pytest

from merchant_api.catalog.models import Status, WhenShort
from merchant_api.core.actor import Role
from merchant_api.orders.errors import OverLimit, ProductNotForSale, UnknownProduct
from merchant_api.orders.states import State
from merchant_api.stock.errors import InsufficientStock
from tests.make.orders import make_order, place_one
from tests.make.people import make_actor, make_merchant
from tests.make.stock import balances, make_product


def test_an_order_that_stock_covers_is_confirmed_at_once_and_holds_its_units(database):
    product = make_product(on_hand=5)

    order = place_one([(product, 2)])

    assert order.state is State.CONFIRMED
    assert balances(product) == (5, 2, 0)


def test_an_order_that_stock_does_not_cover_becomes_a_request_and_holds_nothing(database):
    product = make_product(on_hand=2)

    order = place_one([(product, 5)])

    assert order.state is State.REQUESTED
    assert order.respond_by is not None
    assert balances(product) == (2, 0, 0)


def test_a_backorder_is_confirmed_and_makes_available_negative(database):
    product = make_product(on_hand=1, when_short=WhenShort.BACKORDER)

    order = place_one([(product, 4)])

    assert (order.state, order.mode) == (State.CONFIRMED, "backorder")
    assert balances(product) == (1, 4, 0)


def test_an_untracked_product_is_sold_without_touching_stock(database):
    product = make_product(is_tracked=False)

    order = place_one([(product, 7)])

    assert (order.state, order.mode) == (State.CONFIRMED, "untracked")
    assert balances(product) == (0, 0, 0)


def test_a_product_that_refuses_refuses_the_order_and_names_the_line(database):
    product = make_product(on_hand=1, when_short=WhenShort.REFUSE)

    with pytest.raises(InsufficientStock) as refused:
        place_one([(product, 2)])

    line = refused.value.members["lines"][0]
    assert (line["wanted"], line["available"]) == (2, 1)
    assert balances(product) == (1, 0, 0)


@pytest.mark.parametrize(("role", "refusal"), [(Role.CUSTOMER, UnknownProduct), (Role.CLERK, ProductNotForSale)])
@pytest.mark.parametrize("status", [Status.DRAFT, Status.ARCHIVED])
def test_a_product_that_is_not_published_takes_no_orders(database, status, role, refusal):
    product = make_product(on_hand=5, status=status)

    with pytest.raises(refusal):
        place_one([(product, 1)], make_actor(role))

    assert balances(product) == (5, 0, 0)


def test_a_limit_counts_all_lines_of_the_order(database):
    product = make_product(on_hand=9, max_quantity=3)

    with pytest.raises(OverLimit):
        place_one([(product, 2), (product, 2)])

    assert balances(product) == (9, 0, 0)


@pytest.mark.parametrize("state", list(State))
def test_an_order_can_come_to_every_state(database, state):
    merchant = make_merchant()
    needs_stock = state is State.AWAITING_PAYMENT
    product = make_product(merchant, on_hand=9 if needs_stock else 0)

    order = make_order(state, [(product, 2)])

    assert order.state is state
