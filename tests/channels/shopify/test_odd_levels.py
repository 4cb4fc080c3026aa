"""Levels of several places, below zero, of ids written by hand, and more of them than Shopify answers at once."""

import pytest

from merchant_api.channels.faults import ShopOdd
from merchant_api.channels.shop_levels import Acknowledged, ItemGone, ItemRef, LevelWanted, ShopLevel
from tests.channels.shopify.driver import ShopifyDriver
from tests.channels.shopify.stand_in_goods import MAIN, SECOND


def test_each_row_goes_to_its_own_place(driver: ShopifyDriver):
    driver.trade.goods.places[SECOND] = ("Lake side", True)
    mug = driver.add_item("MUG", "Mug", level=10)
    driver.trade.goods.item(mug).available[SECOND] = 7

    outcomes = driver.open().set_levels([LevelWanted(ItemRef(mug, MAIN), 1), LevelWanted(ItemRef(mug, SECOND), 2)])

    assert [type(outcome) for outcome in outcomes] == [Acknowledged, Acknowledged]
    assert driver.trade.goods.item(mug).available == {MAIN: 1, SECOND: 2}


def test_a_shop_that_oversold_is_read_below_zero_and_set_to_zero(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=1)
    driver.order({mug: 3})

    [read] = driver.open().read_levels([ItemRef(mug)])
    driver.open().set_levels([LevelWanted(ItemRef(mug), 0)])

    assert isinstance(read, ShopLevel)
    assert (read.sells, driver.level(mug)) == (-2, 0)


def test_an_item_may_be_named_by_its_number(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=10)
    by_number = ItemRef(mug.rpartition("/")[2])

    [outcome] = driver.open().set_levels([LevelWanted(by_number, 4)])

    assert isinstance(outcome, Acknowledged)
    assert (outcome.ref, driver.level(mug)) == (by_number, 4)


def test_an_id_that_is_none_makes_no_fault_of_the_others(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=10)

    read = driver.open().read_levels([ItemRef("gid://shopify/InventoryItem/abc"), ItemRef(mug)])

    assert [type(each) for each in read] == [ItemGone, ShopLevel]


def test_levels_that_cost_too_much_together_are_read_in_parts_and_the_size_is_kept(driver: ShopifyDriver):
    driver.shop.graph.dearest = 70
    refs = [ItemRef(driver.add_item(f"S{number}", "Mug", level=number)) for number in range(40)]

    for _ in range(2):
        read = driver.open(location=MAIN).read_levels(refs)

    assert [each.sells for each in read] == list(range(40))
    assert len(driver.shop.asked) == 1 + 2 + 2


def test_where_one_is_too_much_it_is_told(driver: ShopifyDriver):
    driver.shop.graph.dearest = 0
    mug = driver.add_item("MUG", "Mug", level=10)

    with pytest.raises(ShopOdd, match="cost"):
        driver.open(location=MAIN).read_levels([ItemRef(mug)])
