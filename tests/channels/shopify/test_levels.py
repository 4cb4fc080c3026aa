"""Levels: what is set is what the shop sells, and what nobody sold in between."""

from merchant_api.channels.kinds.shopify.read_levels import NOT_COUNTED, NOT_STOCKED
from merchant_api.channels.shop_levels import (
    Acknowledged,
    ItemGone,
    ItemRef,
    ItemRefused,
    LevelWanted,
    Overtaken,
    ShopLevel,
)
from tests.channels.shopify.driver import ShopifyDriver
from tests.channels.shopify.stand_in_goods import SECOND


def wanted(shop_id: str, level: int) -> LevelWanted:
    return LevelWanted(ItemRef(shop_id), level)


def test_what_is_set_is_what_the_shop_sells_whatever_it_has_promised(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=10)
    driver.order({mug: 3})

    [outcome] = driver.open().set_levels([wanted(mug, 5)])

    assert isinstance(outcome, Acknowledged)
    assert (outcome.level, outcome.stands, driver.level(mug)) == (5, 5, 5)


def test_what_is_promised_is_read_beside_what_is_sold(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=10)
    driver.order({mug: 3})

    assert driver.open().read_levels([ItemRef(mug)]) == [ShopLevel(ItemRef(mug), sells=7, stands=7, reserved=3)]


def test_a_sale_between_reading_and_setting_is_not_wiped(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=10)
    driver.shop.graph.stock.sales_between.append((driver.trade.goods.item(mug), 2))

    [outcome] = driver.open().set_levels([wanted(mug, 5)])

    assert isinstance(outcome, Overtaken)
    assert driver.level(mug) == 8


def test_what_was_overtaken_is_set_on_what_is_read_then_under_another_key(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=10)
    driver.shop.graph.stock.sales_between.append((driver.trade.goods.item(mug), 2))
    driver.open().set_levels([wanted(mug, 5)])

    [outcome] = driver.open().set_levels([wanted(mug, 5)])

    assert isinstance(outcome, Acknowledged)
    assert len(set(driver.shop.keys)) == len(driver.shop.keys) == 2


def test_what_is_so_already_is_acknowledged_and_not_sent(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=10)

    [outcome] = driver.open().set_levels([wanted(mug, 10)])

    assert isinstance(outcome, Acknowledged)
    assert "SetLevels" not in driver.shop.asked


def test_an_item_that_is_not_tracked_is_told_and_not_sent(driver: ShopifyDriver):
    card = driver.trade.add("CARD", "Card", 10, is_tracked=False).id

    [read] = driver.open().read_levels([ItemRef(card)])
    [outcome] = driver.open().set_levels([wanted(card, 4)])

    assert read == ShopLevel(ItemRef(card), None, None, why=NOT_COUNTED)
    assert isinstance(outcome, ItemRefused)
    assert (outcome.why, outcome.is_ignored) == (NOT_COUNTED, True)


def test_an_item_that_is_not_stocked_there_sells_none_and_is_refused_with_what_to_do(driver: ShopifyDriver):
    mug = driver.trade.add("MUG", "Mug", 10).id
    driver.trade.goods.item(mug).available = {SECOND: 10}

    some, none = (driver.open().set_levels([wanted(mug, level)])[0] for level in (4, 0))

    assert isinstance(some, ItemRefused)
    assert some.why == NOT_STOCKED
    assert isinstance(none, Acknowledged)


def test_a_removed_item_and_an_id_of_something_else_are_gone(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=10)
    driver.remove(mug)

    read = driver.open().read_levels([ItemRef(mug), ItemRef("mug"), ItemRef("gid://shopify/Order/1")])
    [outcome] = driver.open().set_levels([wanted(mug, 4)])

    assert [type(each) for each in read] == [ItemGone] * 3
    assert isinstance(outcome, ItemGone)


def test_a_yes_that_changed_nothing_is_told_as_such(driver: ShopifyDriver):
    mug = driver.trade.add("MUG", "Mug", 10, is_deaf=True).id

    [outcome] = driver.open().set_levels([wanted(mug, 4)])

    assert isinstance(outcome, ItemRefused)
    assert outcome.is_ignored


def test_a_yes_without_a_change_is_looked_at(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=10)
    driver.shop.graph.stock.shows_changes = False

    [outcome] = driver.open().set_levels([wanted(mug, 4)])

    assert isinstance(outcome, Acknowledged)
    assert driver.shop.asked[-3:] == ["Levels", "SetLevels", "Levels"]
