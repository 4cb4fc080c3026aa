"""What a channel shows of what is available: each rule, and that people and the database are told the same."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from merchant_api.catalog.models import Status
from merchant_api.channels import rules, shown
from merchant_api.channels.models import Channel
from merchant_api.core.db import session
from merchant_api.stock.models import Cell
from tests.make.channels import make_channel, make_listing
from tests.make.people import make_merchant
from tests.make.stock import make_cell, make_product

SETTINGS = st.fixed_dictionaries(
    {},
    optional={
        "buffer": st.none() | st.integers(0, 50),
        "percent": st.none() | st.integers(0, 100),
        "most": st.none() | st.integers(0, 60),
        "least": st.none() | st.integers(0, 20),
        "pack": st.none() | st.integers(1, 12),
    },
)


@pytest.mark.parametrize(
    ("available", "rule", "level"),
    [
        (10, {}, 10),
        (10, {"buffer": 3}, 7),
        (2, {"buffer": 3}, 0),
        (10, {"percent": 33}, 3),
        (10, {"percent": 0}, 0),
        (10, {"buffer": 1, "percent": 50}, 4),
        (10, {"pack": 4}, 8),
        (3, {"pack": 4}, 0),
        (100, {"most": 20}, 20),
        (100, {"most": 20, "pack": 6}, 18),
        (4, {"least": 5}, 0),
        (5, {"least": 5}, 5),
        (-2, {}, 0),
    ],
)
def test_a_level_is_what_is_available_by_the_rules_of_its_channel(available, rule, level):
    assert rules.level(available, rule) == level


@pytest.fixture
def shelf(database):
    """A channel that lists products of which there are few and many: the units of each."""
    merchant = make_merchant()
    channel = make_channel(merchant)
    products = {on_hand: make_product(merchant, on_hand) for on_hand in (0, 1, 5, 17, 100)}
    for product in products.values():
        make_listing(channel, product)
    return channel, {product.id: on_hand for on_hand, product in products.items()}


def levels_of(channel):
    return {each.product_id: each.level for each in shown.levels(channel.merchant_id, channel_id=channel.id)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rule=SETTINGS)
def test_the_database_follows_the_same_rules(shelf, rule):
    channel, units = shelf
    session().execute(update(Channel).where(Channel.merchant_id == channel.merchant_id).values(settings=rule))

    assert levels_of(channel) == {product_id: rules.level(on_hand, rule) for product_id, on_hand in units.items()}


@pytest.mark.parametrize("status", [Status.DRAFT, Status.ARCHIVED])
def test_a_product_that_is_not_published_sells_nothing(database, status):
    merchant = make_merchant()
    channel = make_channel(merchant)
    product = make_product(merchant, 5, status=status)
    make_listing(channel, product)

    assert levels_of(channel) == {product.id: 0}


@pytest.mark.parametrize("word", ["id", "name"])
def test_only_the_locations_that_feed_a_channel_count(database, word):
    merchant = make_merchant()
    product = make_product(merchant, 5)
    here = make_cell(product, 3, location="here")
    channel = make_channel(merchant, settings={"locations": [str(here.location_id) if word == "id" else "here"]})
    make_listing(channel, product)

    assert levels_of(channel) == {product.id: 3}


def test_a_channel_never_shows_more_than_all_locations_have_together(database):
    merchant = make_merchant()
    product = make_product(merchant, 0)
    here = make_cell(product, 5, location="here")
    session().execute(update(Cell).where(Cell.merchant_id == merchant.id, Cell.on_hand == 0).values(held=4))
    channel = make_channel(merchant, settings={"locations": [str(here.location_id)]})
    make_listing(channel, product)

    assert levels_of(channel) == {product.id: 1}
