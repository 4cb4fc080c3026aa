"""Bodies that nobody means well: never an effect, never a 5xx, always a problem with a code."""

import pytest

from tests.make.snapshot import everything
from tests.make.stock import make_product

ID = "0190f3a4-0000-7000-8000-000000000000"
NPR = {"amount": 150_000, "currency": "NPR"}
LINE = {"product_id": ID, "verdict": "covered"}


@pytest.fixture
def filled(shop):
    """A cart with two mugs, and the mug."""
    mug = make_product(shop.merchant, on_hand=5)
    cart = shop.open()
    assert shop.put(cart, mug, 2).status_code == 200
    return cart, mug


@pytest.mark.parametrize(
    "body",
    [
        {},
        *({"quantity": bad} for bad in (0, -1, 1_000_001, 2**63, 1.5, "1", True, None, [], {})),
        *({"quantity": 1, "guests": bad} for bad in ("Bina", [1], [""], [" "], ["x" * 201], ["x"] * 501, {}, None)),
        *({"quantity": 1, "location": bad} for bad in ("", 5, None, "x" * 101, "nowhere")),
        *({"quantity": 1, "grade": bad} for bad in ("", [], "a\x00b", "best")),
        *({"quantity": 1, name: 1} for name in ("unit_price", "product_id", "version", "merchant_id", "total")),
    ],
)
def test_a_line_that_is_not_valid_changes_nothing(shop, filled, body):
    cart, mug = filled
    before = everything(shop.merchant.id)

    reply = shop.call("customer", "PUT", f"/carts/{cart}/lines/{mug.id}", body, Idempotency_Key="k-1")

    assert reply.status_code == 422, reply.get_data(as_text=True)
    assert reply.content_type == "application/problem+json"
    assert everything(shop.merchant.id) == before


@pytest.mark.parametrize(
    "body",
    [
        {"payment_terms": "never"},
        {"payment_terms": None},
        {"payment_reference": "till-1"},
        {"customer": {"name": "Somebody"}},
        {"lines": []},
        {"note": ""},
        {"note": "x" * 1001},
        {"deliver_to": {"planet": "Mars"}},
        {"deliver_to": {"latitude": 91}},
        *({"seen": bad} for bad in (None, [], "all", {}, {"total": NPR}, {"lines": [LINE]})),
        *({"seen": {"total": bad, "lines": [LINE]}} for bad in (5, None, {"amount": -1, "currency": "NPR"})),
        *(
            {"seen": {"total": NPR, "lines": bad}}
            for bad in ([], None, {}, [None], [{}], [LINE, LINE], [LINE] * 101, [LINE | {"quantity": 2}])
        ),
        *({"seen": {"total": NPR, "lines": [LINE | {"verdict": bad}]}} for bad in ("sold", None, 1, ["ask"])),
        {"seen": {"total": {"amount": 10**6, "currency": "INR"}, "lines": [LINE]}},
        {"seen": {"total": NPR, "lines": [LINE], "version": 1}},
    ],
)
def test_a_checkout_that_is_not_valid_changes_nothing(shop, filled, body):
    cart, _ = filled
    before = everything(shop.merchant.id)

    reply = shop.check_out(cart, body=body, Idempotency_Key="k-1")

    assert reply.status_code == 422, reply.get_data(as_text=True)
    assert reply.content_type == "application/problem+json"
    assert everything(shop.merchant.id) == before


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "/carts/x", None, 404),
        ("GET", f"/carts/{ID}", None, 404),
        ("GET", "/carts", None, 405),
        ("POST", "/carts", {"merchant_id": ID}, 422),
        ("PUT", "/carts/CART/lines/x", {"quantity": 1}, 404),
        ("PUT", f"/carts/CART/lines/{ID}", {"quantity": 1}, 404),
        ("PUT", "/carts/CART/lines/", {"quantity": 1}, 404),
        ("DELETE", f"/carts/CART/lines/{ID}", None, 404),
        ("DELETE", f"/carts/CART/lines/{ID}", {"all": True}, 422),
        ("DELETE", "/carts/CART", None, 405),
        ("PATCH", "/carts/CART", {"expires_at": "2100-01-01T00:00:00Z"}, 405),
        ("POST", "/carts/CART/checkout", None, 400),
        ("POST", f"/carts/{ID}/checkout", {}, 404),
    ],
)
def test_what_is_not_there_is_refused(shop, filled, method, path, body, status):
    cart, _ = filled
    before = everything(shop.merchant.id)

    reply = shop.call("customer", method, path.replace("CART", cart), body)

    assert reply.status_code == status, reply.get_data(as_text=True)
    assert reply.content_type == "application/problem+json"
    assert everything(shop.merchant.id) == before


def test_customers_do_not_call_themselves_paid(shop, filled):
    cart, _ = filled
    before = everything(shop.merchant.id)

    reply = shop.check_out(cart, body={"payment_terms": "prepaid"})

    assert (reply.status_code, reply.json["code"]) == (403, "forbidden")
    assert everything(shop.merchant.id) == before
