"""Our connector on a real Vendure: what its facts say of it, each seen there."""

import pytest

from merchant_api.channels.connector import ShopAccess
from merchant_api.channels.faults import ShopAway, ShopDenies, ShopOdd
from merchant_api.channels.kinds.vendure.connector import CONNECTOR
from merchant_api.channels.shop_levels import Acknowledged, ItemGone, ItemRef, ItemRefused, LevelWanted
from tests.shops import vendure_seed as seed
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
    driver.api.admin(seed.SET_GLOBALS, input={"outOfStockThreshold": 2})

    before = level_of(driver, mug)
    set_level(driver, mug, 5)
    sold = driver.level(mug)
    driver.api.admin(seed.SET_GLOBALS, input={"outOfStockThreshold": 0})

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
    driver.api.admin(seed.SET_GLOBALS, input={"trackInventory": False})

    seen = level_of(driver, mug)
    driver.api.admin(seed.SET_GLOBALS, input={"trackInventory": True})

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
    driver.api.admin(seed.REMOVE_PRODUCT, id=product)

    assert isinstance(set_level(driver, mug, 5), ItemGone)


def test_levels_go_to_the_location_that_was_chosen_and_to_the_oldest_otherwise(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    back = driver.api.admin(seed.ADD_LOCATION, input={"name": "Back room"})["id"]
    asked, chosen = driver.open().check(), driver.open(location=back).check()

    (outcome,) = driver.open(location=back).set_levels([LevelWanted(ItemRef(mug), 7)])
    seen = driver.stock(mug)["stockLevels"]
    driver.api.admin(seed.REMOVE_LOCATION, input={"id": back})

    assert asked.location == "Default Stock Location (1)"
    assert [f"Back room ({back})" in each for each in asked.problems] == [True]
    assert (chosen.location, list(chosen.problems)) == (f"Back room ({back})", [])
    assert isinstance(outcome, Acknowledged)
    assert {each["stockLocationId"]: each["stockOnHand"] for each in seen} == {"1": 10, back: 7}


def test_a_location_that_is_not_there_is_told_with_those_that_are(driver):
    mug = driver.add_item("MUG", "Mug", 10)

    (outcome,) = driver.open(location="77").set_levels([LevelWanted(ItemRef(mug), 7)])
    checked = driver.open(location="77").check()

    assert isinstance(outcome, ItemRefused)
    assert "no stock location 77; it has Default Stock Location (1)" in outcome.why
    assert list(checked.problems) == [outcome.why]


def test_an_account_that_may_only_read_is_told_what_it_lacks(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    reader = driver.add_account("reader@example.com", ["ReadCatalog"])

    checked = driver.open(credentials=reader).check()

    assert checked.can == {"items"}
    assert [each.split(",")[0] for each in checked.problems] == [
        "The account lacks the right UpdateCatalog",
        "The account lacks the right ReadOrder",
    ]
    with pytest.raises(ShopDenies, match="lacks a right"):
        driver.open(credentials=reader).set_levels([LevelWanted(ItemRef(mug), 5)])


def test_a_wrong_password_is_told(driver):
    wrong = {**driver.credentials, "password": "another"}

    with pytest.raises(ShopDenies, match="user name and password"):
        driver.open(credentials=wrong).check()


def test_a_token_that_the_shop_has_forgotten_is_replaced_without_a_word(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    reader = driver.add_account("sees@example.com", ["ReadCatalog"])
    driver.open(credentials=reader).items(None)
    access = ShopAccess(driver.address, reader, driver.currency)
    before = CONNECTOR._tokens.of(access)
    driver.api.ask("admin-api", "mutation { logout { success } }", {}, before)

    (level,) = driver.open(credentials=reader).read_levels([ItemRef(mug)])

    assert level.sells == 10
    assert CONNECTOR._tokens.of(access) not in {None, before}


def test_another_path_than_that_of_the_admin_api_is_told(driver):
    with pytest.raises(ShopOdd, match="no Admin API at /elsewhere"):
        driver.open(path="elsewhere").check()


def test_a_channel_that_is_not_there_is_told(driver):
    checked = driver.open(channel="no-such-token").check()

    assert any("no channel with this token" in each for each in checked.problems)


def test_a_shop_that_is_away_is_away_and_back_with_the_same_orders(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    mark = driver.open().orders({}).mark
    order = driver.order({mug: 1})

    driver.stop()
    with pytest.raises(ShopAway):
        driver.open().orders(mark)
    driver.start()

    assert [each.external_id for each in driver.open().orders(mark).orders] == [order]
