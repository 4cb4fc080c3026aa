"""Our connector on a real Vendure: what its facts say of it, each seen there."""

from collections.abc import Callable, Iterator

import pytest

from merchant_api.channels.faults import ShopAway
from merchant_api.channels.shop_levels import ItemRef, LevelWanted, ShopLevel
from tests.shops.vendure_driver import VendureDriver

pytestmark = pytest.mark.xdist_group("vendure")


@pytest.fixture(scope="module")
def driver(
    empty_database: Callable[[], str], free_port: Callable[[], int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[VendureDriver]:
    """One shop for all tests of this file: what each needs, it adds."""
    shop = VendureDriver(tmp_path_factory.mktemp("shops") / "vendure", empty_database(), free_port())
    try:
        yield shop.set_up()
    finally:
        shop.stop()


def _read(driver: VendureDriver, shop_id: str) -> ShopLevel:
    (level,) = driver.open().read_levels([ItemRef(shop_id)])
    assert isinstance(level, ShopLevel)
    return level


def test_what_is_set_is_sold_beside_what_the_shop_has_promised(driver):
    mug = driver.add_item("MUG", "Mug", 10)
    driver.order({mug: 4})

    (outcome,) = driver.open().set_levels([LevelWanted(ItemRef(mug), 5)])

    assert (outcome.level, outcome.stands) == (5, 9)
    assert driver.level(mug) == 5


def test_all_steps_of_an_order(driver):
    mug = driver.add_item("MUG2", "Mug", 10)
    mark = driver.open().orders({}).mark
    order = driver.order({mug: 4})
    assert driver.level(mug) == 6
    feed = driver.open().orders(mark)
    print(feed)
    driver.cancel(order, {mug: 1})
    print(driver.open().orders_by_id([order]), driver.level(mug))
    driver.edit(order, {mug: 5})
    print(driver.open().orders_by_id([order]), driver.level(mug), driver.stock(mug))
    driver.edit(order, {mug: 2})
    print(driver.open().orders_by_id([order]), driver.level(mug), driver.stock(mug))
    driver.fulfil(order)
    print(driver.open().orders_by_id([order]), driver.level(mug), driver.stock(mug))
    driver.cancel(order)
    print(driver.open().orders_by_id([order]), driver.level(mug), driver.stock(mug))
    driver.stop()
    with pytest.raises(ShopAway):
        _read(driver, mug)
    driver.start()
    print(_read(driver, mug))
    assert 0
