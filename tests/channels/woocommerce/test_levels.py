"""Levels of single items: 200 proves nothing, what the answer shows does."""

import pytest

from merchant_api.channels.shop_levels import Acknowledged, ItemGone, ItemRef, ItemRefused, LevelWanted


def wanted(shop_id, level):
    return LevelWanted(ItemRef(shop_id), level)


def test_one_level_goes_by_itself_and_is_acknowledged_by_what_is_shown(shop, woo):
    bell = shop.add("Bell", 5)

    [done] = woo.set_levels([wanted(bell, 7)])

    assert isinstance(done, Acknowledged)
    assert (done.level, done.stands, done.response.status, shop.level(bell)) == (7, 7, 200, 7)
    assert shop.calls == [f"PUT /products/{bell}"]


def test_a_product_without_stock_management_gets_it_with_the_level(shop, woo):
    bell = shop.add("Bell", None, manages=False)

    [done] = woo.set_levels([wanted(bell, 7)])

    assert isinstance(done, Acknowledged)
    assert shop.level(bell) == 7


@pytest.mark.parametrize("others", [0, 1])
def test_a_shop_that_counts_nothing_ignores_a_level_and_that_is_said(shop, woo, others):
    bell, more = shop.add("Bell", 5), [shop.add("Cup", 1) for _ in range(others)]
    shop.catalog.counts = False

    done = woo.set_levels([wanted(each, 7) for each in (bell, *more)])[0]

    assert isinstance(done, ItemRefused)
    assert done.is_ignored
    assert "switch on stock management" in done.why
    assert '"stock_quantity": 5' in done.response.text


def test_a_grouped_product_ignores_a_level(shop, woo):
    bundle = shop.add("Bundle", None, type="grouped", manages=False)

    [done] = woo.set_levels([wanted(bundle, 7)])

    assert (done.is_ignored, done.why) == (True, "A product of the type grouped has no stock of its own.")


def test_an_external_product_refuses_a_level_in_the_shops_words(shop, woo):
    abroad = shop.add("Abroad", None, type="external", manages=False)

    [done] = woo.set_levels([wanted(abroad, 7)])

    assert (done.is_ignored, done.response.status) == (False, 400)
    assert "External products cannot be stock managed" in done.why


def test_a_variation_that_sells_from_its_parents_stock_names_the_parent(shop, woo):
    shirt = shop.catalog.add("Shirt", 4, type="variable")
    small = shop.catalog.shop_id(shop.catalog.vary(shirt, "S"))

    [done] = woo.set_levels([wanted(small, 7)])

    assert done.is_ignored
    assert f"list {shirt.id} in its place" in done.why
    assert shop.level(small) == 4
    assert not shop.catalog.named(small).manages  # it was not torn from its parent


def test_a_variation_that_nobody_counts_is_counted_from_the_first_level_on(shop, woo):
    shirt = shop.catalog.add("Shirt", None, type="variable", manages=False)
    small = shop.catalog.shop_id(shop.catalog.vary(shirt, "S"))

    [done] = woo.set_levels([wanted(small, 7)])

    assert isinstance(done, Acknowledged)
    assert shop.level(small) == 7


@pytest.mark.parametrize("shop_id", ["999", "999/1000"])
def test_what_was_deleted_for_good_is_gone(shop, woo, shop_id):
    assert isinstance(woo.set_levels([wanted(shop_id, 7)])[0], ItemGone)
    assert isinstance(woo.read_levels([ItemRef(shop_id)])[0], ItemGone)


def test_what_lies_in_the_bin_is_gone_until_it_is_taken_out(shop, woo):
    bell = shop.add("Bell", 5, status="trash")

    in_bin = [*woo.set_levels([wanted(bell, 7)]), *woo.read_levels([ItemRef(bell)])]
    shop.catalog.named(bell).status = "publish"

    assert [type(each) for each in in_bin] == [ItemGone, ItemGone]
    assert isinstance(woo.set_levels([wanted(bell, 7)])[0], Acknowledged)
