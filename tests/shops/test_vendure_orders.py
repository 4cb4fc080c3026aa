"""Orders and items of a real Vendure, through our connector: all that happens to an order, and lists that move."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from merchant_api.channels.shop_orders import ShopLine
from tests.shops import vendure_asks as asks
from tests.shops.vendure_driver import VendureDriver, set_level

pytestmark = pytest.mark.xdist_group("vendure")


@pytest.fixture
def driver(vendure: VendureDriver) -> VendureDriver:
    """The shop."""
    return vendure


def _line(driver: VendureDriver, order: str) -> ShopLine:
    (found,) = driver.open().orders_by_id([order])
    (line,) = found.lines
    return line


def test_an_order_comes_with_its_customer_its_price_and_what_it_took(driver):
    mug = driver.add_item("MUG", "Mug", 10, price=1990)
    mark = driver.open().orders({}).mark

    placed = driver.order({mug: 4})
    (order,) = driver.open().orders(mark).orders

    (line,) = order.lines
    assert (order.external_id, order.currency, order.is_paid, order.is_open) == (placed, "NPR", True, True)
    assert (order.customer.name, order.customer.email) == ("Asha Rai", "asha@example.com")
    assert (line.shop_id, line.sku, line.quantity, line.taken) == (mug, "MUG", 4, 4)
    assert (line.unit_price.amount, line.unit_price.currency) == (1990, "NPR")


def test_a_payment_that_is_only_authorised_has_taken_the_units_and_is_not_paid(driver):
    mug = driver.add_item("MUG", "Mug", 10)

    placed = driver.order({mug: 4}, method="promise")
    (order,) = driver.open().orders_by_id([placed])

    assert (order.lines[0].taken, order.is_paid) == (4, False)
    assert driver.level(mug) == 6


def test_orders_at_once_beside_levels_are_all_told_and_the_last_level_holds(driver):
    mug = driver.add_item("MUG", "Mug", 40)
    mark = driver.open().orders({}).mark
    with ThreadPoolExecutor(6) as shoppers:
        sales = [shoppers.submit(driver.order, {mug: 1}) for _ in range(12)]
        while not all(sale.done() for sale in sales):
            set_level(driver, mug, 40)

    told = {each.external_id for each in driver.open().orders(mark).orders}
    set_level(driver, mug, 28)

    assert told == {sale.result() for sale in sales}
    assert driver.level(mug) == 28  # though it has lost some of their allocations (findings/)


def test_a_cart_is_no_order(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    mark = driver.open().orders({}).mark

    cart = driver.api.shopper().ask(asks.ADD_LINE, variant=mug, quantity=2)["id"]

    assert not driver.open().orders(mark).orders
    assert not driver.open().orders_by_id([cart])


def test_units_that_are_cancelled_are_not_taken_any_more(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    order = driver.order({mug: 4})

    driver.cancel(order, {mug: 1})

    line = _line(driver, order)
    assert (line.quantity, line.taken, line.cancelled) == (4, 3, 1)
    assert driver.level(mug) == 7


def test_an_order_that_is_cancelled_has_taken_nothing_and_is_over(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    order = driver.order({mug: 4})

    driver.cancel(order)

    (found,) = driver.open().orders_by_id([order])
    assert (found.lines[0].taken, found.lines[0].cancelled, found.is_open) == (0, 4, False)
    assert driver.level(mug) == 10


@pytest.mark.parametrize(("quantity", "cancelled"), [(6, 0), (1, 3)])
def test_an_edited_order_has_taken_what_it_says_now(driver, quantity, cancelled):
    mug = driver.add_item("MUG", "Mug", 10)
    order = driver.order({mug: 4})

    driver.edit(order, {mug: quantity})

    line = _line(driver, order)
    assert (line.taken, line.cancelled) == (quantity, cancelled)
    assert driver.level(mug) == 10 - quantity


def test_sending_out_takes_nothing_more_and_is_delivered_at_the_end(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    order = driver.order({mug: 4})

    driver.fulfil(order)

    (found,) = driver.open().orders_by_id([order])
    assert (found.lines[0].taken, found.is_delivered, found.is_open) == (4, True, True)
    assert driver.level(mug) == 6


def test_what_comes_back_after_delivery_is_not_taken_any_more(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    order = driver.order({mug: 4})
    driver.fulfil(order)

    driver.cancel(order)

    assert _line(driver, order).taken == 0
    assert driver.level(mug) == 10
