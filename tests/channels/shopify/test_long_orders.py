"""Orders that do not fit in a page: more lines, more refunds, more lines of a refund than are asked for at first."""

from tests.channels.shopify.driver import ShopifyDriver


def test_all_lines_of_a_long_order_are_told(driver: ShopifyDriver):
    items = [driver.add_item(f"S{number}", f"Mug {number}", level=10) for number in range(130)]
    external_id = driver.order(dict.fromkeys(items, 2))

    [order] = driver.open().orders_by_id([external_id])

    assert [line.shop_id for line in order.lines] == items


def test_all_refunds_of_an_order_count(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=40)
    external_id = driver.order({mug: 30})
    for _ in range(25):
        driver.cancel(external_id, {mug: 1})

    [order] = driver.open().orders_by_id([external_id])

    assert order.lines[0].taken == 5
    assert driver.level(mug) == 35


def test_all_lines_of_a_refund_count(driver: ShopifyDriver):
    items = [driver.add_item(f"S{number}", f"Mug {number}", level=10) for number in range(45)]
    external_id = driver.order(dict.fromkeys(items, 2))
    driver.cancel(external_id, dict.fromkeys(items, 1))

    [order] = driver.open().orders_by_id([external_id])

    assert {line.taken for line in order.lines} == {1}
