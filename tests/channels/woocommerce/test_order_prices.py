"""Money of an order: by the totals, in the order's own currency, whatever decimals the shop writes."""

from decimal import Decimal

import pytest

from merchant_api.core.money import Money
from tests.channels.woocommerce.reading import read


def test_the_price_of_a_unit_is_by_the_total_and_has_no_noise_of_a_float(shop):
    pen = shop.add("Pen", 10, price="0.10")
    order = shop.book.place({pen: 3})
    row = shop.book.row(order)["line_items"][0]

    assert row["price"] != 0.1
    assert read(shop, order).lines[0].unit_price == Money(10, "NPR")


@pytest.mark.parametrize("decimals", [0, 2, 4])
def test_an_order_costs_the_same_however_many_decimals_the_shop_writes(shop, bell, decimals):
    order = shop.book.place({bell: 4}, currency="JPY")
    shop.book.decimals = decimals

    assert read(shop, order).lines[0].unit_price == Money(15, "JPY")


@pytest.mark.parametrize(("total", "price"), [("10.00", 333), ("0", 0), ("0.05", 2)])
def test_a_total_that_does_not_divide_is_rounded_by_the_currency(shop, bell, total, price):
    order = shop.book.place({bell: 3})
    order.lines[0].total = Decimal(total)

    assert read(shop, order).lines[0].unit_price == Money(price, "NPR")
