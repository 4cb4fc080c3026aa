"""What every kind keeps of levels: what we set is what a shopper can buy, and one bad item spoils no other."""

from itertools import count

import pytest

from merchant_api.channels.faults import ShopAway
from merchant_api.channels.shop_levels import Acknowledged, ItemGone, ItemRef, LevelWanted, ShopLevel
from tests.channels.kit.driver import ShopDriver

_numbers = count(1)


def unlike(sku: str) -> str:
    """A SKU that nothing in the shop has: some take each but once."""
    return f"{sku}-{next(_numbers)}"


def needs(driver: ShopDriver, ability: str) -> None:
    """Leave a test out, in sight, where the platform has no such thing."""
    if ability not in driver.abilities:
        pytest.skip(f"{driver.kind} has no {ability}")


def set_level(driver: ShopDriver, shop_id: str, level: int) -> Acknowledged:
    """Make the shop sell a level; it must say that it does."""
    (outcome,) = driver.open().set_levels([LevelWanted(ItemRef(shop_id), level)])
    assert isinstance(outcome, Acknowledged), outcome
    assert (outcome.ref.shop_id, outcome.level) == (shop_id, level)
    return outcome


def read_level(driver: ShopDriver, shop_id: str) -> ShopLevel:
    """What the shop sells, as our connector reads it."""
    (found,) = driver.open().read_levels([ItemRef(shop_id)])
    assert isinstance(found, ShopLevel), found
    return found


class LevelPromises:
    """Levels out and in."""

    @pytest.mark.parametrize("levels", [(7,), (0,), (3, 0, 5), (4, 4)])
    def test_a_level_that_is_set_is_what_a_shopper_can_buy(self, driver: ShopDriver, levels: tuple[int, ...]) -> None:
        mug = driver.add_item(unlike("MUG"), "Mug", 2)

        for level in levels:
            set_level(driver, mug, level)

            assert driver.level(mug) == level

    def test_what_is_read_is_what_a_shopper_can_buy(self, driver: ShopDriver) -> None:
        mug, bowl = driver.add_item(unlike("MUG"), "Mug", 6), driver.add_item(unlike("BOWL"), "Bowl", 0)
        driver.put_level(mug, 9)

        found = driver.open().read_levels([ItemRef(bowl), ItemRef(mug)])

        assert [(each.ref.shop_id, getattr(each, "sells", None)) for each in found] == [(bowl, 0), (mug, 9)]

    def test_what_the_shop_has_promised_is_not_sold_again_by_setting_a_level(self, driver: ShopDriver) -> None:
        mug = driver.add_item(unlike("MUG"), "Mug", 10)
        driver.order({mug: 3})

        set_level(driver, mug, 4)

        assert (driver.level(mug), read_level(driver, mug).sells) == (4, 4)

    def test_sending_an_order_out_leaves_what_is_sold_as_it_was(self, driver: ShopDriver) -> None:
        needs(driver, "fulfil")
        mug = driver.add_item(unlike("MUG"), "Mug", 10)
        order = driver.order({mug: 3})
        set_level(driver, mug, 4)

        driver.fulfil(order)

        assert (driver.level(mug), read_level(driver, mug).sells) == (4, 4)

    def test_many_levels_arrive_in_as_few_calls_as_fit(self, driver: ShopDriver) -> None:
        items = {driver.add_item(unlike("MUG"), f"Mug {number}", 1): number for number in range(5)}
        shop, most = driver.open(), driver.most_set
        wanted = [LevelWanted(ItemRef(shop_id), level) for shop_id, level in items.items()]

        for start in range(0, len(wanted), most):
            some = wanted[start : start + most]
            assert [type(each) for each in shop.set_levels(some)] == [Acknowledged] * len(some)

        assert {shop_id: driver.level(shop_id) for shop_id in items} == items

    def test_an_item_that_was_removed_is_gone_and_its_neighbours_arrive(self, driver: ShopDriver) -> None:
        mug, gone, bowl = (driver.add_item(unlike(sku), sku, 1) for sku in ("MUG", "GONE", "BOWL"))
        driver.remove(gone)
        wanted = [LevelWanted(ItemRef(shop_id), 5) for shop_id in (mug, gone, bowl)]
        shop, most = driver.open(), driver.most_set

        outcomes = [each for start in range(0, 3, most) for each in shop.set_levels(wanted[start : start + most])]

        assert {each.ref.shop_id: type(each) for each in outcomes} == {
            mug: Acknowledged,
            gone: ItemGone,
            bowl: Acknowledged,
        }
        assert (driver.level(mug), driver.level(bowl)) == (5, 5)

    def test_an_item_that_was_removed_is_gone_when_it_is_read_too(self, driver: ShopDriver) -> None:
        mug, gone = driver.add_item(unlike("MUG"), "Mug", 4), driver.add_item(unlike("GONE"), "Gone", 1)
        driver.remove(gone)

        there, missing = driver.open().read_levels([ItemRef(mug), ItemRef(gone)])

        assert isinstance(missing, ItemGone)
        assert (there.ref.shop_id, getattr(there, "sells", None)) == (mug, 4)

    def test_a_shop_that_is_stopped_is_away_and_is_itself_again_afterwards(self, driver: ShopDriver) -> None:
        needs(driver, "stop")
        mug = driver.add_item(unlike("MUG"), "Mug", 1)
        driver.stop()

        try:
            with pytest.raises(ShopAway):
                driver.open().set_levels([LevelWanted(ItemRef(mug), 5)])
        finally:
            driver.start()

        set_level(driver, mug, 5)
        assert driver.level(mug) == 5
