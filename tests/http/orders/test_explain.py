"""Why is it 7? Over HTTP, and the detail of a product beside it."""

import pytest
from sqlalchemy import event

from merchant_api.core.db import db
from merchant_api.core.ids import new_id
from tests.make.sessions import make_close, make_count, make_staged
from tests.make.statements import asked
from tests.make.stock import make_cell, make_product


def explain(shop, product, query="", who="clerk"):
    return shop.call(who, "GET", f"/availability/{product.id}/explain{query}")


def test_a_figure_is_explained_from_the_snapshot_to_the_orders_that_hold_units(shop):
    product = make_product(shop.merchant, on_hand=9)
    make_staged(shop.merchant)
    make_count(product, 8)
    make_close(shop.merchant)
    body = {"product_id": str(product.id), "increase": 1, "reason": "received", "comment": "delivery of Monday"}
    shop.call("owner", "POST", "/stock/adjustments", body)
    order = shop.order("customer", product, 2).json

    told = explain(shop, product).json

    assert (told["on_hand"], told["held"], told["available"], told["used"]) == (9, 2, 7, 0)
    assert (told["sku"], told["why"], told["is_right"]) == (product.sku, "7 available: 9 on hand, 2 held", True)
    cell = told["cells"][0]
    assert (cell["location"], cell["available"], cell["why"]) == (
        "default",
        7,
        "7 available: 9 on hand, 2 held by 1 open hold",
    )
    assert (cell["start"]["on_hand"], cell["start"]["seq"]) == (9, 1)
    sessions = shop.call("owner", "GET", "/sessions").json["items"]
    closed = next(row for row in sessions if row["state"] == "closed")
    assert (cell["start"]["session_id"], cell["start"]["closed_at"]) == (closed["id"], closed["closed_at"])
    whys = [row["why"] for row in cell["rows"]]
    assert "8 counted, so 9 became 8" in whys[0]
    assert whys[1:] == ["1 received: delivery of Monday (Binod)", f"2 held for order {order['code']}"]
    assert [(row["on_hand_change"], row["on_hand"], row["held"]) for row in cell["rows"]] == [
        (-1, 8, 0),
        (1, 9, 0),
        (0, 9, 2),
    ]
    assert [(row["order_id"], row["order_code"]) for row in cell["rows"]][2] == (order["id"], order["code"])
    assert [(hold["order_id"], hold["order_code"], hold["quantity"]) for hold in cell["holds"]] == [
        (order["id"], order["code"], 2)
    ]
    assert (cell["earlier"], cell["holds_not_shown"], cell["units_not_shown"]) == ([], 0, 0)
    assert cell["check"]["on_hand"] == {"start": 9, "changes": 0, "now": 9, "is_right": True}
    assert cell["check"]["rows"] == {"start": 1, "changes": 3, "now": 4, "is_right": True}
    assert cell["check"]["is_right"]


def test_the_detail_of_a_product_names_the_orders_that_hold_its_units(shop):
    product = make_product(shop.merchant, on_hand=9)
    orders = [shop.order("customer", product, units).json for units in (1, 2)]

    holds = shop.call("clerk", "GET", f"/availability/{product.id}").json["holds"]

    assert [(hold["order_id"], hold["quantity"], hold["location"]) for hold in holds] == [
        (order["id"], order["lines"][0]["quantity"], "default") for order in orders
    ]
    assert shop.call("clerk", "GET", f"/orders/{holds[0]['order_id']}").json["code"] == orders[0]["code"]


def test_it_is_narrowed_to_a_place(shop):
    product = make_product(shop.merchant, on_hand=9)
    make_cell(product, 3, location="attic", grade="B")

    told = explain(shop, product, "?location=attic&grade=B").json

    assert [(cell["location"], cell["grade"], cell["on_hand"]) for cell in told["cells"]] == [("attic", "B", 3)]
    assert (told["on_hand"], told["available"]) == (3, 3)


@pytest.mark.parametrize("query", ["?location=", "?grade=" + "x" * 81, "?limit=5", "?location=%00"])
def test_it_refuses_what_it_does_not_know(shop, query):
    assert explain(shop, make_product(shop.merchant, on_hand=1), query).status_code == 422


def test_who_may_not_see_stock_sees_no_explanation(shop):
    product, other = make_product(shop.merchant, on_hand=1), make_product(on_hand=1)

    assert explain(shop, product, who="customer").status_code == 403
    assert explain(shop, product, who="newcomer").status_code == 404
    assert explain(shop, product, who="nobody").status_code == 401
    assert explain(shop, other, who="owner").status_code == 404
    assert explain(shop, other, who="staff").status_code == 404
    assert shop.call("owner", "GET", f"/availability/{new_id()}/explain").status_code == 404


def test_it_costs_the_same_whatever_happened(shop):
    product = make_product(shop.merchant, on_hand=90)
    for _ in range(6):
        shop.order("customer", product)
    assert explain(shop, product).status_code == 200
    statements = []
    event.listen(db.engines[None], "before_cursor_execute", lambda *told: statements.append(told[2]))

    assert explain(shop, product).status_code == 200

    assert len(asked(statements)) == 5
