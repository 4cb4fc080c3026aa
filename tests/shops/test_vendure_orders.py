"""Orders and items of a real Vendure, through our connector: all that happens to an order, and lists that move."""

import pytest

from merchant_api.channels.kinds.vendure import items, orders
from merchant_api.channels.shop_orders import ShopLine
from tests.shops import vendure_seed as seed
from tests.shops.vendure_driver import VendureDriver

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


def test_a_cart_is_no_order(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    mark = driver.open().orders({}).mark

    cart = driver.api.shopper().ask(seed.ADD_LINE, variant=mug, quantity=2)["id"]

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


def test_what_was_placed_before_the_first_mark_never_comes(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    driver.order({mug: 1})
    mark = driver.open().orders({}).mark
    placed = [driver.order({mug: 1}), driver.order({mug: 1})]

    first = driver.open().orders(mark)
    again = driver.open().orders(first.mark)

    assert [each.external_id for each in first.orders] == placed
    assert [each.external_id for each in again.orders] == placed  # the stretch before the newest is asked for again


def test_a_page_that_is_full_is_followed_by_the_rest(driver, monkeypatch):
    mug = driver.add_item("MUG", "Mug", 10)
    mark = driver.open().orders({}).mark
    placed = [driver.order({mug: 1}) for _ in range(3)]
    monkeypatch.setattr(orders, "PAGE", 2)

    found, has_more = [], True
    while has_more:
        feed = driver.open().orders(mark)
        found += [each.external_id for each in feed.orders]
        mark, has_more = feed.mark, feed.has_more

    assert found == placed


def test_rows_that_move_up_between_pages_hide_no_item(driver, monkeypatch):
    made = [driver.add_item(f"S-{number}", "Mug", 10) for number in range(6)]
    whole = _items(driver)
    monkeypatch.setattr(items, "PAGE", whole.index(made[3]) + 1)
    first = driver.open().items(None)

    driver.remove(made[0])
    driver.remove(made[1])

    assert first.items[-1].ref.shop_id == made[3]
    assert _items(driver, first.cursor) == made[4:]


def test_small_pages_give_every_item_once(driver, monkeypatch):
    whole = _items(driver)

    monkeypatch.setattr(items, "PAGE", 4)

    assert _items(driver) == whole


def test_an_item_of_a_product_that_is_switched_off_is_not_for_sale(driver):
    mug = driver.add_item(" mug-1 ", "Mug", 10, price=1990)
    product = driver.stock(mug)["product"]["id"]
    driver.api.admin(seed.SET_PRODUCT, input={"id": product, "enabled": False})

    (item,) = [each for each in driver.open().items(None).items if each.ref.shop_id == mug]

    assert (item.sku, item.name, item.sells, item.is_for_sale) == (" mug-1 ", "Mug", 10, False)
    assert (item.price.amount, item.price.currency) == (1990, "NPR")


def _items(driver: VendureDriver, cursor: str | None = None) -> list[str]:
    found, is_first = [], True
    while is_first or cursor is not None:
        page = driver.open().items(cursor)
        found += [each.ref.shop_id for each in page.items]
        cursor, is_first = page.cursor, False
    return found
