"""After the sale over HTTP: parts cancelled, a wish to cancel, returns, the inventory log, and what is owed."""

import pytest

from merchant_api.catalog.models import WhenShort
from tests.http.orders.conftest import Shop
from tests.make.snapshot import check_books, everything
from tests.make.stock import balances, make_product


def delivered(shop, product, quantity=3):
    order = shop.order("customer", product, quantity).json
    for step in ("pickup", "deliver"):
        assert shop.call("clerk", "POST", f"/orders/{order['id']}/{step}").status_code == 200
    return order


def test_a_customer_cancels_a_part_and_the_record_says_what_is_left(shop):
    mug = make_product(shop.merchant, on_hand=9)
    order = shop.order("customer", mug, 3).json

    reply = shop.call(
        "customer", "POST", f"/orders/{order['id']}/cancel", {"reason": "fewer", "lines": [{"line": 0, "quantity": 2}]}
    )

    assert reply.status_code == 200
    assert (reply.json["state"], reply.json["total"]["amount"]) == ("confirmed", 150_000)
    assert (reply.json["lines"][0]["cancelled"], reply.json["lines"][0]["held"]) == (2, 1)
    record = shop.call("clerk", "GET", "/stock/records").json["items"][0]
    assert (record["code"], record["ordered"], record["quantity"]) == (order["code"], 3, 1)


def test_a_wish_to_cancel_is_asked_seen_and_granted(shop):
    shop.call("owner", "PATCH", "", {"cancel_window_s": 0})
    mug = make_product(shop.merchant, on_hand=9)
    order = shop.order("customer", mug, 3).json
    path = f"/orders/{order['id']}"

    late = shop.call("customer", "POST", f"{path}/cancel", {"reason": "too late"})
    asked = shop.call("customer", "POST", f"{path}/cancel-request", {"reason": "ordered twice"})
    again = shop.call("customer", "POST", f"{path}/cancel-request", {"reason": "please"})
    granted = shop.call("clerk", "POST", f"{path}/cancel-request/grant", {})

    assert (late.status_code, late.json["code"]) == (409, "cancel_window_over")
    assert (asked.status_code, asked.json["cancel_requested"]) == (200, True)
    assert (again.status_code, again.json["code"]) == (409, "asked_before")
    assert (granted.json["state"], granted.json["cancel_requested"]) == ("cancelled", False)
    assert balances(mug) == (9, 0, 0)


@pytest.mark.parametrize("step", ["grant", "refuse"])
def test_a_customer_does_not_answer_himself(shop, step):
    order = shop.order("customer", make_product(shop.merchant, on_hand=9)).json

    reply = shop.call("customer", "POST", f"/orders/{order['id']}/cancel-request/{step}", {})

    assert (reply.status_code, reply.json["code"]) == (403, "forbidden")


def test_goods_come_back_and_the_same_call_twice_brings_them_once(shop):
    mug = make_product(shop.merchant, on_hand=9)
    order = delivered(shop, mug)
    body = {"lines": [{"line": 0, "quantity": 1, "condition": "resellable", "note": "too small"}]}

    replies = [
        shop.call("clerk", "POST", f"/orders/{order['id']}/returns", body, Idempotency_Key="back-1") for _ in range(2)
    ]

    assert [reply.status_code for reply in replies] == [201, 201]
    assert replies[0].json == replies[1].json
    assert replies[0].json["returns"][0]["value"] == {"amount": 150_000, "currency": "NPR"}
    assert balances(mug)[0] - balances(mug)[1] == 7
    listed = shop.call("customer", "GET", f"/orders/{order['id']}/returns").json["items"]
    assert [(row["quantity"], row["condition"], row["note"]) for row in listed] == [(1, "resellable", "too small")]
    check_books(shop.merchant.id)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"lines": []}, 422, "invalid"),
        ({"lines": [{"line": 0, "quantity": 0, "condition": "damaged"}]}, 422, "invalid"),
        ({"lines": [{"line": 0, "quantity": True, "condition": "damaged"}]}, 422, "invalid"),
        ({"lines": [{"line": 0, "quantity": 1, "condition": "lost"}]}, 422, "invalid"),
        ({"lines": [{"line": 0, "quantity": 1, "condition": "damaged", "order_id": "x"}]}, 422, "invalid"),
        ({"lines": [{"line": 9, "quantity": 1, "condition": "damaged"}]}, 422, "unknown_line"),
        ({"lines": [{"line": 0, "quantity": 1, "condition": "damaged", "grade": "gold"}]}, 422, "no_such_place"),
        ({"lines": [{"line": 0, "quantity": 4, "condition": "damaged"}]}, 409, "more_than_delivered"),
        ({"lines": [{"line": 0, "quantity": 2, "condition": "damaged"}] * 2}, 409, "more_than_delivered"),
    ],
)
def test_a_return_that_is_none_changes_nothing(shop, body, status, code):
    order = delivered(shop, make_product(shop.merchant, on_hand=9))
    before = everything(shop.merchant.id)

    reply = shop.call("owner", "POST", f"/orders/{order['id']}/returns", body)

    assert (reply.status_code, reply.json["code"]) == (status, code)
    assert everything(shop.merchant.id) == before


@pytest.mark.parametrize(
    ("parts", "status", "code"),
    [
        ([], 422, "invalid"),
        ([{"line": 0, "quantity": 4}], 409, "more_than_left"),
        ([{"line": 1, "quantity": 1}], 422, "unknown_line"),
        ([{"line": 0, "quantity": 1}, {"line": 0, "quantity": 1}], 422, "unknown_line"),
        ([{"line": 0, "quantity": 1, "guests": ["Nima"]}], 422, "unknown_guest"),
        ([{"line": -1, "quantity": 1}], 422, "invalid"),
    ],
)
def test_a_part_that_is_none_changes_nothing(shop, parts, status, code):
    order = shop.order("customer", make_product(shop.merchant, on_hand=9), 3).json
    before = everything(shop.merchant.id)

    reply = shop.call("owner", "POST", f"/orders/{order['id']}/cancel", {"reason": "fewer", "lines": parts})

    assert (reply.status_code, reply.json["code"]) == (status, code)
    assert everything(shop.merchant.id) == before


def test_what_is_owed_is_listed_by_product_and_order(shop):
    poster = make_product(shop.merchant, on_hand=1, when_short=WhenShort.BACKORDER)
    other = Shop(shop.client)
    make_product(other.merchant, when_short=WhenShort.BACKORDER)
    order = shop.order("customer", poster, 3).json

    reply = shop.call("clerk", "GET", f"/stock/owed?product={poster.id}")

    (item,) = reply.json["items"]
    assert (item["code"], item["sku"], item["held"], item["owed"]) == (order["code"], poster.sku, 3, 2)
    assert item["kind"] == "backorder"
    assert other.call("owner", "GET", "/stock/owed").json["items"] == []
