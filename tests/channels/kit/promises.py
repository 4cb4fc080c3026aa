"""All that a kind of shop must keep, on its stand-in or on the real platform: `class TestKit(Promises)`."""

from merchant_api.channels.connector import Checked, WebShop
from merchant_api.channels.faults import ShopDenies
from merchant_api.channels.shop_items import ShopItem
from merchant_api.core.money import Money
from tests.channels.kit.driver import ShopDriver
from tests.channels.kit.promises_levels import LevelPromises, unlike
from tests.channels.kit.promises_orders import OrderPromises

MOST_PAGES = 50


def all_items(driver: ShopDriver, cursor: str | None = None) -> list[ShopItem]:
    """Everything that the shop sells, from the beginning or from a cursor."""
    found: list[ShopItem] = []
    for _ in range(MOST_PAGES):
        page = driver.open().items(cursor)
        found += page.items
        cursor = page.cursor
        if cursor is None:
            return found
    raise AssertionError("the items have no end")


def _checked(shop: WebShop) -> Checked | None:
    """What the shop says of us; None where it denies us."""
    try:
        return shop.check()
    except ShopDenies:
        return None


class Promises(LevelPromises, OrderPromises):
    """Signing in, items, levels and orders."""

    def test_the_shop_says_who_we_are_and_what_we_may_do(self, driver: ShopDriver) -> None:
        checked = driver.open().check()

        assert {"levels", "orders"} <= set(checked.can)
        assert checked.currency in (None, driver.currency)

    def test_wrong_credentials_are_denied(self, driver: ShopDriver) -> None:
        checked = _checked(driver.open_with(driver.wrong_credentials))

        assert checked is None or ("levels" not in checked.can and checked.problems)

    def test_every_item_comes_once_with_its_sku_price_and_level(self, driver: ShopDriver) -> None:
        skus = [unlike("S") for _ in range(4)]
        added = {driver.add_item(sku, f"Thing {n}", n, price=100 + n) for n, sku in enumerate(skus)}

        found = [item for item in all_items(driver) if item.ref.shop_id in added]

        assert sorted((item.name, item.sku, item.sells, item.price) for item in found) == [
            (f"Thing {n}", sku, n, Money(100 + n, driver.currency)) for n, sku in enumerate(skus)
        ]

    def test_items_go_on_from_where_a_page_ended(self, driver: ShopDriver) -> None:
        added = {driver.add_item(unlike("S"), f"Thing {number}", 1) for number in range(4)}
        first = driver.open().items(None)

        rest = [] if first.cursor is None else all_items(driver, first.cursor)

        assert added <= {item.ref.shop_id for item in (*first.items, *rest)}
