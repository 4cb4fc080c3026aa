"""A product that lies in two places: what one order holds or is owed is sold to nobody else, wherever it lies."""

import pytest

from jobs.timetable import routine
from merchant_api.catalog.models import WhenShort
from merchant_api.core.db import session
from tests.make.sessions import make_staged
from tests.make.snapshot import check_books
from tests.make.stock import make_cell, make_product


def received(shop, product, units):
    """Units come into the shed."""
    body = {"product_id": str(product.id), "location": "shed", "increase": units, "reason": "received"}
    assert shop.call("owner", "POST", "/stock/adjustments", body).status_code == 201


def counted(shop, product, units):
    """All that there is lies in the shed: a full count says so."""
    make_staged(shop.merchant)
    body = {"product_id": str(product.id), "location": "shed", "quantity": units}
    assert shop.call("owner", "POST", "/sessions/staged/counts", body).status_code == 201
    version = shop.call("owner", "GET", "/sessions/staged/preview").json["version"]
    wish = {"scope": "full", "version": version}
    assert shop.call("owner", "POST", "/sessions/live/close", wish).status_code == 200


def moved():
    """The jobs that move and settle, until nothing is due."""
    for name in ("move_stock", "settle_stock"):
        assert routine(name).run().bad == 0
    session().rollback()


def places_of(shop, product):
    """Available and held by place."""
    cells = shop.call("owner", "GET", f"/availability/{product.id}").json["cells"]
    return {cell["location"]: (cell["on_hand"], cell["held"], cell["available"]) for cell in cells}


def says(shop, product):
    """What is said of the product everywhere: shown, in choices, and in a cart."""
    shown = shop.call("customer", "GET", f"/products/{product.id}").json
    (choice,) = shop.call("owner", "GET", "/orders/choices?quantity=3").json["items"]
    cart = shop.call("other customer", "POST", "/carts").json["id"]
    line = shop.call("other customer", "PUT", f"/carts/{cart}/lines/{product.id}", {"quantity": 3}).json["lines"][0]
    return shown["mode"], choice["available"], line["available"]


@pytest.fixture
def mug(shop):
    product = make_product(shop.merchant, on_hand=3)
    make_cell(product, 0, location="shed")
    return product


def test_units_that_one_customer_holds_are_not_sold_to_another_from_where_they_were_found(shop, mug):
    first = shop.order("customer", mug, 3, payment_terms="after_acceptance").json
    counted(shop, mug, 3)

    assert places_of(shop, mug) == {"default": (0, 3, -3), "shed": (3, 0, 0)}
    assert says(shop, mug) == ("on_request", 0, 0)
    second = shop.order("other customer", mug, 3).json
    assert (second["state"], second["lines"][0]["verdict_reason"]) == ("requested", "3 wanted, 0 available")
    moved()

    assert places_of(shop, mug) == {"default": (0, 0, 0), "shed": (3, 3, 0)}
    paid = {"amount": first["total"], "reference": "cash-1"}
    assert shop.call("owner", "POST", f"/orders/{first['id']}/payments", paid).json["state"] == "counted"
    moved()
    assert places_of(shop, mug) == {"default": (0, 0, 0), "shed": (0, 0, 0)}
    check_books(shop.merchant.id)


@pytest.mark.parametrize("place", [{}, {"location": "shed"}])
def test_units_received_in_another_place_go_to_the_backorder_that_waits_and_not_to_a_later_one(shop, place):
    poster = make_product(shop.merchant, when_short=WhenShort.BACKORDER)
    make_cell(poster, 0, location="shed")
    first = shop.order("customer", poster, 3).json
    received(shop, poster, 3)

    assert says(shop, poster) == ("backorder", 0, 0)
    line = {"product_id": str(poster.id), "quantity": 3, **place}
    second = shop.call("other customer", "POST", "/orders", {"lines": [line]}).json
    assert second["lines"][0]["verdict_reason"] == "3 wanted, 0 available: 3 on backorder"
    moved()

    (owed,) = shop.call("owner", "GET", "/stock/owed").json["items"]
    assert (owed["code"], owed["owed"]) == (second["code"], 3)
    settled = shop.call("owner", "GET", f"/orders/{first['id']}").json["lines"][0]
    assert (settled["held"], settled["settled"]) == (0, 3)
    check_books(shop.merchant.id)


def test_a_backorder_for_a_place_where_the_product_never_lay_is_taken_and_owed_there(shop):
    poster = make_product(shop.merchant, on_hand=2, when_short=WhenShort.BACKORDER)
    make_cell(make_product(shop.merchant), 0, location="shed")
    line = {"product_id": str(poster.id), "quantity": 3, "location": "shed"}

    placed = shop.call("customer", "POST", "/orders", {"lines": [line]})
    unknown = shop.call("customer", "POST", "/orders", {"lines": [line | {"location": "moon"}]})

    assert (placed.status_code, placed.json["state"], placed.json["mode"]) == (201, "confirmed", "backorder")
    assert placed.json["lines"][0]["verdict_reason"] == "3 wanted, 0 available: 3 on backorder"
    assert places_of(shop, poster) == {"default": (2, 0, 0), "shed": (0, 3, -3)}
    assert (unknown.status_code, unknown.json["code"]) == (422, "no_such_place")


def test_a_cart_takes_a_backorder_for_a_place_where_the_product_never_lay(shop):
    poster = make_product(shop.merchant, when_short=WhenShort.BACKORDER)
    make_cell(make_product(shop.merchant), 0, location="shed")
    cart = shop.call("customer", "POST", "/carts").json["id"]

    body = {"quantity": 3, "location": "shed"}
    line = shop.call("customer", "PUT", f"/carts/{cart}/lines/{poster.id}", body).json["lines"][0]
    ordered = shop.call("customer", "POST", f"/carts/{cart}/checkout", {})

    assert (line["verdict"], line["available"]) == ("backorder", 0)
    assert (ordered.status_code, ordered.json["state"]) == (201, "confirmed")
    assert places_of(shop, poster)["shed"] == (0, 3, -3)
