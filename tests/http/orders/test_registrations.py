"""Registrations over HTTP: guests by their names, one registration a person, limits that no way goes round."""

import pytest

from tests.make.registrations import make_class
from tests.make.snapshot import everything
from tests.make.stock import balances, make_product
from tests.make.tokens import bearer, make_key


def lines_of(product, quantity, **members):
    return {"lines": [{"product_id": str(product.id), "quantity": quantity, **members}]}


def test_a_person_and_two_guests_take_three_seats(shop):
    seats = make_class(shop.merchant, max_quantity=3)

    placed = shop.call("customer", "POST", "/orders", lines_of(seats, 3, guests=["  Maya ", "x" * 200]))

    assert (placed.status_code, placed.json["state"]) == (201, "confirmed")
    assert placed.json["lines"][0]["guests"] == ["Maya", "x" * 200]
    assert shop.call("customer", "GET", f"/orders/{placed.json['id']}").json["lines"] == placed.json["lines"]
    assert balances(seats) == (12, 3, 0)


def test_alone_is_no_guests_and_merchandise_has_none_to_name(shop):
    alone = shop.order("customer", make_class(shop.merchant, max_quantity=1))
    mug = shop.order("customer", make_product(shop.merchant, on_hand=1))

    assert alone.json["lines"][0]["guests"] == []
    assert mug.json["lines"][0]["guests"] is None


@pytest.mark.parametrize(
    ("quantity", "guests"),
    [
        (2, [""]),
        (2, ["   "]),
        (2, ["x" * 201]),
        (2, [5]),
        (2, [None]),
        (2, [["Maya"]]),
        (2, ["a\x00b"]),
        (2, "Maya"),
        (2, None),
        (2, {"0": "Maya"}),
        (502, ["Maya"] * 501),
        (2, []),
        (1, ["Maya"]),
        (3, ["Maya"]),
    ],
)
def test_guests_that_are_not_names_or_not_as_many_as_seats_are_refused(shop, quantity, guests):
    seats = make_class(shop.merchant, on_hand=1000)
    before = everything(shop.merchant.id)

    reply = shop.call("customer", "POST", "/orders", lines_of(seats, quantity, guests=guests), Idempotency_Key="k-1")

    assert (reply.status_code, reply.content_type) == (422, "application/problem+json")
    assert everything(shop.merchant.id) == before


@pytest.mark.parametrize("who", ["customer", "staff", "key"])
def test_what_does_not_add_up_names_the_line(shop, who):
    seats, mug = make_class(shop.merchant), make_product(shop.merchant, on_hand=5)
    customer = {} if who == "customer" else {"customer": {"name": "Maya"}}
    wishes = {
        "guests_mismatch": [(mug, 1, []), (seats, 3, ["Maya"])],
        "not_a_registration": [(seats, 1, []), (mug, 2, ["Maya"])],
        "registration_split": [(seats, 1, []), (seats, 1, [])],
    }

    for code, wish in wishes.items():
        lines = [{"product_id": str(row[0].id), "quantity": row[1], "guests": row[2]} for row in wish]
        refused = shop.call(who, "POST", "/orders", {"lines": lines, **customer})

        assert (refused.status_code, refused.json["code"]) == (422, code)
        assert "1" in refused.json["errors"]["lines"]
    assert (balances(seats), balances(mug)) == ((12, 0, 0), (5, 0, 0))


@pytest.mark.parametrize("who", ["customer", "owner", "staff", "key"])
def test_a_second_registration_is_refused_for_whoever_places_it(shop, who):
    seats = make_class(shop.merchant)
    first = shop.order("customer", seats).json
    known = {"customer": {"person_id": str(shop.people["customer"].id)}} if who != "customer" else {}

    refused = shop.order(who, seats, **known)

    assert (refused.status_code, refused.json["code"]) == (409, "already_registered")
    (line,) = refused.json["lines"]
    assert (line["sku"], line["order_id"], line["order_code"]) == (seats.sku, first["id"], first["code"])
    assert balances(seats) == (12, 1, 0)


def test_who_cancels_may_register_again(shop):
    seats = make_class(shop.merchant)
    first = shop.order("customer", seats).json["id"]

    shop.call("customer", "POST", f"/orders/{first}/cancel", {"reason": "ill"})

    assert shop.order("customer", seats).status_code == 201


def test_the_same_call_again_is_the_same_registration(shop):
    seats = make_class(shop.merchant)

    first, second = (
        shop.call("customer", "POST", "/orders", lines_of(seats, 1), Idempotency_Key="k-1") for _ in range(2)
    )

    assert (second.status_code, second.data) == (201, first.data)
    assert balances(seats) == (12, 1, 0)


def test_a_limit_is_not_passed_by_two_lines_a_flag_a_channel_or_a_seller_s_own_order(shop):
    mug, seats = make_product(shop.merchant, on_hand=50, max_quantity=3), make_class(shop.merchant, max_quantity=2)
    maya = {"customer": {"name": "Maya"}}
    two = {"lines": lines_of(mug, 2)["lines"] * 2}
    before = everything(shop.merchant.id)

    over = [
        shop.call("customer", "POST", "/orders", two),
        shop.call("owner", "POST", "/orders", lines_of(mug, 4)),
        shop.call("staff", "POST", "/orders", lines_of(mug, 4)),
        shop.call("key", "POST", "/orders", lines_of(mug, 4) | maya),
        shop.call("key", "POST", "/orders", two | maya),
        shop.call("customer", "POST", "/orders", lines_of(seats, 3, guests=["A", "B"])),
        shop.call("key", "POST", "/orders", lines_of(seats, 3, guests=["A", "B"]) | maya),
    ]
    flags = [
        shop.call("customer", "POST", "/orders", lines_of(mug, 4) | {flag: True})
        for flag in ("is_staff", "staff", "is_limited", "unlimited")
    ]
    by_line = shop.call("customer", "POST", "/orders", lines_of(mug, 4, max_quantity=9))
    for_another = shop.call("customer", "POST", "/orders", lines_of(mug, 4) | maya)

    assert [(reply.status_code, reply.json["code"]) for reply in over] == [(409, "over_limit")] * len(over)
    assert {reply.status_code for reply in [*flags, by_line]} == {422}
    assert for_another.status_code == 403
    assert everything(shop.merchant.id) == before


@pytest.mark.parametrize("who", ["owner", "clerk", "staff"])
def test_an_order_for_a_customer_is_exempt_and_its_history_names_the_limit(shop, who):
    mug, seats = make_product(shop.merchant, on_hand=50, max_quantity=3), make_class(shop.merchant, max_quantity=1)
    lines = [*lines_of(mug, 4)["lines"], *lines_of(seats, 2, guests=["Maya"])["lines"]]

    placed = shop.call(who, "POST", "/orders", {"lines": lines, "customer": {"name": "Chandra"}})

    assert placed.status_code == 201
    history = shop.call(who, "GET", f"/orders/{placed.json['id']}/history").json["items"]
    assert history[0]["note"] == (
        f"{mug.sku}: 4 ordered over the limit of 3; {seats.sku}: 2 ordered over the limit of 1"
    )


def test_a_key_that_may_only_read_registers_nobody(shop):
    shop.headers["key"] = bearer(make_key(shop.merchant, ["orders.read"]))

    assert shop.order("key", make_class(shop.merchant), customer={"name": "Maya"}).status_code == 403


@pytest.mark.parametrize(
    ("kind", "limit", "guests"), [("registration", 3, 2), ("registration", 1, 0), ("registration", 0, None)]
)
def test_a_product_says_how_many_guests_may_come(shop, kind, limit, guests):
    seats = make_class(shop.merchant, max_quantity=limit)
    mug = make_product(shop.merchant, max_quantity=limit)

    shown, other = (shop.call("customer", "GET", f"/products/{product.id}").json for product in (seats, mug))

    assert (shown["kind"], shown["guests_max"]) == (kind, guests)
    assert other["guests_max"] == 0
