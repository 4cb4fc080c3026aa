"""Batches: Shopify refuses all rows for one bad one, and the good ones arrive all the same."""

import pytest

from merchant_api.channels.faults import ShopOdd
from merchant_api.channels.shop_levels import Acknowledged, ItemLater, ItemRef, ItemRefused, LevelWanted, Overtaken
from tests.channels.shopify.driver import ShopifyDriver
from tests.channels.shopify.stand_in_goods import MAIN


def wanted(driver: ShopifyDriver, *levels: int) -> list[LevelWanted]:
    return [LevelWanted(ItemRef(driver.add_item(f"S{n}", "Mug", 50)), level) for n, level in enumerate(levels)]


def test_rows_of_a_batch_are_set_in_one_call(driver: ShopifyDriver):
    outcomes = driver.open().set_levels(wanted(driver, 1, 2, 3))

    assert [type(outcome) for outcome in outcomes] == [Acknowledged] * 3
    assert driver.shop.asked.count("SetLevels") == 1


def test_a_bundle_is_refused_and_its_batch_goes_on(driver: ShopifyDriver):
    rows = wanted(driver, 1, 2, 3)
    driver.trade.goods.item(rows[1].ref.shop_id).is_mutable = False

    outcomes = driver.open().set_levels(rows)

    assert [type(outcome) for outcome in outcomes] == [Acknowledged, ItemRefused, Acknowledged]
    assert "pause" in outcomes[1].why


@pytest.mark.parametrize(("level", "word"), [(-1, "below zero"), (1_000_000_001, "above 1,000,000,000")])
def test_a_level_that_shopify_takes_not_is_refused_alone(driver: ShopifyDriver, level: int, word: str):
    outcomes = driver.open().set_levels(wanted(driver, 1, level))

    assert isinstance(outcomes[0], Acknowledged)
    assert isinstance(outcomes[1], ItemRefused)
    assert word in outcomes[1].why


def test_one_that_was_sold_meanwhile_holds_up_nobody(driver: ShopifyDriver):
    rows = wanted(driver, 1, 2)
    driver.shop.graph.stock.sales_between.append((driver.trade.goods.item(rows[0].ref.shop_id), 1))

    outcomes = driver.open().set_levels(rows)

    assert [type(outcome) for outcome in outcomes] == [Overtaken, Acknowledged]


def test_a_bad_row_that_is_not_named_is_found_by_halves(driver: ShopifyDriver):
    driver.shop.graph.stock.says_where = False
    rows = wanted(driver, 1, 2, 3, 4)
    driver.trade.goods.item(rows[2].ref.shop_id).is_mutable = False

    outcomes = driver.open().set_levels(rows)

    assert [type(outcome) for outcome in outcomes] == [Acknowledged, Acknowledged, ItemRefused, Acknowledged]


def test_a_batch_of_bad_rows_ends_and_what_is_left_is_tried_later(driver: ShopifyDriver):
    driver.shop.graph.stock.says_where = False
    rows = wanted(driver, *range(1, 31))
    for row in rows:
        driver.trade.goods.item(row.ref.shop_id).is_mutable = False

    outcomes = driver.open().set_levels(rows)

    assert {type(outcome) for outcome in outcomes} == {ItemRefused, ItemLater}
    assert driver.shop.asked.count("SetLevels") <= 12


def test_the_same_row_twice_is_sent_once_with_its_last_level(driver: ShopifyDriver):
    [row] = wanted(driver, 1)

    outcomes = driver.open().set_levels([row, LevelWanted(row.ref, 4)])

    assert [type(outcome) for outcome in outcomes] == [Acknowledged, Acknowledged]
    assert driver.shop.graph.stock.set == [[(row.ref.shop_id, 4)]]


def test_a_location_that_is_no_more_is_told_of_the_shop(driver: ShopifyDriver):
    rows = wanted(driver, 1)
    driver.trade.goods.places = {"gid://shopify/Location/9": ("Lake side", True)}

    with pytest.raises(ShopOdd):
        driver.open(location=MAIN).set_levels(rows)


def test_a_location_that_was_closed_is_no_fault_of_the_items(driver: ShopifyDriver):
    rows = wanted(driver, 1, 2)
    driver.trade.goods.places = {MAIN: ("Main street", False)}
    for row in rows:
        driver.trade.goods.item(row.ref.shop_id).available.clear()

    with pytest.raises(ShopOdd, match="no open location"):
        driver.open(location=MAIN).set_levels(rows)
