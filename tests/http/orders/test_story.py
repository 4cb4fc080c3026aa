"""The whole story over HTTP: taken at once; asked, accepted, paid and delivered; and who may do which part."""

import pytest

from merchant_api.catalog.models import Fulfilment, WhenShort
from tests.make.stock import balances, make_product

MONEY = {"amount": 150_000, "currency": "NPR"}


def payment(reference="bank-1", **members):
    return {"amount": MONEY, "reference": reference, **members}


def test_a_customer_s_order_that_stock_covers_is_confirmed_at_once(shop):
    mug = make_product(shop.merchant, on_hand=25)

    reply = shop.order("customer", mug, 2, note="Gift-wrapped, please")

    order = reply.json
    assert reply.status_code == 201
    assert (order["state"], order["mode"], order["payment_terms"]) == ("confirmed", "instant", "on_delivery")
    assert order["total"] == {"amount": 300_000, "currency": "NPR"}
    assert order["note"] == "Gift-wrapped, please"
    assert order["placed_by"]["kind"] == "customer"
    assert order["pickup_asked_at"] == order["confirmed_at"] == order["placed_at"]
    line = order["lines"][0]
    assert {name: line[name] for name in ("sku", "quantity", "verdict", "verdict_reason", "held", "promised")} == {
        "sku": mug.sku,
        "quantity": 2,
        "verdict": "covered",
        "verdict_reason": "2 wanted, 25 available",
        "held": 2,
        "promised": 0,
    }
    assert shop.call("customer", "GET", f"/products/{mug.id}").json["stock"]["available"] == 23


def test_a_request_is_accepted_paid_picked_up_and_delivered_each_by_who_may(shop):
    bowl = make_product(shop.merchant, on_hand=0)
    order = shop.order("customer", bowl).json
    path = f"/orders/{order['id']}"
    assert (order["state"], order["mode"]) == ("requested", "on_request")
    assert order["respond_by"] is not None

    accepted = shop.call("clerk", "POST", f"{path}/accept", {"note": "Ready tomorrow"})
    paid = shop.call("key", "POST", f"{path}/payments", payment())
    picked_up = shop.call("clerk", "POST", f"{path}/pickup")
    delivered = shop.call("owner", "POST", f"{path}/deliver")

    assert [reply.status_code for reply in (accepted, paid, picked_up, delivered)] == [200, 201, 200, 200]
    assert (accepted.json["state"], accepted.json["answered_by"]["name"]) == ("awaiting_payment", "Sita")
    assert (paid.json["state"], paid.json["order"]["state"]) == ("counted", "confirmed")
    assert delivered.json["state"] == "delivered"
    history = shop.call("customer", "GET", f"{path}/history").json["items"]
    assert [(row["step"], row["state"], row["actor"]["kind"]) for row in history] == [
        ("place", "requested", "customer"),
        ("accept", "awaiting_payment", "clerk"),
        ("pay", "confirmed", "integration"),
        ("ask_pickup", "confirmed", "integration"),
        ("pickup", "picked_up", "clerk"),
        ("deliver", "delivered", "owner"),
    ]


def test_a_declined_request_says_why_and_what_is_out_of_stock(shop):
    shawl = make_product(shop.merchant, on_hand=2)
    order = shop.order("customer", shawl, 5).json
    answer = {"reason": "partial_stock", "note": "Two are damaged", "out_of_stock": [str(shawl.id)]}

    reply = shop.call("clerk", "POST", f"/orders/{order['id']}/decline", answer)

    assert (reply.status_code, reply.json["state"], reply.json["reason"]) == (200, "declined", "partial_stock")
    assert shop.call("customer", "GET", f"/orders/{order['id']}").json["answer_note"] == "Two are damaged"
    assert shop.call("customer", "GET", f"/products/{shawl.id}").json["mode"] == "on_request"


def test_both_ways_live_side_by_side_in_one_shop(shop):
    mug, bowl = make_product(shop.merchant, on_hand=5), make_product(shop.merchant, on_hand=0)
    shawl = make_product(shop.merchant, on_hand=2)

    states = [
        shop.order("customer", product, units).json["state"] for product, units in ((mug, 1), (bowl, 1), (shawl, 5))
    ]

    assert states == ["confirmed", "requested", "requested"]
    assert shop.order("customer", shawl, 2).json["state"] == "confirmed"


def test_a_second_answer_is_told_who_gave_the_first(shop):
    order = shop.order("customer", make_product(shop.merchant)).json
    path = f"/orders/{order['id']}"
    shop.call("clerk", "POST", f"{path}/decline", {"reason": "too_busy"})

    reply = shop.call("owner", "POST", f"{path}/accept", {})

    assert (reply.status_code, reply.json["code"]) == (409, "wrong_state")
    assert (reply.json["answered_by"]["name"], reply.json["state"]) == ("Sita", "declined")


def test_stock_that_refuses_names_each_short_line(shop):
    seat = make_product(shop.merchant, on_hand=1, when_short=WhenShort.REFUSE)

    reply = shop.order("customer", seat, 2)

    assert (reply.status_code, reply.json["code"]) == (409, "insufficient_stock")
    assert reply.json["lines"] == [
        {"line": 0, "product_id": str(seat.id), "sku": seat.sku, "name": seat.name, "wanted": 2, "available": 1}
    ]


def test_money_is_counted_told_again_parked_and_due_back(shop):
    mug = make_product(shop.merchant, on_hand=5)
    path = f"/orders/{shop.order('customer', mug).json['id']}/payments"

    replies = [
        shop.call("owner", "POST", path, payment()),
        shop.call("owner", "POST", path, payment()),
        shop.call("owner", "POST", path, payment("bank-2", amount={"amount": 150_000, "currency": "INR"})),
        shop.call("owner", "POST", path, payment("bank-1", amount={"amount": 1, "currency": "NPR"})),
    ]

    assert [reply.status_code for reply in replies] == [201, 200, 202, 409]
    assert (replies[2].json["state"], replies[2].json["payment"]["parked_reason"]) == ("parked", "wrong_currency")
    assert replies[3].json["code"] == "reference_used"
    listed = shop.call("owner", "GET", "/payments?parked=true").json["items"]
    assert [row["reference"] for row in listed] == ["bank-2"]
    assert shop.call("owner", "GET", "/payments?due_back=true").json["items"] == listed


def test_what_could_not_be_delivered_is_cancelled_and_back_in_stock(shop):
    mug = make_product(shop.merchant, on_hand=5)
    path = f"/orders/{shop.order('customer', mug, 2).json['id']}"
    shop.call("clerk", "POST", f"{path}/pickup")

    reply = shop.call("clerk", "POST", f"{path}/fail", {"reason": "Nobody at home"})

    assert (reply.json["state"], reply.json["reason"]) == ("cancelled", "undelivered")
    assert balances(mug) == (5, 0, 0)


def test_a_customer_cancels_in_time_but_does_not_choose_where_units_go(shop):
    mug = make_product(shop.merchant, on_hand=5)
    path = f"/orders/{shop.order('customer', mug, 2).json['id']}/cancel"

    denied = shop.call("customer", "POST", path, {"reason": "no", "restock": False})
    done = shop.call("customer", "POST", path, {"reason": "Ordered twice"})

    assert (denied.status_code, done.status_code) == (403, 200)
    assert (done.json["state"], done.json["reason"]) == ("cancelled", "Ordered twice")
    assert balances(mug) == (5, 0, 0)


def test_somebody_new_becomes_a_customer_by_ordering(shop):
    mug = make_product(shop.merchant, on_hand=5)

    order = shop.order("newcomer", mug).json

    assert order["customer_name"] == "Nima"
    assert shop.call("newcomer", "GET", f"/orders/{order['id']}").status_code == 200
    mine = shop.client.get("/v1/me/orders", headers=shop.headers["newcomer"]).json["items"]
    assert [row["id"] for row in mine] == [order["id"]]


def test_what_needs_no_courier_is_delivered_without_pickup(shop):
    seat = make_product(shop.merchant, on_hand=5, fulfilment=Fulfilment.NONE)
    path = f"/orders/{shop.order('customer', seat).json['id']}"

    assert shop.call("owner", "POST", f"{path}/pickup").json["code"] == "no_courier"
    assert shop.call("owner", "POST", f"{path}/deliver").json["state"] == "delivered"


@pytest.mark.parametrize("who", ["owner", "clerk", "staff"])
def test_members_and_staff_order_for_somebody_and_set_a_price(shop, who):
    mug = make_product(shop.merchant, on_hand=5, max_quantity=1)
    customer = {"name": "Walk-in", "phone": "+9779812345678"}
    line = {"product_id": str(mug.id), "quantity": 3, "unit_price": {"amount": 100, "currency": "NPR"}}

    reply = shop.call(who, "POST", "/orders", {"lines": [line], "customer": customer})

    assert reply.status_code == 201
    assert (reply.json["customer_name"], reply.json["total"]["amount"]) == ("Walk-in", 300)
    note = shop.call("owner", "GET", f"/orders/{reply.json['id']}/history").json["items"][0]["note"]
    assert f"{mug.sku}: 3 ordered over the limit of 1" in note
    assert "sold at 100" in note


def test_a_key_orders_for_somebody_within_the_limits_and_at_the_price_of_the_shop(shop):
    mug, customer = make_product(shop.merchant, on_hand=5, max_quantity=1), {"name": "Web customer"}
    line = {"product_id": str(mug.id), "quantity": 1}
    cheap = line | {"unit_price": {"amount": 100, "currency": "NPR"}}

    replies = [
        shop.call("key", "POST", "/orders", {"lines": [wanted], "customer": customer})
        for wanted in (line, line | {"quantity": 2}, cheap)
    ]

    assert [reply.status_code for reply in replies] == [201, 409, 403]
    assert balances(mug) == (5, 1, 0)


@pytest.mark.parametrize(
    "members",
    [
        {"customer": {"name": "Somebody else"}},
        {"payment_terms": "prepaid", "payment_reference": "mine-1"},
        {"lines": [{"product_id": "MUG", "quantity": 1, "unit_price": {"amount": 1, "currency": "NPR"}}]},
    ],
)
def test_customers_do_not_order_for_others_nor_call_themselves_paid_nor_set_prices(shop, members):
    mug = make_product(shop.merchant, on_hand=5)
    body = {"lines": [{"product_id": str(mug.id), "quantity": 1}]} | members
    body["lines"][0]["product_id"] = str(mug.id)

    reply = shop.call("customer", "POST", "/orders", body)

    assert reply.status_code == 403
    assert balances(mug) == (5, 0, 0)


def test_a_prepaid_order_by_a_key_is_paid_and_one_without_the_permission_is_refused(shop):
    mug = make_product(shop.merchant, on_hand=5)
    body = {"payment_terms": "prepaid", "payment_reference": "shop-1", "customer": {"name": "Web"}}

    reply = shop.order("key", mug, **body)
    without = shop.order("key", mug, **(body | {"payment_reference": None}))

    assert (reply.status_code, reply.json["paid"]) == (201, MONEY)
    assert without.status_code == 422


def test_a_key_must_say_for_whom_it_orders(shop):
    reply = shop.order("key", make_product(shop.merchant, on_hand=5))

    assert (reply.status_code, reply.json["code"]) == (422, "customer_required")


def test_orders_are_listed_newest_first_by_state_and_page(shop):
    mug, bowl = make_product(shop.merchant, on_hand=9), make_product(shop.merchant)
    placed = [shop.order("customer", product).json["id"] for product in (mug, bowl, mug)]
    other = shop.order("other customer", mug).json["id"]

    everything = [row["id"] for row in shop.call("clerk", "GET", "/orders").json["items"]]
    asked = [row["id"] for row in shop.call("clerk", "GET", "/orders?state=requested").json["items"]]
    first = shop.call("customer", "GET", "/orders?limit=2").json
    rest = shop.call("customer", "GET", f"/orders?limit=2&cursor={first['next']}").json

    assert everything == [other, *reversed(placed)]
    assert asked == [placed[1]]
    assert [row["id"] for row in first["items"] + rest["items"]] == placed[::-1]
    assert rest["next"] is None
