"""What the shop sells, page by page: nothing twice, nothing missed, no SKU that is not its own."""

import pytest

from merchant_api.core.money import Money
from tests.channels.woocommerce.driver import open_shop


def all_items(shop):
    found, cursor = [], None
    while True:
        page = open_shop(shop).items(cursor)
        found += page.items
        if page.cursor is None:
            return found
        cursor = page.cursor


def test_an_item_is_read_as_people_see_it(shop):
    bell = shop.add("Salt &amp; Pepper", 5, sku=" B-1 ", price="12.50", categories=("Kitchen &amp; Table",))

    [item] = all_items(shop)

    assert (item.ref.shop_id, item.sku, item.name) == (bell, " B-1 ", "Salt & Pepper")
    assert (item.price, item.sells, item.categories) == (Money(1250, "NPR"), 5, ("Kitchen & Table",))
    assert (item.is_for_sale, item.problems) == (True, ())


def test_prices_are_in_the_currency_of_the_shop_and_not_in_the_merchants(shop):
    shop.currency = "JPY"
    shop.add("Bell", 5, price="60")

    assert all_items(shop)[0].price == Money(60, "JPY")


@pytest.mark.parametrize("status", ["draft", "pending", "private"])
def test_what_is_listed_and_not_published_is_not_for_sale(shop, status):
    shop.add("Bell", 5, status=status)

    assert not all_items(shop)[0].is_for_sale


def test_what_has_no_stock_of_its_own_is_no_item(shop):
    for kind in ("grouped", "external"):
        shop.add(kind, None, type=kind, manages=False)
    shop.add("Bell", 5, status="trash")

    assert all_items(shop) == []


def test_what_is_odd_about_an_item_is_told(shop):
    shop.add("Bell", None, manages=False, price="", backorders="notify")

    [item] = all_items(shop)

    assert (item.sells, item.price, item.sku) == (None, None, None)
    assert [each.split(",")[0].split(";")[0] for each in item.problems] == [
        "The shop does not count its stock",
        "The shop takes backorders of it",
        "It has no price",
    ]


@pytest.mark.parametrize("version", ["10.5.0", "9.9.5"])
def test_two_variations_on_the_parents_stock_and_one_on_its_own_are_two_items(shop, version):
    shop.version = version
    shirt = shop.catalog.add("Shirt", 4, type="variable", sku="SH", categories=("Clothes",))
    for size in ("S", "M"):
        shop.catalog.vary(shirt, size)
    large = shop.catalog.shop_id(shop.catalog.vary(shirt, "L", 9))

    found = {item.ref.shop_id: item for item in all_items(shop)}

    assert set(found) == {str(shirt.id), large}
    assert (found[str(shirt.id)].sku, found[str(shirt.id)].sells) == ("SH", 4)
    assert (found[large].name, found[large].sells, found[large].categories) == ("Shirt - L", 9, ("Clothes",))
    assert found[large].sku is None  # the shop shows its parent's


def test_a_product_whose_variations_all_have_their_own_stock_is_no_item(shop):
    cap = shop.catalog.add("Cap", None, type="variable", manages=False, sku="CAP")
    small = shop.catalog.vary(cap, "S", 2, sku="CAP-S")

    assert [(each.ref.shop_id, each.sku) for each in all_items(shop)] == [(f"{cap.id}/{small.id}", "CAP-S")]


def test_variations_of_a_draft_are_not_for_sale(shop):
    cap = shop.catalog.add("Cap", None, type="variable", manages=False, status="draft")
    shop.catalog.vary(cap, "S", 2)

    assert not all_items(shop)[0].is_for_sale


@pytest.mark.parametrize("version", ["10.5.0", "9.9.5"])
def test_many_items_come_in_pages_each_once(shop, version):
    shop.version = version
    ids = [shop.add("Bell", 5) for _ in range(203)]
    for name in ("Cap", "Shirt"):
        family = shop.catalog.add(name, None, type="variable", manages=False)
        ids += [shop.catalog.shop_id(shop.catalog.vary(family, str(size), 1)) for size in range(101)]

    found = [item.ref.shop_id for item in all_items(shop)]

    assert len(found) == len(set(found))
    assert set(found) == set(ids)


def test_a_deletion_between_two_pages_hides_nothing(shop, woo):
    ids = [shop.add("Bell", 5) for _ in range(250)]
    first = woo.items(None)
    for each in ids[:120]:
        shop.catalog.remove(shop.catalog.named(each))

    second = open_shop(shop).items(first.cursor)

    assert [item.ref.shop_id for item in second.items] == ids[120:220]


def test_how_many_there_are_is_told_from_the_first_page_on(shop, woo):
    for _ in range(120):
        shop.add("Bell", 5)

    first = woo.items(None)

    assert (len(first.items), first.of) == (100, 120)
    assert woo.items(first.cursor).of == 120
