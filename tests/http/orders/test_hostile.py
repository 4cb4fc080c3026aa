"""Bodies that nobody means well: never an effect, never a 5xx, always a problem with a code."""

import pytest

from tests.make.snapshot import everything
from tests.make.stock import make_product

ID = "0190f3a4-0000-7000-8000-000000000000"
GOOD = {"product_id": "MUG", "quantity": 1}


def filled(value, product_id):
    """The value with "MUG" replaced by a real product's id."""
    if isinstance(value, dict):
        return {key: filled(item, product_id) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, product_id) for item in value]
    return product_id if value == "MUG" else value


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"lines": []},
        {"lines": None},
        {"lines": {}},
        {"lines": [[]]},
        {"lines": ["MUG"]},
        {"lines": [GOOD] * 101},
        {"lines": [{"product_id": "MUG"}]},
        {"lines": [{"quantity": 1}]},
        *(
            {"lines": [{"product_id": "MUG", "quantity": bad}]}
            for bad in (0, -1, 1_000_001, 2**63, 1.5, "1", True, None, [])
        ),
        *({"lines": [{"product_id": bad, "quantity": 1}]} for bad in ("", "x", 7, None, [], {}, ID + "0")),
        *(
            {"lines": [GOOD | {"unit_price": bad}]}
            for bad in (7, "7", {}, {"amount": 1}, {"amount": 1.5, "currency": "NPR"})
        ),
        *({"lines": [GOOD | {"unit_price": {"amount": bad, "currency": "NPR"}}]} for bad in (-1, True, "1", 10**16)),
        {"lines": [GOOD | {"unit_price": {"amount": 1, "currency": "XYZ"}}]},
        {"lines": [GOOD | {"location": ""}]},
        {"lines": [GOOD | {"location": "x" * 101}]},
        {"lines": [GOOD | {"verdict": "covered"}]},
        *(
            {"lines": [GOOD], field: "x"}
            for field in ("id", "state", "total", "code", "merchant_id", "placed_at", "paid")
        ),
        {"lines": [GOOD], "payment_terms": "never"},
        {"lines": [GOOD], "payment_terms": ["prepaid"]},
        {"lines": [GOOD], "payment_terms": "prepaid"},
        {"lines": [GOOD], "payment_reference": "alone"},
        {"lines": [GOOD], "note": "x" * 1001},
        {"lines": [GOOD], "note": "a\x00b"},
        {"lines": [GOOD], "note": 5},
        {"lines": [GOOD], "deliver_to": {"latitude": 91}},
        {"lines": [GOOD], "deliver_to": {"planet": "Mars"}},
        {"lines": [GOOD], "deliver_to": "home"},
        {"lines": [GOOD], "customer": {}},
        {"lines": [GOOD], "customer": {"person_id": ID, "name": "Both"}},
        {"lines": [GOOD], "customer": {"name": "A", "email": "no address"}},
        {"lines": [GOOD], "customer": {"person_id": ID}},
    ],
)
def test_an_order_that_is_not_valid_changes_nothing(shop, body):
    mug = make_product(shop.merchant, on_hand=5)
    before = everything(shop.merchant.id)

    reply = shop.call("owner", "POST", "/orders", filled(body, str(mug.id)), Idempotency_Key="k-1")

    assert reply.status_code == 422, reply.get_data(as_text=True)
    assert reply.content_type == "application/problem+json"
    assert everything(shop.merchant.id) == before


@pytest.mark.parametrize(
    ("step", "body"),
    [
        *(
            ("accept", bad)
            for bad in ({"note": 5}, {"note": ""}, {"note": "x" * 501}, {"yes": True}, {"ready_at": "soon"})
        ),
        *(
            ("accept", {"ready_at": bad})
            for bad in ("2026-01-01T00:00:00", "2026-01-01T00:00:00Z", "9999-01-01T00:00:00Z", "infinity", 5, None)
        ),
        *(
            ("decline", bad)
            for bad in ({}, {"reason": "no"}, {"reason": None}, {"reason": "other"}, {"reason": ["closed"]})
        ),
        *(("decline", {"reason": "closed", "out_of_stock": bad}) for bad in ("MUG", ["x"], [ID], None, [ID] * 101)),
        *(
            ("cancel", bad)
            for bad in ({}, {"reason": ""}, {"reason": "x", "restock": "false"}, {"reason": "x", "restock": 0})
        ),
        *(
            ("payments", {"amount": bad, "reference": "r"})
            for bad in (5, {"amount": 0, "currency": "NPR"}, {"amount": 10**16, "currency": "NPR"})
        ),
        ("payments", {"amount": {"amount": 5, "currency": "NPR"}}),
        ("payments", {"amount": {"amount": 5, "currency": "NPR"}, "reference": " "}),
        ("payments", {"amount": {"amount": 5, "currency": "NPR"}, "reference": "r", "paid_at": "2300-01-01T00:00:00Z"}),
        ("pickup", {"force": True}),
        ("deliver", {"at": "now"}),
        ("fail", {}),
    ],
)
def test_a_step_that_is_not_valid_changes_nothing(shop, step, body):
    order = shop.order("customer", make_product(shop.merchant)).json["id"]
    before = everything(shop.merchant.id)

    reply = shop.call("owner", "POST", f"/orders/{order}/{step}", body, Idempotency_Key="k-1")

    assert reply.status_code == 422, reply.get_data(as_text=True)
    assert everything(shop.merchant.id) == before


@pytest.mark.parametrize("query", ["state=lost", "limit=0", "limit=-1", "limit=x", "cursor=x", "who=me", "state="])
def test_a_list_that_is_asked_for_wrongly_is_refused(shop, query):
    assert shop.call("owner", "GET", f"/orders?{query}").status_code == 422


@pytest.mark.parametrize("order_id", ["x", "1", "..%2f", "0190f3a4", ID + "a"])
def test_what_is_no_id_is_not_found(shop, order_id):
    assert shop.call("owner", "GET", f"/orders/{order_id}").status_code == 404
