"""Levels of a real Vendure, through our connector: what its facts say of them, each seen there."""

import pytest

from merchant_api.channels.shop_levels import Acknowledged, ItemGone, ItemRef, ItemRefused, LevelWanted
from tests.shops import vendure_asks as asks
from tests.shops.vendure_driver import VendureDriver, level_of, set_level

pytestmark = pytest.mark.xdist_group("vendure")


@pytest.fixture
def driver(vendure: VendureDriver) -> VendureDriver:
    """The shop."""
    return vendure


def test_what_is_set_is_sold_beside_what_the_shop_has_promised(driver: VendureDriver):
    mug = driver.add_item("MUG", "Mug", 10)
    driver.order({mug: 4})

    outcome = set_level(driver, mug, 5)

    assert isinstance(outcome, Acknowledged)
    assert (outcome.level, outcome.stands) == (5, 9)
    assert driver.level(mug) == 5


def test_a_threshold_of_the_item_is_added_to_what_is_set(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    driver.set_variant(mug, outOfStockThreshold=3, useGlobalOutOfStockThreshold=False)

    before = level_of(driver, mug)
    set_level(driver, mug, 5)

    assert (before.sells, before.stands) == (7, 10)
    assert driver.level(mug) == 5


def test_a_threshold_below_zero_lets_the_shop_sell_what_it_shall_and_no_more(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    driver.set_variant(mug, outOfStockThreshold=-5, useGlobalOutOfStockThreshold=False)

    set_level(driver, mug, 0)

    assert driver.level(mug) == 0


def test_the_threshold_of_the_whole_shop_holds_for_items_without_their_own(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    driver.api.admin(asks.SET_GLOBALS, input={"outOfStockThreshold": 2})

    before = level_of(driver, mug)
    set_level(driver, mug, 5)
    sold = driver.level(mug)
    driver.api.admin(asks.SET_GLOBALS, input={"outOfStockThreshold": 0})

    assert (before.sells, sold) == (8, 5)


def test_an_item_whose_stock_is_not_tracked_is_told_and_not_counted(driver):
    mug, bowl = driver.add_item("MUG", "Mug", 10), driver.add_item("BOWL", "Bowl", 10)
    driver.set_variant(mug, trackInventory="FALSE")

    refused, sent = driver.open().set_levels([LevelWanted(ItemRef(mug), 5), LevelWanted(ItemRef(bowl), 5)])

    assert isinstance(refused, ItemRefused)
    assert refused.is_ignored
    assert "does not count stock" in refused.why
    assert isinstance(sent, Acknowledged)
    assert (level_of(driver, mug).sells, level_of(driver, mug).why) == (None, refused.why)


def test_an_item_that_inherits_no_tracking_is_not_counted(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    driver.api.admin(asks.SET_GLOBALS, input={"trackInventory": False})

    seen = level_of(driver, mug)
    driver.api.admin(asks.SET_GLOBALS, input={"trackInventory": True})

    assert seen.sells is None


@pytest.mark.parametrize("nonsense", ["no-such", "1.5", "99999999999999", ""])
def test_a_listing_that_can_be_no_item_of_the_shop_is_gone_and_holds_up_no_other(driver, nonsense):
    mug = driver.add_item("MUG", "Mug", 10)

    gone, sent = driver.open().set_levels([LevelWanted(ItemRef(nonsense), 5), LevelWanted(ItemRef(mug), 5)])

    assert isinstance(gone, ItemGone)
    assert isinstance(sent, Acknowledged)


def test_an_item_of_a_product_that_was_deleted_is_gone(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    product = driver.stock(mug)["product"]["id"]
    driver.api.admin(asks.REMOVE_PRODUCT, id=product)

    assert isinstance(set_level(driver, mug, 5), ItemGone)
