"""Orders of channels through HTTP: told once, listed, cancelled, solved; ids of shops may hold anything."""

import pytest

from merchant_api.core.ids import new_id
from tests.make.channels import make_listing
from tests.make.sales import orders_of
from tests.make.stock import available, make_product

ORDER = {"external_id": "#1001", "lines": [{"sku": "mug ", "quantity": 2}], "is_paid": True}


def parked(external_id="#1001"):
    return {"external_id": external_id, "lines": [{"sku": "NONE", "quantity": 2}]}


def test_an_order_is_told_with_201_and_once_more_with_200(shop, mug, orders):
    first = shop.call("key", "POST", orders(), ORDER)
    again = shop.call("key", "POST", orders(), ORDER | {"lines": [{"sku": "MUG", "quantity": 5}]})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert (first.json["state"], first.json["why"], available(mug)) == ("taken", None, 3)
    shown = shop.call("clerk", "GET", f"/orders/{first.json['order_id']}").json
    assert (shown["origin"]["kind"], shown["origin"]["external_id"]) == ("channel", "#1001")
    assert shown["left_to_pay"]["amount"] == 0


@pytest.mark.parametrize("named", ["product_id", "shop_id", "sku"])
def test_a_line_is_named_by_any_of_its_ids(shop, mug, channel, orders, named):
    make_listing(channel, mug, shop_id="gid://shop/77")
    name = {"product_id": str(mug.id), "shop_id": "gid://shop/77", "sku": "MUG"}[named]
    price = {"amount": 10, "currency": "NPR"}

    told = shop.call("key", "POST", orders(), ORDER | {"lines": [{named: name, "quantity": 2, "unit_price": price}]})

    assert shop.call("clerk", "GET", f"/orders/{told.json['order_id']}").json["total"]["amount"] == 20


def test_parked_orders_are_listed_with_what_is_wrong_and_solved(shop, mug, orders):
    told = shop.call("key", "POST", orders(), parked())
    shop.call("key", "POST", orders(), ORDER | {"external_id": "#1002"})
    assert (told.status_code, told.json["state"], told.json["order_id"]) == (201, "parked", None)

    (row,) = shop.call("clerk", "GET", orders() + "?state=parked").json["items"]
    assert (row["external_id"], row["lines"][0]["line"]) == ("#1001", 1)
    assert "Line 1" in row["why"]

    solved = shop.call("clerk", "POST", orders("#1001", "solve"), {"lines": {"1": str(mug.id)}})
    assert (solved.status_code, solved.json["state"]) == (200, "taken")
    assert shop.call("clerk", "GET", orders() + "?state=parked").json["items"] == []
    assert len(shop.call("clerk", "GET", orders()).json["items"]) == 2


def test_an_order_is_ignored_with_a_reason(shop, orders):
    shop.call("key", "POST", orders(), parked())

    ignored = shop.call("clerk", "POST", orders("#1001", "solve"), {"ignore": True, "reason": "a test"})

    assert ignored.json == {"order_id": None, "state": "ignored", "why": "a test"}


@pytest.mark.parametrize("external_id", ["#1001", "2026/11/7", "a b?c", "cancel", "%2F", "é"])
def test_an_id_of_a_shop_may_hold_anything(shop, mug, orders, external_id):
    shop.call("key", "POST", orders(), ORDER | {"external_id": external_id})

    cancelled = shop.call("key", "POST", orders(external_id, "cancel"))

    assert (cancelled.status_code, cancelled.json["state"], available(mug)) == (200, "taken", 5)


@pytest.mark.parametrize(
    "change",
    [
        {"external_id": ""},
        {"external_id": "x" * 201},
        {"lines": []},
        {"lines": [{"quantity": 1}]},
        {"lines": [{"sku": "MUG", "quantity": 0}]},
        {"lines": [{"sku": "MUG", "quantity": 1.5}]},
        {"customer": {"person_id": str(new_id())}},
        {"external_id": "a\u0000b"},
    ],
)
def test_an_order_that_is_none_is_refused(shop, mug, orders, channel, change):
    answer = shop.call("key", "POST", orders(), ORDER | change)

    assert answer.status_code == 422
    assert (orders_of(channel), available(mug)) == ([], 5)


@pytest.mark.parametrize(
    "wish", [{"ignore": True}, {"reason": "why"}, {"ignore": True, "reason": "x", "lines": {}}, {"lines": {"x": "y"}}]
)
def test_a_solution_that_is_none_is_refused(shop, orders, wish):
    shop.call("key", "POST", orders(), parked())

    assert shop.call("clerk", "POST", orders("#1001", "solve"), wish).status_code == 422


def test_what_is_not_there_is_not_found(shop, mug, orders):
    other = f"/channels/{new_id()}/orders"

    assert shop.call("key", "POST", other, ORDER).status_code == 404
    assert shop.call("clerk", "GET", other).status_code == 404
    assert shop.call("key", "POST", orders("#1", "cancel")).status_code == 404
    assert shop.call("key", "POST", orders("#1", "solve"), {}).status_code == 404


def test_another_merchants_product_is_no_product_here(shop, orders):
    strange = make_product(on_hand=5)

    told = shop.call("key", "POST", orders(), ORDER | {"lines": [{"product_id": str(strange.id), "quantity": 1}]})

    assert (told.status_code, told.json["state"], available(strange)) == (201, "parked", 5)
