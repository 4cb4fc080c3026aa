"""Checking a shop: its name, its currency, the location that is written to, and what is in the way."""

import pytest

from merchant_api.channels.faults import ShopOdd
from merchant_api.channels.shop_levels import ItemRef
from tests.channels.shopify.driver import ShopifyDriver
from tests.channels.shopify.stand_in import Lesson
from tests.channels.shopify.stand_in_goods import MAIN, SECOND


def test_a_shop_tells_its_name_its_currency_and_where_levels_go(driver: ShopifyDriver):
    checked = driver.open().check()

    assert (checked.account, checked.currency, checked.location) == ("Himal Crafts", "NPR", "Main street")
    assert checked.can == {"levels", "orders", "items", "events"}
    assert checked.problems == []


@pytest.mark.parametrize(
    ("scope", "lost"),
    [
        ("write_inventory", {"levels", "items"}),
        ("read_orders", {"orders", "events"}),
        ("read_products", {"items", "orders", "events"}),
    ],
)
def test_a_scope_that_is_lacking_is_named_with_what_it_costs(driver: ShopifyDriver, scope: str, lost: set[str]):
    driver.shop.graph.scopes = tuple(each for each in driver.shop.graph.scopes if each != scope)

    checked = driver.open().check()

    assert checked.can == {"levels", "orders", "items", "events"} - lost
    assert scope in checked.problems[0]


def test_a_right_to_read_levels_only_imports_and_sets_none(driver: ShopifyDriver):
    driver.shop.graph.scopes = ("read_inventory", "read_orders", "read_products")

    checked = driver.open().check()

    assert checked.can == {"orders", "items", "events"}
    assert checked.location == "Main street"


def test_a_right_to_write_is_one_to_read(driver: ShopifyDriver):
    driver.shop.graph.scopes = ("write_inventory", "write_orders", "write_products")

    assert driver.open().check().problems == []


def test_without_a_client_secret_no_events_are_heard(driver: ShopifyDriver):
    driver.credentials = {"access_token": driver.credentials["access_token"]}

    assert "events" not in driver.open().check().can


def test_several_locations_are_named_to_choose_from(driver: ShopifyDriver):
    driver.trade.goods.places |= {SECOND: ("Lake side", True), "gid://shopify/Location/3": ("Closed", False)}

    checked = driver.open().check()

    assert checked.location is None
    assert "levels" not in checked.can
    assert "«Main street», «Lake side»" in checked.problems[0]
    assert "Closed" not in checked.problems[0]


@pytest.mark.parametrize("chosen", [SECOND, "2", "lake side "])
def test_the_chosen_location_is_written_to(driver: ShopifyDriver, chosen: str):
    driver.trade.goods.places[SECOND] = ("Lake side", True)
    mug = driver.add_item("MUG", "Mug", level=10)
    driver.trade.goods.item(mug).available[SECOND] = 7

    shop = driver.open(location=chosen)

    assert shop.check().location == "Lake side"
    assert shop.read_levels([ItemRef(mug)])[0].sells == 7


def test_levels_of_a_shop_with_several_locations_wait_for_a_choice(driver: ShopifyDriver):
    driver.trade.goods.places[SECOND] = ("Lake side", True)
    mug = driver.add_item("MUG", "Mug", level=10)

    with pytest.raises(ShopOdd, match="choose"):
        driver.open().read_levels([ItemRef(mug)])


@pytest.mark.parametrize("chosen", ["Nowhere", "9", "closed"])
def test_a_location_that_is_closed_or_unknown_is_not_taken(driver: ShopifyDriver, chosen: str):
    driver.trade.goods.places["gid://shopify/Location/3"] = ("Closed", False)

    checked = driver.open(location=chosen).check()

    assert checked.location is None
    assert "«Main street»" in checked.problems[0]


def test_a_location_behind_the_first_hundred_is_found(driver: ShopifyDriver):
    driver.trade.goods.places |= {f"gid://shopify/Location/{n}": (f"Depot {n}", True) for n in range(200, 350)}

    assert driver.open(location="Depot 349").check().location == "Depot 349"


def test_an_answer_in_another_version_is_told(driver: ShopifyDriver):
    driver.shop.teach(Lesson(operation="Check", version="2027-01"))

    assert "answered in version 2027-01, not in 2026-10" in driver.open().check().problems[0]


def test_the_version_is_a_setting(driver: ShopifyDriver):
    assert driver.open(version="2026-07").check().problems == []


@pytest.mark.parametrize("version", ["2025-10", "2026-02", "unstable", "../2026-10", 7])
def test_a_version_that_shopify_has_not_is_refused_before_asking(driver: ShopifyDriver, version: object):
    with pytest.raises(ShopOdd, match="2026-10"):
        driver.open(version=version).check()

    assert driver.shop.asked == []


def test_the_locations_of_a_known_one_are_not_asked_for(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=10)

    driver.open(location=MAIN).read_levels([ItemRef(mug)])

    assert driver.shop.asked == ["Levels"]


def test_the_only_location_is_asked_for_once_a_minute_and_at_each_check(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=10)
    for _ in range(3):
        driver.open().read_levels([ItemRef(mug)])

    driver.open().check()

    assert driver.shop.asked.count("Locations") == 2
