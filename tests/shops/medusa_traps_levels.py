"""What a real Medusa does with levels that a connector must know of, each seen there (issue 12, channels.md)."""

import pytest

from merchant_api.channels.faults import ShopDenies, ShopOdd
from merchant_api.channels.kinds.medusa.stocks import NOT_COUNTED
from merchant_api.channels.shop_levels import Acknowledged, ItemGone, ItemRef, ItemRefused, LevelWanted, ShopLevel
from tests.shops import medusa_fitting


def wanted(item, level, location=None):
    return LevelWanted(ItemRef(item, location), level)


class MedusaLevelTraps:
    """Over a fixture `driver`."""

    def test_what_is_reserved_is_added_to_what_is_set(self, driver):
        item = driver.add_item(None, "Tea", 10)
        driver.order({item: 3})

        (outcome,) = driver.open().set_levels([wanted(item, 5)])
        (level,) = driver.open().read_levels([ItemRef(item)])

        assert (outcome.level, outcome.stands) == (5, 8)
        assert (level.sells, level.stands, level.reserved) == (5, 8, 3)
        assert driver.level(item) == 5

    def test_an_item_that_was_never_stocked_gets_its_level(self, driver):
        product = driver.add_product("Tea", [{"title": "Green"}])
        item = driver.item_of(product["variants"][0]["id"])

        (outcome,) = driver.open().set_levels([wanted(item, 4)])

        assert isinstance(outcome, Acknowledged)
        assert driver.level(item) == 4

    def test_a_row_that_is_refused_stops_no_other(self, driver):
        items = [driver.add_item(None, "Tea", 1) for _ in range(5)]
        refused = items[2]

        outcomes = driver.open().set_levels([wanted(item, -1 if item == refused else 7) for item in items])

        assert [type(each) for each in outcomes].count(Acknowledged) == 4
        assert isinstance(outcomes[2], ItemRefused)
        assert [driver.level(item) for item in items] == [7, 7, 1, 7, 7]

    def test_no_level_is_made_at_a_location_that_is_not_there(self, driver):
        item, other = driver.add_item(None, "Tea", 1), driver.add_item(None, "Tea", 1)

        lost, made = driver.open().set_levels([wanted(item, 5, "sloc_of_nobody"), wanted(other, 5)])

        assert isinstance(lost, ItemRefused)
        assert "sloc_of_nobody" in lost.why
        assert isinstance(made, Acknowledged)
        assert len(driver.admin.get(f"/admin/inventory-items/{item}/location-levels")["inventory_levels"]) == 1

    def test_a_variant_that_is_not_counted_is_told(self, driver):
        product = driver.add_product("Tea", [{"title": "Green", "manage_inventory": False}])
        item = product["variants"][0]["id"]

        (level,) = driver.open().read_levels([ItemRef(item)])
        (outcome,) = driver.open().set_levels([wanted(item, 5)])

        assert (level.sells, level.why) == (None, NOT_COUNTED)
        assert (outcome.is_ignored, outcome.why) == (True, NOT_COUNTED)

    def test_an_item_whose_variant_is_counted_no_more_is_gone_and_another_when_it_is_again(self, driver):
        item = driver.add_item(None, "Tea", 3)
        variant = driver.variant_of(item)
        path = f"/admin/products/{variant['product_id']}/variants/{variant['id']}"
        driver.admin.post(path, manage_inventory=False)
        driver.admin.post(path, manage_inventory=True)

        (outcome,) = driver.open().set_levels([wanted(item, 5)])

        assert isinstance(outcome, ItemGone)
        assert driver.item_of(variant["id"]) != item

    def test_an_item_of_a_deleted_product_is_gone_and_stops_no_other(self, driver):
        item, stays = driver.add_item(None, "Tea", 3), driver.add_item(None, "Tea", 3)
        driver.remove(item)

        gone, made = driver.open().set_levels([wanted(item, 5), wanted(stays, 5)])
        (level,) = driver.open().read_levels([ItemRef(item)])

        assert isinstance(gone, ItemGone)
        assert isinstance(level, ItemGone)
        assert isinstance(made, Acknowledged)

    @pytest.mark.parametrize(("stocked", "sells"), [(1, 0), (5.5, 2), (3, 0)])
    def test_less_than_is_reserved_and_fractions_sell_whole_units(self, driver, stocked, sells):
        item = driver.add_item(None, "Tea", 3)
        driver.order({item: 3})
        there = f"/admin/inventory-items/{item}/location-levels/{driver.fittings.location}"
        driver.admin.post(there, stocked_quantity=stocked)

        (level,) = driver.open().read_levels([ItemRef(item)])

        assert isinstance(level, ShopLevel)
        assert level.sells == sells

    def test_with_several_locations_one_must_be_chosen(self, driver):
        item = driver.add_item(None, "Tea", 3)
        second = medusa_fitting.add_location(driver.admin, "Second store")
        try:
            undecided = driver.open().check()
            decided = driver.open(second).check()
            with pytest.raises(ShopOdd, match="Second store"):
                driver.open().set_levels([wanted(item, 5)])
        finally:
            driver.admin.delete(f"/admin/stock-locations/{second}")

        assert (undecided.location, decided.location) == (None, second)
        assert "Main store" in undecided.problems[0]
        assert "choose one of Main store" in driver.open(second).check().problems[0]

    def test_a_wrong_key_is_denied(self, driver):
        with pytest.raises(ShopDenies):
            driver.open(secret_key="sk_of_nobody").check()

    def test_a_path_that_is_not_there_is_no_medusa(self, driver):
        with pytest.raises(ShopOdd):
            driver.open(below="/nowhere").check()
