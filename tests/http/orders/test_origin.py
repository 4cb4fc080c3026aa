"""Where an order came from, as everyone who sees the order is told."""

import pytest

from merchant_api.core.ids import new_id
from merchant_api.orders.models import Origin
from merchant_api.orders.states import OriginKind
from tests.make.orders import place_one
from tests.make.stock import make_product

BY_NAME = {"customer": {"name": "Maya"}}


def origin_of(kind, channel_id=None, external_id=None):
    return {"kind": kind, "channel_id": channel_id, "external_id": external_id}


@pytest.mark.parametrize(
    ("who", "members", "kind"),
    [
        ("customer", {}, "api"),
        ("key", BY_NAME, "api"),
        ("owner", {}, "api"),
        ("owner", BY_NAME, "person"),
        ("clerk", BY_NAME, "person"),
        ("staff", BY_NAME, "person"),
    ],
)
def test_an_order_says_who_sent_it(shop, who, members, kind):
    mug = make_product(shop.merchant, on_hand=5)

    placed = shop.order(who, mug, **members)

    assert (placed.status_code, placed.json["origin"]) == (201, origin_of(kind))
    assert shop.call("owner", "GET", f"/orders/{placed.json['id']}").json["origin"] == origin_of(kind)


def test_a_checked_out_cart_says_that_it_was_one(shop):
    mug = make_product(shop.merchant, on_hand=5)
    cart = shop.call("customer", "POST", "/carts").json["id"]
    shop.call("customer", "PUT", f"/carts/{cart}/lines/{mug.id}", {"quantity": 1})

    order = shop.call("customer", "POST", f"/carts/{cart}/checkout", {}).json

    assert order["origin"] == origin_of("cart")


def test_a_channels_order_names_it_and_its_own_number(shop):
    channel = new_id()
    order = place_one(
        [(make_product(shop.merchant, on_hand=5), 1)], origin=Origin(OriginKind.CHANNEL, channel, "#1001")
    )

    shown = shop.call("owner", "GET", f"/orders/{order.id}").json

    assert shown["origin"] == origin_of("channel", str(channel), "#1001")


def test_nobody_says_where_an_order_comes_from(shop):
    mug = make_product(shop.merchant, on_hand=5)

    reply = shop.order("owner", mug, origin={"kind": "channel"})

    assert reply.status_code == 422
