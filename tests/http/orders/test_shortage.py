"""A shortage is named when an order for a customer is saved, and again when its money is recorded."""

import pytest
from sqlalchemy import event

from merchant_api.catalog.models import Fulfilment, WhenShort
from merchant_api.core.db import db
from tests.make.snapshot import everything
from tests.make.statements import asked
from tests.make.stock import balances, make_product

MAYA = {"customer": {"name": "Maya"}}


def order(shop, lines, **members):
    rows = [{"product_id": str(product.id), "quantity": units, **more} for product, units, more in lines]
    return shop.call("owner", "POST", "/orders", {"lines": rows, **MAYA, **members})


def pay(shop, order, reference="r-1", **more):
    body = {"amount": order["total"], "reference": reference, **more}
    return shop.call("owner", "POST", f"/orders/{order['id']}/payments", body)


@pytest.mark.parametrize("who", ["owner", "staff"])
def test_saving_names_each_short_line_and_what_is_available(shop, who):
    plenty = make_product(shop.merchant, on_hand=9)
    few = make_product(shop.merchant, on_hand=1, when_short=WhenShort.REFUSE)
    none = make_product(shop.merchant, when_short=WhenShort.REFUSE)
    lines = [
        {"product_id": str(product.id), "quantity": units} for product, units in ((few, 2), (plenty, 9), (none, 1))
    ]
    before = everything(shop.merchant.id)

    refused = shop.call(who, "POST", "/orders", {"lines": lines, **MAYA}, Idempotency_Key="k-1")

    assert (refused.status_code, refused.json["code"]) == (409, "insufficient_stock")
    named = [(line["line"], line["sku"], line["wanted"], line["available"]) for line in refused.json["lines"]]
    assert named == [(0, few.sku, 2, 1), (2, none.sku, 1, 0)]
    assert everything(shop.merchant.id) == before


def test_a_price_is_set_for_what_can_be_sold_and_is_logged(shop):
    mug, none = make_product(shop.merchant, on_hand=9), make_product(shop.merchant, when_short=WhenShort.REFUSE)
    price = {"unit_price": {"amount": 99_00, "currency": "NPR"}}

    sold = order(shop, [(mug, 2, price)])
    refused = order(shop, [(none, 2, price)])

    assert (sold.status_code, sold.json["total"]["amount"]) == (201, 2 * 99_00)
    history = shop.call("owner", "GET", f"/orders/{sold.json['id']}/history").json["items"]
    assert history[0]["note"] == f"{mug.sku} sold at 9900 in minor units"
    assert (refused.status_code, refused.json["code"]) == (409, "insufficient_stock")


def test_paying_what_stock_covers_names_nothing(shop):
    mug, sticker = make_product(shop.merchant, on_hand=2), make_product(shop.merchant, is_tracked=False)
    placed = order(shop, [(mug, 2, {}), (sticker, 3, {})], payment_terms="after_acceptance").json

    paid = pay(shop, placed)

    assert (paid.status_code, paid.json["shortage"]) == (201, [])


def test_paying_names_what_the_merchant_promised_beyond_stock(shop):
    bowl, mug = make_product(shop.merchant, on_hand=2), make_product(shop.merchant, on_hand=5)
    placed = order(shop, [(mug, 1, {}), (bowl, 5, {})]).json
    shop.call("owner", "POST", f"/orders/{placed['id']}/accept", {})

    paid = pay(shop, placed)

    assert paid.json["order"]["state"] == "confirmed"
    assert paid.json["shortage"] == [
        {
            "line": 1,
            "sku": bowl.sku,
            "name": bowl.name,
            "wanted": 5,
            "promised": 3,
            "owed": 0,
            "why": "3 of 5 promised by the merchant beyond stock",
        }
    ]


def test_paying_names_what_a_backorder_is_owed_until_units_come_in(shop):
    poster = make_product(shop.merchant, on_hand=3, when_short=WhenShort.BACKORDER)
    older, newer = (order(shop, [(poster, 2, {})]).json for _ in range(2))

    first, second = pay(shop, older, "r-1"), pay(shop, newer, "r-2")
    received = {"product_id": str(poster.id), "increase": 1, "reason": "received"}
    assert shop.call("owner", "POST", "/stock/adjustments", received).status_code in (200, 201)
    again = pay(shop, newer, "r-2")

    assert first.json["shortage"] == []
    assert second.json["shortage"] == [
        {
            "line": 0,
            "sku": poster.sku,
            "name": poster.name,
            "wanted": 2,
            "promised": 0,
            "owed": 1,
            "why": "1 of 2 owed until stock comes in",
        }
    ]
    assert (again.status_code, again.json["shortage"]) == (200, [])


def test_what_waits_for_the_merchant_s_answer_is_owed(shop):
    bowl, mug = make_product(shop.merchant, on_hand=2), make_product(shop.merchant, on_hand=5)
    placed = order(shop, [(mug, 1, {}), (bowl, 5, {})]).json

    paid = pay(shop, placed)

    assert (paid.status_code, paid.json["order"]["state"]) == (201, "requested")
    assert [(line["line"], line["promised"], line["owed"]) for line in paid.json["shortage"]] == [(1, 0, 5)]


def test_money_for_an_order_that_is_over_names_no_shortage(shop):
    bowl = make_product(shop.merchant, on_hand=0)
    placed = order(shop, [(bowl, 5, {})]).json
    shop.call("owner", "POST", f"/orders/{placed['id']}/decline", {"reason": "closed"})

    paid = pay(shop, placed)

    assert (paid.status_code, paid.json["shortage"]) == (202, [])


def test_a_shortage_costs_one_read(shop):
    product = {"when_short": WhenShort.BACKORDER, "fulfilment": Fulfilment.NONE}
    lines = [(make_product(shop.merchant, on_hand=1, **product), 2, {}) for _ in range(5)]
    sticker = make_product(shop.merchant, is_tracked=False, fulfilment=Fulfilment.NONE)
    counted = []
    for wish in ([(sticker, 1, {})], lines):
        placed = order(shop, wish).json
        statements = []
        event.listen(db.engines[None], "before_cursor_execute", lambda *told, seen=statements: seen.append(told[2]))
        paid = pay(shop, placed, placed["code"])
        counted.append((len(paid.json["shortage"]), len(asked(statements))))

    (none, without), (five, with_it) = counted
    assert (none, five, with_it - without) == (0, 5, 1)
    assert balances(lines[0][0]) == (1, 2, 0)
