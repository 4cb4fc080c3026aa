"""Calls of which nobody knows what became: the same again under the same key, with no second effect."""

import pytest

from merchant_api.channels.faults import ShopAway
from merchant_api.channels.shop_levels import Acknowledged, ItemLater, ItemRef, ItemRefused, LevelWanted
from tests.channels.shopify.driver import ShopifyDriver
from tests.channels.shopify.stand_in import Lesson

LOST = Lesson(operation="SetLevels", is_lost=True, is_done=True)
NEVER_ARRIVED = Lesson(operation="SetLevels", is_lost=True)
BROKEN = Lesson(502, "<html>Bad gateway</html>", "SetLevels", is_done=True)


@pytest.mark.parametrize("lesson", [LOST, NEVER_ARRIVED, BROKEN])
def test_a_lost_answer_is_asked_for_under_the_same_key(driver: ShopifyDriver, lesson: Lesson):
    mug = driver.add_item("MUG", "Mug", level=10)
    driver.shop.teach(lesson)

    [outcome] = driver.open().set_levels([LevelWanted(ItemRef(mug), 5)])

    assert isinstance(outcome, Acknowledged)
    assert len(driver.shop.keys) == 2
    assert len(set(driver.shop.keys)) == 1
    assert driver.shop.graph.stock.set == [[(mug, 5)]]


def test_a_sale_after_the_lost_answer_is_not_wiped_by_asking_again(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=10)
    driver.shop.teach(LOST)
    driver.shop.graph.stock.when_done = lambda: driver.order({mug: 2})

    [outcome] = driver.open().set_levels([LevelWanted(ItemRef(mug), 5)])

    assert isinstance(outcome, Acknowledged)
    assert driver.level(mug) == 3


def test_two_lost_answers_are_the_shop_being_away(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=10)
    driver.shop.teach(NEVER_ARRIVED, NEVER_ARRIVED)

    with pytest.raises(ShopAway):
        driver.open().set_levels([LevelWanted(ItemRef(mug), 5)])


def test_what_is_known_when_the_shop_goes_away_is_kept(driver: ShopifyDriver):
    mug, bundle = driver.add_item("MUG", "Mug", 10), driver.trade.add("SET", "Set", 10, is_mutable=False).id
    driver.shop.teach(Lesson(operation="SetLevels"), NEVER_ARRIVED, NEVER_ARRIVED)

    outcomes = driver.open().set_levels([LevelWanted(ItemRef(mug), 5), LevelWanted(ItemRef(bundle), 5)])

    assert [type(outcome) for outcome in outcomes] == [ItemLater, ItemRefused]


def test_a_call_that_is_still_at_work_is_asked_for_under_the_same_key(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=10)
    driver.shop.graph.stock.at_work = 1

    [outcome] = driver.open().set_levels([LevelWanted(ItemRef(mug), 5)])

    assert isinstance(outcome, Acknowledged)
    assert len(set(driver.shop.keys)) == 1


def test_a_call_that_stays_at_work_is_tried_later_and_not_in_parts(driver: ShopifyDriver):
    rows = [LevelWanted(ItemRef(driver.add_item(sku, "Mug", level=10)), 5) for sku in ("MUG", "CUP", "POT")]
    driver.shop.graph.stock.at_work = 2

    outcomes = driver.open().set_levels(rows)

    assert [type(outcome) for outcome in outcomes] == [ItemLater] * 3
    assert len(driver.shop.keys) == 2


def test_a_key_whose_first_call_broke_is_given_up_for_a_new_one(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=10)
    driver.shop.graph.stock.failed = 1

    [outcome] = driver.open().set_levels([LevelWanted(ItemRef(mug), 5)])

    assert isinstance(outcome, Acknowledged)
    assert len(set(driver.shop.keys)) == 2
