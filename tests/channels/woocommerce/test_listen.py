"""Webhooks are found, made, and made anew; that one is active proves nothing."""

import pytest

from merchant_api.channels.faults import ShopDenies
from tests.channels.woocommerce.driver import open_shop
from tests.channels.woocommerce.hearing import SECRET, URL

TOPICS = ["order.created", "order.deleted", "order.updated", "product.deleted"]


def active(shop):
    return sorted(hook["topic"] for hook in shop.hooks.rows.values() if hook["status"] == "active")


def fail(url, headers, body):
    return 500


def test_listening_makes_one_webhook_for_each_topic(shop, woo):
    woo.listen(URL, SECRET)

    assert active(shop) == TOPICS
    assert {hook["delivery_url"] for hook in shop.hooks.rows.values()} == {URL}
    assert all(hook["secret"] == SECRET for hook in shop.hooks.rows.values())


def test_listening_again_changes_nothing(shop, woo):
    woo.listen(URL, SECRET)
    made = dict(shop.hooks.rows)

    open_shop(shop).listen(URL, SECRET)

    assert shop.hooks.rows == made


def test_a_webhook_that_failures_switched_off_is_made_anew_and_nothing_is_missing(shop, woo):
    woo.listen(URL, SECRET)
    bell, mark = shop.add("Bell", 50), woo.orders({}).mark
    for _ in range(10):
        shop.book.place({bell: 1})
        shop.hooks.run(fail)
    was = active(shop)

    open_shop(shop).listen(URL, SECRET)

    assert was == ["order.deleted", "product.deleted"]
    assert active(shop) == TOPICS
    assert len(shop.hooks.rows) == 4
    assert len(open_shop(shop).orders(mark).orders) == 10


def test_switching_a_webhook_on_again_would_end_at_the_next_failure(shop, woo):
    woo.listen(URL, SECRET)
    bell = shop.add("Bell", 50)
    for _ in range(7):
        shop.book.place({bell: 1})
        shop.hooks.run(fail)
    for hook in shop.hooks.rows.values():
        hook["status"] = "active"
    shop.book.place({bell: 1})
    shop.hooks.run(fail)

    assert active(shop) == ["order.deleted", "product.deleted"]


def test_a_paused_webhook_is_made_anew(shop, woo):
    woo.listen(URL, SECRET)
    next(iter(shop.hooks.rows.values()))["status"] = "paused"

    open_shop(shop).listen(URL, SECRET)

    assert active(shop) == TOPICS
    assert len(shop.hooks.rows) == 4


def test_a_new_secret_makes_new_webhooks(shop, woo):
    woo.listen(URL, SECRET)

    open_shop(shop).listen(URL, "an0ther" * 5)

    assert {hook["secret"] for hook in shop.hooks.rows.values()} == {"an0ther" * 5}
    assert active(shop) == TOPICS


def test_webhooks_of_an_earlier_host_of_ours_are_taken_away(shop, woo):
    woo.listen(URL.replace("api.", "old."), SECRET)

    open_shop(shop).listen(URL, SECRET)

    assert {hook["delivery_url"] for hook in shop.hooks.rows.values()} == {URL}


def test_webhooks_of_others_are_left_alone(shop, woo):
    for name, url in (("Ledger", URL), ("Orderbell x", "https://api.example/v1/channel-events/1/3")):
        shop.hooks.create({"name": name, "topic": "order.created", "delivery_url": url, "secret": "x"})

    woo.listen(URL, SECRET)

    assert len(shop.hooks.rows) == 6


def test_webhooks_behind_the_first_hundred_are_found(shop, woo):
    for number in range(150):
        other = {"name": "Ledger", "topic": "order.created", "delivery_url": f"https://x.example/{number}"}
        shop.hooks.create({**other, "secret": "x"})
    woo.listen(URL, SECRET)

    open_shop(shop).listen(URL, SECRET)

    assert len(shop.hooks.rows) == 154


def test_a_key_that_may_only_read_can_not_listen(shop, woo):
    shop.permission = "read"

    with pytest.raises(ShopDenies, match="may only read"):
        woo.listen(URL, SECRET)
