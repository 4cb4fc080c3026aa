"""What is asked before anything else: sign-in in its forms, and what would go wrong in silence later."""

import pytest

from merchant_api.channels.faults import ShopAway, ShopDenies, ShopOdd
from tests.channels.woocommerce.driver import CREDENTIALS, open_shop


def test_a_shop_in_order_says_who_it_is_and_what_the_key_may_do(shop, woo):
    shop.add("Bell", 5)

    checked = woo.check()

    assert checked.account == "Shop & Co"
    assert checked.can == {"levels", "orders", "items", "events"}
    assert (checked.currency, checked.problems) == ("NPR", ())


def test_a_wrong_secret_and_an_unknown_key_are_told_apart(shop):
    with pytest.raises(ShopDenies, match="secret is wrong"):
        open_shop(shop, {**CREDENTIALS, "consumer_secret": "cs_wrong"}).check()

    with pytest.raises(ShopDenies, match="does not know the consumer key"):
        open_shop(shop, {**CREDENTIALS, "consumer_key": "ck_wrong"}).check()


def test_a_shop_that_does_not_see_https_is_not_called_a_wrong_secret(shop, woo):
    shop.sees_tls = False

    with pytest.raises(ShopDenies, match="came by https"):
        woo.check()


def test_a_user_without_rights_is_told_as_that(shop, woo):
    shop.is_manager = False

    with pytest.raises(ShopDenies, match="administrator or a shop manager"):
        woo.check()


@pytest.mark.parametrize("products", [0, 1])
def test_a_key_that_may_only_read_is_found_by_a_writing_that_changes_nothing(shop, woo, products):
    shop.permission = "read"
    for _ in range(products):
        shop.add("Bell", 5)

    checked = woo.check()

    assert checked.can == {"items", "orders"}
    assert checked.problems == ("The key may only read: give it the permission Read/Write.",)


def test_a_shop_that_counts_no_stock_takes_no_level(shop, woo):
    shop.catalog.counts = False

    checked = woo.check()

    assert "levels" not in checked.can
    assert "switch on stock management" in checked.problems[0]


def test_permalinks_that_are_off_are_told(shop, woo):
    shop.has_permalinks = False

    with pytest.raises(ShopOdd, match="any permalinks but Plain"):
        woo.check()


def test_a_site_without_woocommerce_is_told(shop, woo):
    shop.namespaces = ("wp/v2",)

    with pytest.raises(ShopOdd, match="no WooCommerce API v3"):
        woo.check()


def test_a_page_of_html_in_place_of_an_answer_is_none(shop, woo):
    shop.answers = [(200, "<html>Down for maintenance</html>")]

    with pytest.raises(ShopAway, match="not JSON") as caught:
        woo.orders({})
    assert "maintenance" in caught.value.text


def test_a_firewall_in_front_of_the_shop_is_told_as_one(shop, woo):
    shop.answers = [(403, "<html>Blocked</html>")]

    with pytest.raises(ShopDenies, match="in front of the shop"):
        woo.orders({})


def test_a_redirect_names_the_address_that_the_shop_has(shop, woo):
    shop.answers = [(301, "")]

    with pytest.raises(ShopOdd, match="give the address that it really has"):
        woo.orders({})


def test_wp_cron_that_is_off_is_told(shop, woo):
    shop.wp_cron = False

    assert "WP-Cron is off" in woo.check().problems[0]


def test_decimals_below_those_of_the_currency_are_told(shop, woo):
    shop.book.decimals = 0

    assert woo.check().problems == ("The shop rounds amounts to 0 decimals, where NPR has 2.",)


def test_a_shop_too_old_to_tell_what_changed_has_no_orders_for_us(shop, woo):
    shop.version = "5.7.2"

    checked = woo.check()

    assert "orders" not in checked.can
    assert "5.8 or later" in checked.problems[0]


@pytest.mark.parametrize("currency", ["JPY", "NPR"])
def test_the_currency_is_the_shops_and_not_the_merchants(shop, woo, currency):
    shop.currency = currency

    assert woo.check().currency == currency


def test_a_redirect_at_the_first_call_names_the_address_too(shop, woo):
    shop.answers = [(301, "")]

    with pytest.raises(ShopOdd, match="give the address that it really has"):
        woo.check()
