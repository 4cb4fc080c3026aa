"""Orders by their ids, and those of which the app may not know who ordered."""

import pytest

from merchant_api.channels.faults import ShopDenies
from merchant_api.channels.shop_orders import ShopCustomer
from tests.channels.shopify.driver import ShopifyDriver


def test_orders_that_the_shop_has_not_are_left_out(driver: ShopifyDriver):
    external_id = driver.order({driver.add_item("MUG", "Mug", level=10): 3})

    orders = driver.open().orders_by_id(["99", external_id, "no id", "gid://shopify/Product/1"])

    assert [order.external_id for order in orders] == [external_id]


def test_fifty_orders_are_read_in_pages(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=100)
    ids = [driver.order({mug: 1}) for _ in range(50)]

    assert [order.external_id for order in driver.open().orders_by_id(ids)] == ids


def test_who_ordered_may_be_hidden_and_the_order_comes_all_the_same(driver: ShopifyDriver):
    driver.shop.graph.hides_customers = True
    external_id = driver.order({driver.add_item("MUG", "Mug", level=100): 1})

    [order] = driver.open().orders_by_id([external_id])

    assert order.customer == ShopCustomer()
    assert "protected customer data" in order.notes[0]


def test_of_who_ordered_what_is_told_is_taken(driver: ShopifyDriver):
    driver.shop.graph.hidden_fields = ("email", "shippingAddress")
    external_id = driver.order({driver.add_item("MUG", "Mug", level=100): 1})

    [order] = driver.open().orders_by_id([external_id])

    assert order.customer == ShopCustomer("Sita Rai")
    assert "protected customer data" in order.notes[0]
    assert driver.shop.asked == ["OrdersById"]


def test_a_part_of_an_order_that_is_hidden_is_none(driver: ShopifyDriver):
    driver.shop.graph.hidden_fields = ("refunds",)
    external_id = driver.order({driver.add_item("MUG", "Mug", level=100): 1})

    with pytest.raises(ShopDenies):
        driver.open().orders_by_id([external_id])


def test_a_guest_without_a_name_is_no_fault_of_the_app(driver: ShopifyDriver):
    order = driver.trade.order({driver.trade.add("MUG", "Mug", 100).number: 1})
    order.buyer = order.email = None

    [told] = driver.open().orders_by_id([str(order.number)])

    assert (told.customer.name, told.notes) == (None, [])
