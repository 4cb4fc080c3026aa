"""Ordering events: each topic once to our address, again and again."""

import pytest

from merchant_api.channels.faults import ShopDenies, ShopOdd
from merchant_api.channels.kinds.shopify.listen import TOPICS
from tests.channels.shopify.driver import ShopifyDriver

URL = "https://orderbell.example/v1/channel-events/m/c"


def test_each_topic_is_ordered_once_however_often_it_is_asked_for(driver: ShopifyDriver):
    for _ in range(3):
        driver.open().listen(URL, "ignored")

    assert sorted(each["topic"] for each in driver.trade.events.subscriptions) == sorted(TOPICS)
    assert driver.shop.asked.count("OrderEvents") == len(TOPICS)


def test_what_shopify_took_away_is_ordered_again(driver: ShopifyDriver):
    driver.open().listen(URL, "ignored")
    driver.trade.events.subscriptions.pop(0)

    driver.open().listen(URL, "ignored")

    assert len(driver.trade.events.subscriptions) == len(TOPICS)


def test_an_address_that_changed_is_ordered_beside_the_old_one(driver: ShopifyDriver):
    driver.open().listen("https://old.example/", "ignored")

    driver.open().listen(URL, "ignored")

    assert sum(each["uri"] == URL for each in driver.trade.events.subscriptions) == len(TOPICS)


def test_an_address_that_shopify_takes_not_is_told_with_why(driver: ShopifyDriver):
    with pytest.raises(ShopOdd, match="http:// is not supported"):
        driver.open().listen("http://orderbell.example/", "ignored")


def test_a_topic_without_its_scope_is_told(driver: ShopifyDriver):
    driver.shop.graph.denied["webhookSubscriptionCreate"] = "read_orders"

    with pytest.raises(ShopDenies, match="read_orders"):
        driver.open().listen(URL, "ignored")
