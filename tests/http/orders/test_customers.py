"""A merchant's customers, as those see them who answer orders: who is proven, and whom the merchant trusts."""

import pytest

from merchant_api.core.ids import new_id
from tests.http.orders.conftest import Shop
from tests.make.snapshot import everything
from tests.make.stock import make_product


@pytest.fixture
def strict(shop):
    shop.call("owner", "PATCH", "", {"unproven_open_orders": 1, "unproven_units": 2, "unproven_share_percent": 0})
    return shop


def path_of(shop, who="customer"):
    return f"/customers/{shop.people[who].id}"


@pytest.mark.parametrize("who", ["owner", "clerk", "staff", "key"])
def test_whom_the_merchant_trusts_is_not_asked_for_any_more(strict, who):
    mug = make_product(strict.merchant, on_hand=9)
    before = strict.order("customer", mug, 3).json

    reply = strict.call(who, "PATCH", path_of(strict), {"is_trusted": True})

    assert (reply.status_code, reply.json["is_trusted"], reply.json["is_proven"]) == (200, True, True)
    assert (before["state"], before["lines"][0]["verdict"]) == ("requested", "ask")
    assert strict.order("customer", mug, 3).json["state"] == "confirmed"
    taken_back = strict.call(who, "PATCH", path_of(strict), {"is_trusted": False}).json
    assert (taken_back["is_proven"], taken_back["open_orders"]) == (False, 2)


def test_the_reason_is_told_in_the_language_of_who_asks(strict):
    mug = make_product(strict.merchant, on_hand=9)

    order = strict.order("customer", mug, 3).json
    nepali = strict.call("owner", "GET", f"/orders/{order['id']}", Accept_Language="ne").json

    assert order["lines"][0]["verdict_code"] == "unproven"
    assert order["lines"][0]["verdict_reason"].startswith("3 wanted and 0 held: above 2 the merchant is asked")
    assert "पसललाई सोधिन्छ" in nepali["lines"][0]["verdict_reason"]


def test_whom_a_seller_entered_is_trusted_from_the_first(strict):
    mug = make_product(strict.merchant, on_hand=9)

    order = strict.order("clerk", mug, 8, customer={"name": "Maya", "email": "maya@example.com"}).json
    shown = strict.call("clerk", "GET", f"/customers/{order['customer_id']}").json

    assert (order["state"], shown["is_trusted"], shown["is_proven"]) == ("confirmed", True, True)
    assert (shown["name"], shown["email"], shown["open_orders"]) == ("Maya", "maya@example.com", 1)


def test_who_sold_here_and_left_is_as_new_as_anybody(strict):
    mug = make_product(strict.merchant, on_hand=9)
    while_there = strict.order("clerk", mug, 3).json["state"]
    strict.call("owner", "DELETE", f"/members/{strict.people['clerk'].id}")

    after = strict.order("clerk", mug, 3).json["state"]

    assert (while_there, after) == ("confirmed", "requested")


def test_who_got_his_order_is_proven(strict):
    mug = make_product(strict.merchant, on_hand=9)
    order = strict.order("customer", mug).json["id"]
    assert strict.call("owner", "GET", path_of(strict)).json["is_proven"] is False

    for step in ("pickup", "deliver"):
        strict.call("owner", "POST", f"/orders/{order}/{step}", {"also_owed": True})

    shown = strict.call("owner", "GET", path_of(strict)).json
    assert (shown["is_trusted"], shown["is_proven"], shown["open_orders"]) == (False, True, 0)


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("PATCH", {"is_trusted": True})])
def test_a_customer_of_another_merchant_is_like_nobody(shop, method, body):
    other = Shop(shop.client)
    before = everything(other.merchant.id)

    replies = [
        shop.call("owner", method, f"/customers/{each}", body) for each in (other.people["customer"].id, new_id())
    ]

    assert [(reply.status_code, reply.json["code"]) for reply in replies] == [(404, "not_found")] * 2
    assert everything(other.merchant.id) == before


@pytest.mark.parametrize("body", [{}, {"is_trusted": None}, {"is_trusted": "yes"}, {"is_trusted": 1}, {"name": "x"}])
def test_what_says_nothing_of_trust_is_refused_and_changes_nothing(shop, body):
    before = everything(shop.merchant.id)

    reply = shop.call("owner", "PATCH", path_of(shop), body)

    assert (reply.status_code, reply.json["code"]) == (422, "invalid")
    assert everything(shop.merchant.id) == before


def test_customers_trust_nobody_and_see_no_customers(shop):
    replies = [
        shop.call(who, method, path_of(shop), body)
        for who in ("customer", "other customer")
        for method, body in (("GET", None), ("PATCH", {"is_trusted": True}))
    ]

    assert {reply.status_code for reply in replies} == {403}
