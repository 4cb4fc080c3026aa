"""The feed of orders: from now on, nothing missed on equal stamps, in pages, and again after changes."""

from collections.abc import Mapping
from typing import Any

from merchant_api.channels.shop_orders import ShopOrder
from tests.channels.shopify.driver import ShopifyDriver
from tests.channels.shopify.stand_in import Lesson


def follow(driver: ShopifyDriver, mark: Mapping[str, Any]) -> tuple[list[ShopOrder], Mapping[str, Any]]:
    """All pages after a mark, and the mark behind them."""
    found: list[ShopOrder] = []
    while True:
        feed = driver.open().orders(mark)
        found += feed.orders
        mark = feed.mark
        if not feed.has_more:
            return found, mark


def ids(orders: list[ShopOrder]) -> list[str]:
    return [order.external_id for order in orders]


def test_it_begins_now_and_leaves_out_what_was_there(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=100)
    old = driver.order({mug: 1})

    mark = driver.open().orders({}).mark
    new = driver.order({mug: 1})  # in the same second
    driver.fulfil(old)

    assert ids(follow(driver, mark)[0]) == [new]


def test_it_begins_in_a_shop_without_orders(driver: ShopifyDriver):
    mark = driver.open().orders({}).mark
    new = driver.order({driver.add_item("MUG", "Mug", level=100): 1})

    found, mark = follow(driver, mark)

    assert ids(found) == [new]
    assert ids(follow(driver, mark)[0]) == [new]


def test_orders_of_one_second_are_all_told_over_pages(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=100)
    mark = driver.open().orders({}).mark
    driver.trade.tick()
    placed = [driver.order({mug: 1}) for _ in range(47)]

    assert sorted(ids(follow(driver, mark)[0])) == sorted(placed)


def test_one_that_comes_in_the_second_of_the_last_page_is_not_missed(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=100)
    _, mark = follow(driver, driver.open().orders({}).mark)
    driver.order({mug: 1})
    _, mark = follow(driver, mark)

    late = driver.order({mug: 1})

    assert late in ids(follow(driver, mark)[0])


def test_one_that_is_found_late_by_the_search_is_not_missed(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=100)
    mark = driver.open().orders({}).mark
    driver.trade.tick()
    late = driver.trade.goods.orders.pop(int(driver.order({mug: 1})))
    driver.trade.tick(20)
    driver.order({mug: 1})
    _, mark = follow(driver, mark)

    driver.trade.goods.orders[late.number] = late

    assert str(late.number) in ids(follow(driver, mark)[0])


def test_an_order_edited_while_pages_are_read_hides_no_other(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=100)
    mark = driver.open().orders({}).mark
    placed = []
    for _ in range(30):
        driver.trade.tick()
        placed.append(driver.order({mug: 1}))
    first = driver.open().orders(mark)
    driver.trade.tick()
    driver.edit(placed[0], {mug: 2})

    rest, _ = follow(driver, first.mark)

    assert first.has_more
    assert set(ids([*first.orders, *rest])) == set(placed)
    assert rest[-1].lines[0].taken == 2


def test_every_later_step_brings_an_order_again(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=100)
    mark = driver.open().orders({}).mark
    external_id = driver.order({mug: 4})
    taken = []
    for step in (lambda: None, lambda: driver.cancel(external_id, {mug: 1}), lambda: driver.cancel(external_id)):
        driver.trade.tick(100)
        step()
        found, mark = follow(driver, mark)
        taken.append(found[-1].lines[0].taken)

    assert taken == [4, 3, 0]


def test_a_cursor_that_is_taken_no_more_begins_the_pages_anew(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=100)
    mark = driver.open().orders({}).mark
    placed = [driver.order({mug: 1}) for _ in range(30)]
    first = driver.open().orders(mark)
    wrong = '{"errors": [{"message": "Invalid cursor for current pagination sort.", "extensions": {}}]}'
    driver.shop.teach(Lesson(text=wrong))

    rest, _ = follow(driver, first.mark)

    assert set(ids(rest)) == set(placed)


def test_a_page_that_costs_too_much_is_read_in_smaller_ones(driver: ShopifyDriver):
    mug = driver.add_item("MUG", "Mug", level=100)
    mark = driver.open().orders({}).mark
    placed = [driver.order({mug: 1}) for _ in range(30)]
    driver.shop.graph.dearest = 30

    assert set(ids(follow(driver, mark)[0])) == set(placed)
