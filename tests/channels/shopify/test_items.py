"""What a shop sells: variant by variant, in pages, with what is in the way."""

from merchant_api.channels.kinds.shopify.items import SOLD_AT_ZERO
from merchant_api.channels.kinds.shopify.read_levels import NOT_STOCKED
from merchant_api.channels.shop_items import ShopItem
from merchant_api.channels.shop_levels import ItemRef
from merchant_api.core.money import Money
from tests.channels.shopify.driver import ShopifyDriver
from tests.channels.shopify.stand_in_goods import SECOND


def test_an_item_has_its_sku_its_price_in_minor_units_its_level_and_its_category(driver: ShopifyDriver):
    mug = driver.trade.add(" mug ", "Mug", 10, "1250.5", product_type="Kitchen", category="Cups")

    assert driver.open().items(None).items == [
        ShopItem(ItemRef(mug.id), " mug ", "Mug", Money(125050, "NPR"), 10, categories=["Kitchen"], problems=[])
    ]


def test_the_category_of_shopify_stands_in_for_the_merchants_own(driver: ShopifyDriver):
    driver.trade.add("MUG", "Mug", 10, category="Cups")

    assert driver.open().items(None).items[0].categories == ["Cups"]


def test_a_variant_is_named_with_its_product(driver: ShopifyDriver):
    driver.trade.add("MUG-R", "Mug", 10, variant="Red")

    assert driver.open().items(None).items[0].name == "Mug, Red"


def test_a_draft_and_an_archived_product_are_not_for_sale(driver: ShopifyDriver):
    for status in ("ACTIVE", "UNLISTED", "DRAFT", "ARCHIVED"):
        driver.trade.add(status, "Mug", 10, status=status)

    assert [item.is_for_sale for item in driver.open().items(None).items] == [True, True, False, False]


def test_an_item_that_is_not_tracked_has_no_level(driver: ShopifyDriver):
    driver.trade.add("CARD", "Card", 10, is_tracked=False)

    assert driver.open().items(None).items[0].sells is None


def test_an_item_that_sells_on_at_zero_or_is_not_stocked_there_says_so(driver: ShopifyDriver):
    driver.trade.add("MUG", "Mug", 10, policy="CONTINUE")
    driver.trade.add("TEA", "Tea", 10).available = {SECOND: 10}

    mug, tea = driver.open().items(None).items

    assert (mug.problems, tea.problems) == ([SOLD_AT_ZERO], [NOT_STOCKED])
    assert tea.sells == 0


def test_gift_cards_are_no_goods(driver: ShopifyDriver):
    driver.trade.add("GIFT", "Gift card", 0, is_gift_card=True)

    assert driver.open().items(None).items == []


def test_pages_follow_the_cursor_and_nothing_comes_twice(driver: ShopifyDriver):
    added = [driver.add_item(f"S{number}", "Mug", level=number) for number in range(230)]
    found: list[str] = []

    page = driver.open().items(None)
    found += [item.ref.shop_id for item in page.items]
    driver.remove(added[3])  # before the cursor: pages by number would lose one now
    while page.cursor is not None:
        page = driver.open().items(page.cursor)
        found += [item.ref.shop_id for item in page.items]

    assert found == added


def test_how_many_there_are_is_told(driver: ShopifyDriver):
    driver.add_item("MUG", "Mug", level=1)

    assert driver.open().items(None).of == 1


def test_an_item_without_a_sku_comes_all_the_same(driver: ShopifyDriver):
    driver.add_item(None, "Mug", level=1)
    driver.add_item("", "Tea", level=1)

    assert [item.sku for item in driver.open().items(None).items] == [None, ""]


def test_prices_are_in_the_shops_currency(driver: ShopifyDriver):
    driver.add_item("MUG", "Mug", level=1, price=1500)
    driver.currency = "JPY"

    assert driver.open().items(None).items[0].price == Money(1500, "NPR")
