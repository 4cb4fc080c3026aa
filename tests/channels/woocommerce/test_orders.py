"""What an order says: units by what the shop holds taken, money by totals, items by whose stock they took."""

from decimal import Decimal

import pytest

from merchant_api.core.money import Money
from tests.channels.woocommerce.driver import open_shop


@pytest.fixture
def bell(shop):
    return shop.add("Bell", 10, sku="B-1")


def read(shop, order):
    """An order as it is now."""
    return open_shop(shop).orders_by_id([str(order.id)])[0]


def test_an_order_is_read_with_its_customer_and_state(shop, bell):
    order = read(shop, shop.book.place({bell: 2}))

    [line] = order.lines
    assert (order.name, order.currency, order.customer.name) == (f"#{order.external_id}", "NPR", "Asha Rai")
    assert (order.customer.email, order.customer.phone) == ("asha@example.com", "9800000000")
    assert (order.is_paid, order.is_open, order.is_delivered) == (True, True, False)
    assert (line.shop_id, line.sku, line.quantity, line.taken, line.cancelled) == (bell, "B-1", 2, 2, 0)


def test_units_follow_what_the_shop_holds_taken_through_all_of_a_life(shop, bell):
    order = shop.book.place({bell: 3}, "pending")
    taken = [read(shop, order).lines[0].taken]
    for step in (
        lambda: shop.book.move(order, "processing"),
        lambda: shop.book.refund(order, {bell: 1}),
        lambda: shop.book.move(order, "cancelled"),
        lambda: shop.book.move(order, "processing"),
    ):
        step()
        taken.append(read(shop, order).lines[0].taken)

    assert taken == [0, 3, 2, 0, 3]
    assert shop.level(bell) == 7


@pytest.mark.parametrize(("status", "taken"), [("failed", 2), ("refunded", 2), ("cancelled", 0), ("pending", 0)])
def test_what_a_status_gives_back_is_read_and_not_guessed(shop, bell, status, taken):
    order = shop.book.place({bell: 2})
    shop.book.move(order, status)

    assert read(shop, order).lines[0].taken == taken


def test_a_failed_order_that_keeps_its_units_says_so(shop, bell):
    order = shop.book.place({bell: 2})
    shop.book.move(order, "failed")

    assert read(shop, order).notes == ("Its payment failed, and the shop keeps what it took.",)


def test_units_taken_twice_are_sold_once_and_told(shop, bell):
    order = shop.book.place({bell: 1})
    shop.book.take_again(order)

    now = read(shop, order)

    assert now.lines[0].taken == 1
    assert now.notes == ("The shop took 2 × Bell for 1 sold: its own level is 1 too low.",)
    assert shop.level(bell) == 8


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


def test_a_completed_order_is_delivered(shop, bell):
    order = shop.book.place({bell: 1}, "completed")

    now = read(shop, order)

    assert (now.is_delivered, now.is_open) == (True, False)


def test_an_order_that_waits_for_a_transfer_is_not_paid(shop, bell):
    now = read(shop, shop.book.place({bell: 1}, "on-hold"))

    assert (now.is_paid, now.lines[0].taken) == (False, 1)


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


def test_a_line_whose_product_was_deleted_for_good_names_no_item_and_keeps_its_units(shop, bell):
    order = shop.book.place({bell: 2})
    shop.catalog.remove(shop.catalog.named(bell))

    [line] = read(shop, order).lines

    assert (line.shop_id, line.sku, line.name, line.taken) == (None, None, "Bell", 2)


def test_what_the_shop_does_not_count_is_told_and_takes_nothing(shop):
    service = shop.add("Gift wrap", None, manages=False)

    now = read(shop, shop.book.place({service: 1}))

    assert now.lines[0].taken == 0
    assert "has taken no stock for 1 × Gift wrap" in now.notes[0]


def test_a_line_in_fractions_is_rounded_up_and_told(shop, bell):
    order = shop.book.place({bell: 2})
    order.lines[0].quantity = 1.5

    now = read(shop, order)

    assert now.lines[0].quantity == 2
    assert now.notes == ("The shop sold 1.5 × Bell, which is read as 2.",)


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
