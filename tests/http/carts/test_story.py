"""The shop window over HTTP: look, put in, be told what is left, check out; and find out what others bought."""

import pytest
from sqlalchemy import event

from merchant_api.catalog.models import Fulfilment, ProductKind, WhenShort
from merchant_api.core.db import db
from tests.http.carts.conftest import seen
from tests.make.statements import asked
from tests.make.stock import balances, make_cell, make_product

REFUSE = WhenShort.REFUSE


def test_the_shop_window(shop):
    mug = make_product(shop.merchant, on_hand=5, max_quantity=4)
    bowl = make_product(shop.merchant)
    mask = make_product(shop.merchant, on_hand=3, when_short=REFUSE)
    opened = shop.call("newcomer", "POST", "/carts")
    cart = opened.json["id"]
    assert (opened.status_code, opened.json["state"], opened.json["lines"]) == (201, "open", [])
    assert (opened.json["mode"], opened.json["total"]) == (None, {"amount": 0, "currency": "NPR"})

    too_many = shop.put(cart, mug, 5, "newcomer")
    taken = shop.put(cart, mug, 2, "newcomer")
    asked = shop.put(cart, bowl, 1, "newcomer")
    short = shop.put(cart, mask, 4, "newcomer")
    shop.put(cart, mask, 3, "newcomer")
    assert (too_many.status_code, too_many.json["code"], too_many.json["detail"]) == (
        409,
        "over_limit",
        "At most 4 per order.",
    )
    assert (taken.status_code, taken.json["mode"], taken.json["version"]) == (200, "instant", 1)
    assert asked.json["lines"][1]["message"] == "None left: for 1 the merchant is asked first."
    assert (short.status_code, short.json["code"], short.json["detail"]) == (409, "insufficient_stock", "Only 3 left.")

    shop.order("customer", mask, 2)
    stumbled = shop.look(cart, "newcomer")
    refused = shop.check_out(cart, "newcomer")
    shop.put(cart, mask, 1, "newcomer")
    shop.remove(cart, bowl, "newcomer")
    shown = shop.look(cart, "newcomer")
    ordered = shop.check_out(cart, "newcomer", {"note": "Wrapped", **seen(shown)})
    again = shop.check_out(cart, "newcomer")

    assert (stumbled["mode"], [line["is_ok"] for line in stumbled["lines"]]) == ("closed", [True, True, False])
    assert (refused.status_code, refused.json["code"]) == (409, "insufficient_stock")
    assert [line["product_id"] for line in refused.json["lines"]] == [str(mask.id)]
    assert (ordered.status_code, ordered.json["state"], ordered.json["note"]) == (201, "confirmed", "Wrapped")
    assert ordered.json["total"] == shown["total"]
    assert (again.status_code, again.json) == (200, ordered.json)
    assert shop.call("newcomer", "POST", "/carts").status_code == 201
    assert (balances(mug), balances(mask), balances(bowl)) == ((5, 2, 0), (3, 3, 0), (0, 0, 0))


def test_a_line_says_all_that_a_window_shows(shop):
    kind = {"kind": ProductKind.REGISTRATION, "fulfilment": Fulfilment.NONE, "when_short": REFUSE}
    seat = make_product(shop.merchant, on_hand=5, **kind)
    cart = shop.open()

    reply = shop.put(cart, seat, 2, guests=["Bina"], location="default")

    price = {"amount": 150_000, "currency": "NPR"}
    assert reply.json["lines"] == [
        {
            "product_id": str(seat.id),
            "sku": seat.sku,
            "name": seat.name,
            "quantity": 2,
            "guests": ["Bina"],
            "location": "default",
            "grade": None,
            "unit_price": price,
            "line_total": price | {"amount": 300_000},
            "verdict": "covered",
            "verdict_code": "stock",
            "verdict_reason": "2 wanted, 5 available",
            "available": 5,
            "message": "In stock: 5 left.",
            "is_ok": True,
        }
    ]
    assert reply.json == shop.look(cart)
    assert reply.json["total"] == price | {"amount": 300_000}
    assert (reply.json["merchant_id"], reply.json["order_id"]) == (str(shop.merchant.id), None)


def test_the_open_cart_is_given_again_and_after_a_checkout_a_new_one(shop):
    mug = make_product(shop.merchant, on_hand=5)

    first, second = shop.call("customer", "POST", "/carts"), shop.call("customer", "POST", "/carts")
    shop.put(first.json["id"], mug, 1)
    order = shop.check_out(first.json["id"]).json
    third = shop.call("customer", "POST", "/carts")

    assert [reply.status_code for reply in (first, second, third)] == [201, 200, 201]
    assert first.json == second.json
    assert third.json["id"] != first.json["id"]
    over = shop.look(first.json["id"])
    assert (over["state"], over["order_id"], over["lines"], over["mode"]) == ("checked_out", order["id"], [], None)
    for reply in (shop.put(over["id"], mug, 1), shop.remove(over["id"], mug)):
        assert (reply.status_code, reply.json["code"], reply.json["order_id"]) == (
            409,
            "cart_checked_out",
            order["id"],
        )


@pytest.mark.parametrize("who", ["owner", "clerk", "staff"])
def test_members_and_staff_shop_for_themselves(shop, who):
    mug = make_product(shop.merchant, on_hand=5)
    cart = shop.open(who)
    shop.put(cart, mug, 1, who)

    order = shop.check_out(cart, who)

    assert (order.status_code, order.json["customer_id"]) == (201, str(shop.people[who].id))


def test_a_cart_that_became_worse_is_shown_as_it_is_now(shop):
    mug, tea = make_product(shop.merchant, on_hand=2), make_product(shop.merchant, on_hand=5)
    cart = shop.open()
    shop.put(cart, mug, 2)
    body = seen(shop.put(cart, tea, 1).json)
    shop.order("other customer", mug, 1)
    shop.call("owner", "PATCH", f"/products/{tea.id}", {"price": {"amount": 160_000, "currency": "NPR"}})

    reply = shop.check_out(cart, body=body)

    assert (reply.status_code, reply.json["code"]) == (409, "cart_changed")
    assert reply.json["changes"] == [
        {"what": "verdict", "seen": "covered", "now": "ask", "product_id": str(mug.id)},
        {
            "what": "total",
            "seen": {"amount": 450_000, "currency": "NPR"},
            "now": {"amount": 460_000, "currency": "NPR"},
        },
    ]
    assert reply.json["cart"] == shop.look(cart)
    assert shop.check_out(cart, body=seen(reply.json["cart"])).json["state"] == "requested"


def test_what_became_better_is_ordered_as_it_is(shop):
    mug = make_product(shop.merchant, on_hand=1)
    cart = shop.open()
    body = seen(shop.put(cart, mug, 2).json)
    shop.call("owner", "PUT", f"/products/{mug.id}/stock", {"quantity": 9, "comment": "more came"})

    reply = shop.check_out(cart, body=body)

    assert (body["seen"]["lines"][0]["verdict"], reply.json["state"]) == ("ask", "confirmed")


def test_an_empty_cart_is_told_apart(shop):
    reply = shop.check_out(shop.open())

    assert (reply.status_code, reply.json["code"]) == (409, "cart_empty")


def test_a_customer_buys_past_the_own_cart_and_the_cart_says_what_is_left(shop):
    mask = make_product(shop.merchant, on_hand=2, when_short=REFUSE)
    cart = shop.open()
    shop.put(cart, mask, 2)

    bought = shop.order("customer", mask, 2)

    (line,) = shop.look(cart)["lines"]
    assert bought.json["state"] == "confirmed"
    assert (line["verdict"], line["available"], line["message"]) == ("refuse", 0, "Sold out.")


@pytest.mark.parametrize("number", [1, 40])
def test_looking_and_changing_cost_the_same_however_many_lines_and_lock_no_stock(shop, number):
    cart = shop.open()
    products = [make_product(shop.merchant, on_hand=5) for _ in range(number)]
    for product in products:
        make_cell(product, 3, "attic")
        shop.put(cart, product, 1)
    told = []
    event.listen(db.engines[None], "before_cursor_execute", lambda *given: told.append(given[2]))
    counts, locking = [], []
    shop.put(cart, make_product(shop.merchant, on_hand=5), 1)

    for call in (
        lambda: shop.look(cart),
        lambda: shop.put(cart, products[0], 2),
        lambda: shop.put(cart, products[0], 3, location="attic", grade="default"),
        lambda: shop.remove(cart, products[0]),
        lambda: shop.call("customer", "POST", "/carts"),
        lambda: shop.check_out(cart),
    ):
        told.clear()
        call()
        counts.append(len(asked(told)))
        locking.append(any("FOR NO KEY UPDATE OF cells" in each for each in told))

    assert counts == [3, 6, 8, 6, 3, 7]  # one of each is who asks
    assert locking == [False, False, False, False, False, True]
