"""Which item a line of an order sold, and which units of it a refund or an edit took off."""

import pytest

from tests.channels.woocommerce.reading import read


@pytest.mark.parametrize(("restock", "taken"), [(True, 2), (False, 3)])
def test_refunded_units_are_cancelled_whether_they_are_given_back_or_not(shop, bell, restock, taken):
    order = shop.book.place({bell: 3})
    shop.book.refund(order, {bell: 1}, restock=restock)

    [line] = read(shop, order).lines

    assert (line.quantity, line.taken, line.cancelled) == (3, taken, 1)


def test_a_refund_of_an_amount_cancels_no_unit(shop, bell):
    order = shop.book.place({bell: 3})
    shop.book.refund(order, {})

    assert read(shop, order).lines[0].cancelled == 0


@pytest.mark.parametrize("status", ["cancelled", "refunded"])
def test_nothing_of_an_order_that_is_off_will_be_delivered(shop, bell, status):
    order = shop.book.place({bell: 3})
    shop.book.move(order, status)

    assert read(shop, order).lines[0].cancelled == 3


def test_an_edited_order_takes_what_it_has_now(shop, bell):
    cup = shop.add("Cup", 10)
    order = shop.book.place({bell: 2, cup: 1})
    shop.book.change(order, {bell: 5, cup: 0})

    assert [(line.shop_id, line.quantity, line.taken) for line in read(shop, order).lines] == [(bell, 5, 5)]


def test_a_line_whose_product_was_deleted_for_good_names_no_item_and_keeps_its_units(shop, bell):
    order = shop.book.place({bell: 2})
    shop.catalog.remove(shop.catalog.named(bell))

    [line] = read(shop, order).lines

    assert (line.shop_id, line.sku, line.name, line.taken) == (None, None, "Bell", 2)


@pytest.mark.parametrize("version", ["10.5.0", "9.9.5"])
def test_a_line_names_the_item_whose_stock_it_took(shop, version):
    shop.version = version
    shirt = shop.catalog.add("Shirt", 9, type="variable", sku="SH")
    small, large = (shop.catalog.shop_id(shop.catalog.vary(shirt, *size)) for size in (("S",), ("L", 9)))

    lines = read(shop, shop.book.place({small: 1, large: 1})).lines

    assert [(line.shop_id, line.sku) for line in lines] == [(str(shirt.id), "SH"), (large, None)]


def test_an_order_without_variations_asks_for_no_product(shop, bell):
    read(shop, shop.book.place({bell: 1}))

    assert shop.calls == ["GET /orders"]
