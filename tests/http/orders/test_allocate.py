"""Allocating over HTTP."""

from merchant_api.accounts.models import MemberRole
from merchant_api.orders.states import State
from tests.make.orders import make_order
from tests.make.people import make_member, make_merchant
from tests.make.stock import make_cell, make_product
from tests.make.tokens import bearer, make_token


def test_a_clerk_lets_an_orders_units_come_from_elsewhere(client):
    merchant = make_merchant()
    product = make_product(merchant, on_hand=3)
    make_cell(product, 2, location="attic")
    order = make_order(State.CONFIRMED, [(product, 2)])
    clerk = bearer(make_token(make_member(merchant, MemberRole.CLERK)))
    path = f"/v1/merchants/{merchant.id}/orders/{order.id}/allocate"

    moved = client.post(path, json={"line": 0, "to": {"location": "attic"}}, headers=clerk)
    detail = client.get(f"/v1/merchants/{merchant.id}/availability/{product.id}", headers=clerk).json

    assert (moved.status_code, moved.json["lines"][0]["held"]) == (200, 2)
    assert [(held["location"], held["quantity"]) for held in detail["holds"]] == [("attic", 2)]
    assert [(row["location"], row["reason"]) for row in detail["history"][:2]] == [
        ("attic", "held"),
        ("default", "released"),
    ]


def test_what_is_no_allocation_is_refused(client):
    merchant = make_merchant()
    order = make_order(State.CONFIRMED, [(make_product(merchant, on_hand=3), 2)])
    owner = bearer(make_token(make_member(merchant)))
    path = f"/v1/merchants/{merchant.id}/orders/{order.id}/allocate"

    for body in ({}, {"line": 0}, {"line": -1, "to": {}}, {"line": True, "to": {}}, {"line": 0, "to": {"shelf": "a"}}):
        assert client.post(path, json=body, headers=owner).status_code == 422
    assert client.post(path, json={"line": 5, "to": {}}, headers=owner).json["code"] == "unknown_line"
