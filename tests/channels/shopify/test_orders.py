"""Orders: what the shop has sold on each line and not given back, whatever happened to the order."""

import pytest

from merchant_api.channels.shop_orders import ShopCustomer, ShopOrder
from merchant_api.core.money import Money
from tests.channels.shopify.driver import ShopifyDriver
from tests.channels.shopify.stand_in_goods import Line


def read(driver: ShopifyDriver, external_id: str) -> ShopOrder:
    [order] = driver.open().orders_by_id([external_id])
    return order


def test_an_order_tells_who_what_and_for_how_much(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=10, price=125050)

    order = read(driver, driver.order({mug: 2}))

    [line] = order.lines
    assert (line.shop_id, line.sku, line.name, line.quantity, line.taken, line.cancelled) == (
        mug,
        "MUG",
        "Mug",
        2,
        2,
        0,
    )
    assert line.unit_price == Money(125050, "NPR")
    assert order.customer == ShopCustomer("Sita Rai", "sita@example.com", "+977 9800000000")
    assert (order.is_paid, order.is_open, order.is_delivered, order.notes) == (True, True, False, [])
    assert order.placed_at == driver.trade.goods.now


@pytest.mark.parametrize(("restock", "taken"), [("CANCEL", 2), ("RETURN", 2), ("LEGACY_RESTOCK", 2), ("NO_RESTOCK", 3)])
def test_a_refund_gives_back_what_it_restocks(driver: ShopifyDriver, restock: str, taken: int):
    mug = driver.add_item("MUG", "Mug", level=10)
    external_id = driver.order({mug: 3})

    driver.trade.refund(driver.order_of(external_id), {driver.trade.goods.item(mug).number: 1}, restock)

    [line] = read(driver, external_id).lines
    assert (line.taken, line.cancelled) == (taken, 1)
    assert 10 - line.taken == driver.level(mug)


@pytest.mark.parametrize(("restock", "taken"), [("CANCEL", 0), ("NO_RESTOCK", 3)])
def test_a_cancelled_order_has_taken_what_was_not_put_back(driver: ShopifyDriver, restock: str, taken: int):
    mug = driver.add_item("MUG", "Mug", level=10)
    external_id = driver.order({mug: 3})

    driver.trade.cancel(driver.order_of(external_id), restock)

    order = read(driver, external_id)
    assert (order.lines[0].taken, order.lines[0].cancelled, order.is_open) == (taken, 3, False)
    assert driver.level(mug) == 10 - taken


def test_an_edit_moves_what_is_taken_both_ways(driver: ShopifyDriver):
    mug, tea = driver.add_item("MUG", "Mug", level=10), driver.add_item("TEA", "Tea", level=10)
    external_id = driver.order({mug: 3, tea: 1})

    driver.edit(external_id, {mug: 1, tea: 4})

    assert [line.taken for line in read(driver, external_id).lines] == [1, 4]
    assert (driver.level(mug), driver.level(tea)) == (9, 6)


def test_units_that_nothing_explains_count_as_not_given_back_and_are_told(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=10)
    external_id = driver.order({mug: 3})

    driver.trade.drop_units(driver.order_of(external_id), 1)

    order = read(driver, external_id)
    assert (order.lines[0].taken, order.lines[0].cancelled) == (3, 1)
    assert "took 1 of «Mug» off" in order.notes[0]


def test_an_order_that_was_sent_is_delivered(driver: ShopifyDriver):
    external_id = driver.order({driver.add_item("MUG", "Mug", level=10): 3})

    driver.fulfil(external_id)

    assert read(driver, external_id).is_delivered


def test_the_price_of_a_unit_is_rounded_to_what_people_can_pay(driver: ShopifyDriver):
    mug = driver.trade.add("MUG", "Mug", 10)

    order = driver.trade.order({mug.number: 3}, price="3.335")

    assert read(driver, str(order.number)).lines[0].unit_price == Money(334, "NPR")


def test_a_price_in_yen_has_no_digits_after_the_point(driver: ShopifyDriver):
    order = driver.trade.order({driver.trade.add("MUG", "Mug", 10).number: 1}, price="1200.0")
    order.currency = "JPY"

    told = read(driver, str(order.number))

    assert (told.currency, told.lines[0].unit_price) == ("JPY", Money(1200, "JPY"))


def test_an_unpaid_order_takes_stock_and_is_not_paid(driver: ShopifyDriver):
    order = driver.trade.order({driver.trade.add("MUG", "Mug", 10).number: 1})
    order.financial = "PENDING"

    told = read(driver, str(order.number))

    assert (told.is_paid, told.lines[0].taken) == (False, 1)


def test_tips_and_gift_cards_are_no_goods_and_a_removed_variant_is(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=10)
    external_id = driver.order({mug: 1})
    tip = Line(9001, None, "Tip", None, 1, 1, "5.00", is_sent_by_post=False)
    gift = Line(9002, None, "Gift card", "GIFT", 1, 1, "5.00", is_gift_card=True)
    driver.order_of(external_id).lines += [tip, gift]
    driver.remove(mug)

    [line] = read(driver, external_id).lines

    assert (line.shop_id, line.sku) == (None, "MUG")
