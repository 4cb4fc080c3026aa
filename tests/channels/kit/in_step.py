"""A shop and our stock in step, end to end: the shop's own ways on one side, our verbs and jobs on the other."""

import pytest
from flask import Flask

from merchant_api.channels.states import ChannelState, RunKind, RunState
from merchant_api.orders.states import State
from tests.channels.kit.driver import ShopDriver
from tests.channels.kit.house import House
from tests.channels.kit.promises_levels import needs, unlike


class InStep:
    """What merchants were promised of web shops (features D1 to D8, E2), of one shop."""

    @pytest.fixture
    def house(self, fresh: Flask, driver: ShopDriver) -> House:
        return House(fresh, driver)

    @pytest.fixture
    def mug(self, house: House, driver: ShopDriver) -> str:
        """An item of the shop, ten of it, imported."""
        shop_id = driver.add_item(unlike("IN-STEP"), "Mug", 10)
        assert house.run(RunKind.IMPORT).state is RunState.DONE
        return shop_id

    def test_the_first_import_gives_products_with_opening_stock_once(self, house: House, driver: ShopDriver) -> None:
        sku = unlike("FIRST")
        mug, bowl = driver.add_item(sku, "Mug", 7, price=1250), driver.add_item(unlike("FIRST"), "Bowl", 0)

        house.run(RunKind.IMPORT)
        again = house.run(RunKind.IMPORT)

        product = house.product(mug)
        assert (product.sku, product.price, house.stock(mug)[0]) == (sku, 1250, 7)
        assert house.stock(bowl)[0] == 0
        assert [each for each in again.changes if each["what"] == "new"] == []
        assert driver.level(mug) == 7
        house.check()

    def test_what_changes_here_is_sold_there(self, house: House, driver: ShopDriver, mug: str) -> None:
        for level in (4, 0, 12):
            house.set_stock(mug, level)
            house.settle()

            assert driver.level(mug) == level

    def test_what_the_shop_sells_is_taken_once_and_its_level_stays_right(
        self, house: House, driver: ShopDriver, mug: str
    ) -> None:
        driver.order({mug: 3})
        house.settle()
        house.settle()

        (order,) = house.orders()
        on_hand, held, used = house.stock(mug)
        assert (order.state, order.origin.channel_id, on_hand - held, used) == (State.CONFIRMED, house.channel.id, 7, 0)
        assert (driver.level(mug), house.listing(mug).expected) == (7, 7)
        house.check()

    def test_a_sale_that_crossed_a_level_is_put_right(self, house: House, driver: ShopDriver, mug: str) -> None:
        driver.order({mug: 3})
        driver.put_level(mug, 10)  # as a level does that was computed before the sale and arrives after it
        house.settle()

        assert driver.level(mug) == 7
        house.check()

    def test_a_part_that_the_shop_cancels_comes_back(self, house: House, driver: ShopDriver, mug: str) -> None:
        needs(driver, "cancel_part")
        placed = driver.order({mug: 3})
        house.settle()

        driver.cancel(placed, {mug: 1})
        house.settle()

        on_hand, held, _ = house.stock(mug)
        assert (on_hand - held, driver.level(mug)) == (8, 8)
        house.check()

    def test_an_order_that_the_shop_cancels_ends_here_and_gives_all_back(
        self, house: House, driver: ShopDriver, mug: str
    ) -> None:
        needs(driver, "cancel")
        placed = driver.order({mug: 3})
        house.settle()

        driver.cancel(placed)
        house.settle()

        on_hand, held, _ = house.stock(mug)
        assert (house.orders()[0].state, on_hand - held, driver.level(mug)) == (State.CANCELLED, 10, 10)
        house.check()

    def test_an_order_that_the_shop_edits_takes_what_it_has_now(
        self, house: House, driver: ShopDriver, mug: str
    ) -> None:
        needs(driver, "edit")
        placed = driver.order({mug: 2})
        house.settle()

        driver.edit(placed, {mug: 5})
        house.settle()

        on_hand, held, _ = house.stock(mug)
        assert (on_hand - held, driver.level(mug)) == (5, 5)
        house.check()

    def test_sending_an_order_out_changes_no_level(self, house: House, driver: ShopDriver, mug: str) -> None:
        needs(driver, "fulfil")
        placed = driver.order({mug: 2})
        house.settle()

        driver.fulfil(placed)
        house.settle()

        on_hand, held, _ = house.stock(mug)
        assert (on_hand - held, driver.level(mug)) == (8, 8)
        house.check()

    def test_what_somebody_changes_in_the_shop_is_drift_until_it_is_pulled(
        self, house: House, driver: ShopDriver, mug: str
    ) -> None:
        driver.put_level(mug, 13)
        house.look()
        listing = house.listing(mug)
        assert (listing.drift_ours, listing.drift_theirs, house.stock(mug)[0]) == (10, 13, 10)

        pulled = house.run(RunKind.PULL)

        assert (pulled.state, [each["change"] for each in pulled.changes]) == (RunState.DONE, [3])
        assert (house.stock(mug)[0], driver.level(mug), house.listing(mug).is_adrift) == (13, 13, False)
        house.check()

    def test_a_shop_that_was_stopped_gets_the_newest_level_when_it_is_back(
        self, house: House, driver: ShopDriver, mug: str
    ) -> None:
        needs(driver, "stop")
        driver.stop()
        try:
            house.set_stock(mug, 6)
            house.until(lambda: house.channel_now().state is ChannelState.FAILING)
            house.set_stock(mug, 5)
        finally:
            driver.start()

        house.until(lambda: driver.level(mug) == 5)

        house.until(lambda: house.channel_now().state is ChannelState.READY)
        assert house.listing(mug).expected == 5

    def test_an_item_that_the_shop_removed_is_told_on_its_listing(
        self, house: House, driver: ShopDriver, mug: str
    ) -> None:
        driver.remove(mug)
        house.set_stock(mug, 3)
        house.settle()

        listing = house.listing(mug)
        assert (str(listing.fault), bool(listing.why)) == ("gone", True)
        assert house.channel_now().state is ChannelState.READY
