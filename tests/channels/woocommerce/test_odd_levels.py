"""Levels that did not arrive: an id that is none, a row or a shop that breaks, a figure that is not ours."""

import pytest

from merchant_api.channels.faults import ShopAway, ShopDenies
from merchant_api.channels.shop_levels import ItemLater, ItemRef, ItemRefused, LevelWanted
from tests.channels.woocommerce.driver import CREDENTIALS, open_shop


def wanted(shop_id, level):
    return LevelWanted(ItemRef(shop_id), level)


def test_a_variation_below_products_is_told_how_to_be_named(shop, woo):
    small = shop.catalog.vary(shop.catalog.add("Shirt", 4, type="variable"), "S", 2)

    [done] = woo.set_levels([wanted(str(small.id), 7)])

    assert isinstance(done, ItemRefused)
    assert "as 12/34" in done.why


@pytest.mark.parametrize("shop_id", ["", "bell", "12/", "0", "12/34/56", "-1"])
def test_an_id_of_another_form_is_refused_and_not_sent(shop, woo, shop_id):
    assert "12/34" in woo.set_levels([wanted(shop_id, 7)])[0].why
    assert "12/34" in woo.read_levels([ItemRef(shop_id)])[0].why
    assert shop.calls == []


def test_a_product_that_breaks_the_shop_waits_alone(shop, woo):
    bell = shop.add("Bell", 5)
    shop.breaks_on = {int(bell)}

    [done] = woo.set_levels([wanted(bell, 7)])

    assert isinstance(done, ItemLater)
    assert "critical error" in done.response.text


def test_a_shop_that_breaks_in_all_is_away(shop, woo):
    bell = shop.add("Bell", 5)
    shop.answers = [(500, "broken"), (500, "broken")]

    with pytest.raises(ShopAway, match="answered 500"):
        woo.set_levels([wanted(bell, 7)])


def test_a_figure_other_than_ours_is_no_acknowledgement(shop, woo):
    bell = shop.add("Bell", 5)
    shop.answers = [(200, f'{{"id": {bell}, "manage_stock": true, "stock_quantity": 6, "status": "publish"}}')]

    [done] = woo.set_levels([wanted(bell, 7)])

    assert isinstance(done, ItemLater)
    assert '"stock_quantity": 6' in done.response.text


def test_a_key_that_may_only_read_sets_no_level(shop, woo):
    bell = shop.add("Bell", 5)
    shop.permission = "read"
    woo.read_levels([ItemRef(bell)])

    with pytest.raises(ShopDenies, match="may only read: give it the permission Read/Write"):
        woo.set_levels([wanted(bell, 7)])

    assert shop.level(bell) == 5


def test_a_writing_that_is_denied_before_any_reading_names_both_reasons(shop):
    bell = shop.add("Bell", 5)
    woo = open_shop(shop, {**CREDENTIALS, "consumer_secret": "cs_wrong"})

    with pytest.raises(ShopDenies, match="secret is wrong, or the key may only read"):
        woo.set_levels([wanted(bell, 7)])


@pytest.mark.parametrize("others", [0, 1])
def test_a_shop_that_does_not_see_the_sign_in_sets_no_level(shop, woo, others):
    ids = [shop.add("Bell", 5) for _ in range(1 + others)]
    shop.sees_tls = False

    with pytest.raises(ShopDenies, match="came by https"):
        woo.set_levels([wanted(each, 7) for each in ids])


def test_two_variations_on_the_parents_stock_are_told_and_neither_is_torn_from_it(shop, woo):
    shirt = shop.catalog.add("Shirt", 4, type="variable")
    both = [shop.catalog.shop_id(shop.catalog.vary(shirt, size)) for size in ("S", "M")]

    done = woo.set_levels([wanted(each, 7) for each in both])

    assert [(type(each), each.is_ignored) for each in done] == [(ItemRefused, True)] * 2
    assert shop.calls == [f"POST /products/{shirt.id}/variations/batch"]
    assert shop.level(str(shirt.id)) == 4
