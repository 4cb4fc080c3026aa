"""What the shop's webhooks tell: hints, signed over the bytes as they came."""

import pytest

from merchant_api.channels.kinds.woocommerce.connector import CONNECTOR
from merchant_api.channels.shop_orders import Heard
from merchant_api.core import clock
from merchant_api.core.endpoint import Incoming
from tests.channels.woocommerce.driver import open_shop
from tests.channels.woocommerce.hearing import SECRET, URL, incoming, sign


def test_the_pings_at_the_making_are_answered_quietly(shop):
    open_shop(shop).listen(URL, SECRET)
    pings = [Incoming(body, {}, "application/x-www-form-urlencoded") for _, body in shop.hooks.pings]

    assert [CONNECTOR.hear(each, SECRET, clock.now()) for each in pings] == [Heard()] * 4


def test_an_order_is_a_hint_and_not_the_order(shop, heard):
    order = shop.book.place({shop.add("Kohlrabi ü/", 5): 1})

    found = heard()

    assert {each.order_ids for each in found} == {(str(order.id),)}
    assert all(not each.orders for each in found)


def test_changes_that_came_together_and_the_order_of_events_do_not_matter(shop, heard):
    order = shop.book.place({shop.add("Bell", 5): 1})
    shop.book.move(order, "cancelled")
    shop.hooks.queue.reverse()  # `updated` before `created`, which says cancelled

    assert [each.order_ids for each in heard()] == [(str(order.id),)] * 2


def test_deliveries_of_one_second_are_all_heard_though_they_share_an_id(shop, heard):
    shop.clock.stop()
    bell = shop.add("Bell", 5)
    orders = [str(shop.book.place({bell: 1}).id) for _ in range(3)]

    assert {each.order_ids[0] for each in heard()} == set(orders)
    assert (
        sign(shop, {"id": 1}).headers["x-wc-webhook-delivery-id"]
        == (sign(shop, {"id": 2}).headers["x-wc-webhook-delivery-id"])
    )


def test_the_visit_of_a_checkout_tells_nothing(shop, heard):
    shop.book.place({shop.add("Bell", 5): 1}, "checkout-draft")

    assert set(heard()) == {Heard()}


@pytest.mark.parametrize(
    ("topic", "body", "told"),
    [
        ("order.deleted", {"id": 5}, Heard(order_ids=("5",))),
        ("product.deleted", {"id": 5}, Heard(item_ids=("5",))),
        ("product.updated", {"id": 5, "type": "simple", "parent_id": 0}, Heard(item_ids=("5",))),
        ("product.updated", {"id": 6, "type": "variation", "parent_id": 5}, Heard(item_ids=("5/6",))),
        ("action.woocommerce_product_set_stock", {"action": "woocommerce_product_set_stock", "arg": []}, Heard()),
        ("coupon.created", {"id": 5}, Heard()),
        ("order.updated", {"id": "5; DROP"}, Heard()),
    ],
)
def test_each_topic_tells_what_is_to_be_read_again(shop, topic, body, told):
    assert CONNECTOR.hear(sign(shop, body, topic), SECRET, clock.now()) == told


def test_a_secret_with_signs_that_the_shop_would_decode_works_all_the_same(shop):
    open_shop(shop).listen(URL, "whsec_&amp;<é>")
    order, found = shop.book.place({shop.add("Bell", 5): 1}), []

    def send(url, headers, body):
        found.append(CONNECTOR.hear(incoming(headers, body), "whsec_&amp;<é>", clock.now()))
        return 200

    shop.hooks.run(send)

    assert (str(order.id),) in {each.order_ids for each in found}
    assert all(hook["secret"].isalnum() for hook in shop.hooks.rows.values())
