"""What every kind keeps of orders: each is told, none is missed, and `taken` is what the shop holds taken now."""

from collections.abc import Mapping, Sequence
from typing import Any

from merchant_api.channels.connector import WebShop
from merchant_api.channels.shop_orders import ShopOrder
from merchant_api.core.money import Money
from tests.channels.kit.driver import ShopDriver
from tests.channels.kit.promises_levels import needs, set_level, unlike

MOST_PAGES = 20


def fed(shop: WebShop, mark: Mapping[str, Any]) -> tuple[dict[str, ShopOrder], Mapping[str, Any]]:
    """All orders of a feed since a mark, by id, and the mark after them."""
    found: dict[str, ShopOrder] = {}
    for _ in range(MOST_PAGES):
        feed = shop.orders(mark)
        found |= {order.external_id: order for order in feed.orders}
        mark = feed.mark
        if not feed.has_more:
            return found, mark
    raise AssertionError("the feed has no end")


def now_of(shop: WebShop, external_id: str) -> ShopOrder:
    """An order as it is now."""
    (order,) = shop.orders_by_id([external_id])
    assert order.external_id == external_id
    return order


def taken(order: ShopOrder) -> Sequence[int]:
    """The units that each line has taken."""
    return sorted(line.taken for line in order.lines)


class OrderPromises:
    """Orders in."""

    def test_a_paid_order_is_told_with_what_was_sold_of_which_item_at_which_price(self, driver: ShopDriver) -> None:
        mug, bowl = (
            driver.add_item(unlike("MUG"), "Mug", 10, price=1500),
            driver.add_item(unlike("BOWL"), "Bowl", 10, price=250),
        )
        _, mark = fed(driver.open(), {})
        placed = driver.order({mug: 3, bowl: 1})

        found, _ = fed(driver.open(), mark)

        order = found[placed]
        lines = {line.shop_id: (line.quantity, line.taken, line.unit_price) for line in order.lines}
        assert lines == {mug: (3, 3, Money(1500, driver.currency)), bowl: (1, 1, Money(250, driver.currency))}
        assert (order.is_paid, order.currency, order.placed_at.tzinfo is not None) == (True, driver.currency, True)
        assert len({line.key for line in order.lines}) == 2

    def test_an_empty_mark_begins_now_and_tells_no_old_orders(self, driver: ShopDriver) -> None:
        mug = driver.add_item(unlike("MUG"), "Mug", 10)
        old = driver.order({mug: 1})

        found, mark = fed(driver.open(), {})
        placed = driver.order({mug: 1})

        assert old not in found or taken(found[old]) == [1]  # an overlap may tell the last ones once more
        assert placed in fed(driver.open(), mark)[0]

    def test_none_of_many_orders_is_missed_however_they_fall(self, driver: ShopDriver) -> None:
        mug = driver.add_item(unlike("MUG"), "Mug", 50)
        _, mark = fed(driver.open(), {})
        seen: set[str] = set()
        placed = []

        for _ in range(3):
            placed += [driver.order({mug: 1}) for _ in range(3)]
            found, mark = fed(driver.open(), mark)
            seen |= set(found)

        assert set(placed) <= seen

    def test_the_same_mark_tells_the_same_again(self, driver: ShopDriver) -> None:
        mug = driver.add_item(unlike("MUG"), "Mug", 10)
        _, mark = fed(driver.open(), {})
        placed = driver.order({mug: 2})

        first, again = fed(driver.open(), mark)[0], fed(driver.open(), mark)[0]

        assert first[placed] == again[placed]

    def test_a_cancelled_order_holds_nothing_taken_any_more(self, driver: ShopDriver) -> None:
        needs(driver, "cancel")
        mug = driver.add_item(unlike("MUG"), "Mug", 10)
        _, mark = fed(driver.open(), {})
        placed = driver.order({mug: 3})

        driver.cancel(placed)

        assert taken(self._told(driver, placed, mark)) in ([0], [])
        assert driver.level(mug) == 10

    def test_a_part_that_is_cancelled_is_given_back_and_the_rest_stays_taken(self, driver: ShopDriver) -> None:
        needs(driver, "cancel_part")
        mug = driver.add_item(unlike("MUG"), "Mug", 10)
        _, mark = fed(driver.open(), {})
        placed = driver.order({mug: 3})

        driver.cancel(placed, {mug: 1})

        assert taken(self._told(driver, placed, mark)) == [2]
        assert driver.level(mug) == 8

    def test_an_edited_order_holds_taken_what_it_has_now(self, driver: ShopDriver) -> None:
        needs(driver, "edit")
        mug = driver.add_item(unlike("MUG"), "Mug", 10)
        _, mark = fed(driver.open(), {})
        placed = driver.order({mug: 2})

        driver.edit(placed, {mug: 5})

        assert sum(taken(self._told(driver, placed, mark))) == 5

    def test_sending_it_out_changes_nothing_of_what_is_taken(self, driver: ShopDriver) -> None:
        needs(driver, "fulfil")
        mug = driver.add_item(unlike("MUG"), "Mug", 10)
        placed = driver.order({mug: 3})

        driver.fulfil(placed)

        assert taken(now_of(driver.open(), placed)) == [3]

    def test_an_order_that_is_not_there_is_left_out(self, driver: ShopDriver) -> None:
        mug = driver.add_item(unlike("MUG"), "Mug", 10)
        placed = driver.order({mug: 1})

        found = driver.open().orders_by_id([placed, driver.unknown_order])

        assert [order.external_id for order in found] == [placed]

    def test_a_sale_that_races_a_level_is_in_the_feed_whichever_came_first(self, driver: ShopDriver) -> None:
        mug = driver.add_item(unlike("MUG"), "Mug", 10)
        _, mark = fed(driver.open(), {})
        before = driver.order({mug: 1})
        set_level(driver, mug, 6)
        after = driver.order({mug: 2})

        found, _ = fed(driver.open(), mark)

        assert {before, after} <= set(found)
        assert driver.level(mug) == 4

    def _told(self, driver: ShopDriver, external_id: str, mark: Mapping[str, Any]) -> ShopOrder:
        """An order as the feed has it since, or by its id for kinds whose feed misses later steps."""
        shop = driver.open()
        return now_of(shop, external_id) if driver.rereads_open else fed(shop, mark)[0][external_id]
