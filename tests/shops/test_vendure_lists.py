"""Lists of a real Vendure, through our connector: read in pages while they move."""

import pytest

from merchant_api.channels.kinds.vendure import items, orders
from tests.shops import vendure_asks as asks
from tests.shops.vendure_driver import VendureDriver

pytestmark = pytest.mark.xdist_group("vendure")


@pytest.fixture
def driver(vendure: VendureDriver) -> VendureDriver:
    """The shop."""
    return vendure


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
    driver.api.admin(asks.SET_PRODUCT, input={"id": product, "enabled": False})

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
