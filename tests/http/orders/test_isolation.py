"""What belongs to another merchant or another customer answers like what does not exist."""

import pytest

from merchant_api.core.ids import new_id
from tests.http.orders.conftest import Shop
from tests.make.snapshot import everything
from tests.make.stock import make_product

MONEY = {"amount": 150_000, "currency": "NPR"}
CALLS = {
    ("GET", ""): None,
    ("GET", "/history"): None,
    ("POST", "/accept"): {},
    ("POST", "/decline"): {"reason": "closed"},
    ("POST", "/cancel"): {"reason": "no"},
    ("POST", "/payments"): {"amount": MONEY, "reference": "r-1"},
    ("POST", "/pickup"): None,
    ("POST", "/deliver"): None,
    ("POST", "/fail"): {"reason": "no"},
    ("POST", "/allocate"): {"line": 0, "to": {}},
    ("POST", "/cancel-request"): {"reason": "no"},
    ("POST", "/cancel-request/grant"): {},
    ("POST", "/cancel-request/refuse"): {},
    ("POST", "/returns"): {"lines": [{"line": 0, "quantity": 1, "condition": "resellable"}]},
    ("GET", "/returns"): None,
}
FOR_CUSTOMERS = [
    ("GET", ""),
    ("GET", "/history"),
    ("POST", "/cancel"),
    ("POST", "/cancel-request"),
    ("GET", "/returns"),
]


def told(reply):
    """An answer without the id that was asked for."""
    return reply.status_code, reply.json


@pytest.mark.parametrize("who", ["owner", "clerk", "staff", "key"])
@pytest.mark.parametrize(("method", "path"), sorted(CALLS))
def test_another_merchant_s_order_is_like_none_and_stays_as_it_is(shop, who, method, path):
    other = Shop(shop.client)
    theirs = other.order("customer", make_product(other.merchant)).json["id"]
    before = everything(other.merchant.id)

    replies = [
        shop.call(who, method, f"/orders/{order_id}{path}", CALLS[method, path]) for order_id in (theirs, new_id())
    ]

    assert replies[0].status_code == 404
    assert told(replies[0]) == told(replies[1])
    assert everything(other.merchant.id) == before


@pytest.mark.parametrize("who", ["other customer", "newcomer"])
@pytest.mark.parametrize(("method", "path"), FOR_CUSTOMERS)
def test_another_customer_s_order_is_like_none_and_stays_as_it_is(shop, who, method, path):
    order = shop.order("customer", make_product(shop.merchant)).json["id"]
    before = everything(shop.merchant.id)

    replies = [
        shop.call(who, method, f"/orders/{order_id}{path}", CALLS[method, path]) for order_id in (order, new_id())
    ]

    assert replies[0].status_code == 404
    assert told(replies[0]) == told(replies[1])
    assert everything(shop.merchant.id) == before


def test_a_list_holds_what_is_one_s_own(shop):
    other = Shop(shop.client)
    mine = shop.order("customer", make_product(shop.merchant)).json["id"]
    shop.order("other customer", make_product(shop.merchant))
    other.order("customer", make_product(other.merchant))

    listed = shop.call("customer", "GET", "/orders").json["items"]
    my_own = shop.client.get("/v1/me/orders", headers=shop.headers["customer"]).json["items"]

    assert [row["id"] for row in listed] == [row["id"] for row in my_own] == [mine]
    assert shop.call("newcomer", "GET", "/orders").json["items"] == []


def test_a_product_or_place_of_another_merchant_is_unknown(shop):
    other = Shop(shop.client)
    theirs = make_product(other.merchant, on_hand=5)

    product = shop.order("customer", theirs)
    mug = make_product(shop.merchant, on_hand=5)
    line = {"product_id": str(mug.id), "quantity": 1, "location": "attic"}
    place = shop.call("customer", "POST", "/orders", {"lines": [line]})

    assert (product.status_code, product.json["code"]) == (422, "unknown_product")
    assert list(product.json["errors"]["lines"]) == ["0"]
    assert (place.status_code, place.json["code"]) == (422, "no_such_place")


def test_my_orders_at_several_merchants_are_one_list(shop):
    other = Shop(shop.client)
    other.headers["customer"] = shop.headers["customer"]
    first = shop.order("customer", make_product(shop.merchant, on_hand=5)).json["id"]
    second = other.order("customer", make_product(other.merchant, on_hand=5)).json["id"]

    mine = shop.client.get("/v1/me/orders", headers=shop.headers["customer"]).json["items"]

    assert [row["id"] for row in mine] == [second, first]
    assert [row["lines"][0]["held"] for row in mine] == [1, 1]
