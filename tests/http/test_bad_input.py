"""Bad input, row by row: never a 5xx, never an effect, always a problem with a code (400 unparsable, 422 not valid)."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from merchant_api.accounts.models import Merchant
from merchant_api.catalog.models import Product
from merchant_api.core.db import session
from merchant_api.orders.models import Order
from merchant_api.stock.ledger_models import LedgerRow
from tests.make.people import make_member, make_merchant
from tests.make.stock import make_product
from tests.make.tokens import bearer, make_token

JSON = "application/json"
UNKNOWN = "01a20300-7ce5-7102-bca7-4cc59c9b7987"


class Shop:
    """A merchant with one product of five, its owner's headers, and the paths that bad input is sent to."""

    def __init__(self) -> None:
        self.merchant: Merchant = make_merchant()
        self.product_id = make_product(self.merchant, on_hand=5).id
        self.headers = bearer(make_token(make_member(self.merchant)))
        self.home = f"/v1/merchants/{self.merchant.id}"
        self.orders = f"{self.home}/orders"
        self.stock = f"{self.home}/products/{self.product_id}/stock"
        self.adjustments = f"{self.home}/stock/adjustments"

    def line(self, **members: Any) -> dict[str, Any]:
        return {"product_id": str(self.product_id), "quantity": 1} | members

    def counted(self) -> tuple[int, ...]:
        """How many orders, ledger rows and products there are."""
        of_this = [
            select(func.count()).where(table.merchant_id == self.merchant.id) for table in (Order, LedgerRow, Product)
        ]
        return tuple(session().execute(count).scalar_one() for count in of_this)


@pytest.fixture
def shop(client: FlaskClient) -> Shop:
    return Shop()


def refused(reply: Any, status: int, code: str | None = None) -> dict[str, Any]:
    """The problem of a reply that must be one."""
    assert reply.status_code == status, reply.get_data(as_text=True)
    assert reply.content_type == "application/problem+json"
    problem = reply.get_json()
    assert problem["status"] == status
    assert problem["code"] == (code or problem["code"])
    assert problem["type"] == f"urn:orderbell:{problem['code']}"
    return problem


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 400, "malformed"),
        (b"nonsense", 400, "malformed"),
        (b'{"quantity": 1', 400, "malformed"),
        (b"\xff\xfe{}", 400, "malformed"),
        (b"[" * 100_000, 400, "malformed"),
        (b'{"quantity": 1, "quantity": 99}', 400, "duplicate_key"),
        (b'{"quantity": NaN}', 400, "bad_number"),
        (b'{"quantity": Infinity}', 400, "bad_number"),
        (b'{"quantity": 1e400}', 400, "bad_number"),
        (b'{"quantity": ' + b"9" * 5_000 + b"}", 400, "bad_number"),
        (b"[]", 422, "invalid"),
        (b'"text"', 422, "invalid"),
        (b"null", 422, "invalid"),
        (b"{}", 422, "invalid"),
        (b'{"quantity": 1, "comment": "a\\u0000b"}', 422, "invalid"),
        (b'{"quantity": 1, "comment": "\\ud800"}', 422, "invalid"),
        (b'{"quantity": 1, "\\u0000": 1}', 422, "invalid"),
    ],
)
def test_a_body_that_is_no_good_changes_nothing(client: FlaskClient, shop: Shop, raw: bytes, status: int, code: str):
    before = shop.counted()

    reply = client.put(shop.stock, data=raw, headers=shop.headers, content_type=JSON)

    refused(reply, status, code)
    assert shop.counted() == before


@pytest.mark.parametrize("quantity", [True, "1", "1.0", 1.5, None, [], {}, -1, 1_000_001, 2**31, 2**63, 10**39])
def test_a_quantity_is_a_whole_number_within_bounds(client: FlaskClient, shop: Shop, quantity: Any):
    before = shop.counted()

    reply = client.put(shop.stock, json={"quantity": quantity}, headers=shop.headers)

    assert "quantity" in refused(reply, 422, "invalid")["errors"]
    assert shop.counted() == before


@pytest.mark.parametrize("amount", [1.5, "1", True, -1, 2**63, None])
def test_money_is_whole_minor_units(client: FlaskClient, shop: Shop, amount: Any):
    body = {"sku": "X-1", "name": "X", "price": {"amount": amount, "currency": "NPR"}}

    reply = client.post(f"{shop.home}/products", json=body, headers=shop.headers)

    assert "price" in refused(reply, 422, "invalid")["errors"]


@pytest.mark.parametrize(
    "price", [{"amount": 1}, {"amount": 1, "currency": "npr"}, {"amount": 1, "currency": "XQQ"}, 5, "5 NPR"]
)
def test_money_has_a_known_currency(client: FlaskClient, shop: Shop, price: Any):
    body = {"sku": "X-1", "name": "X", "price": price}

    assert "price" in refused(client.post(f"{shop.home}/products", json=body, headers=shop.headers), 422)["errors"]


@pytest.mark.parametrize(
    "field", ["id", "merchant_id", "state", "total", "seq", "customer_id", "placed_at", "tenant_id", "__class__"]
)
def test_fields_of_the_server_are_refused_not_ignored(client: FlaskClient, shop: Shop, field: str):
    before = shop.counted()

    reply = client.post(shop.orders, json={"lines": [shop.line()], field: "x"}, headers=shop.headers)

    assert field in refused(reply, 422, "invalid")["errors"]
    assert shop.counted() == before


@pytest.mark.parametrize(
    "lines",
    [[], None, {}, "x", [1], [None], [[]], "many"],
    ids=["none", "null", "object", "text", "number", "nulls", "list", "many"],
)
def test_lines_are_a_list_of_one_to_a_hundred(client: FlaskClient, shop: Shop, lines: Any):
    given = [shop.line()] * 101 if lines == "many" else lines

    assert "lines" in refused(client.post(shop.orders, json={"lines": given}, headers=shop.headers), 422)["errors"]


@pytest.mark.parametrize("product_id", ["x", 1, "", None, "0" * 32 + "!", UNKNOWN])
def test_an_unknown_product_is_refused(client: FlaskClient, shop: Shop, product_id: Any):
    before = shop.counted()

    reply = client.post(shop.orders, json={"lines": [shop.line(product_id=product_id)]}, headers=shop.headers)

    assert refused(reply, reply.status_code)["status"] in (404, 422)
    assert shop.counted() == before


@pytest.mark.parametrize(
    "instant",
    [
        "2026-01-31",
        "2026-01-31T09:30:00",
        "infinity",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2026-02-30T00:00:00Z",
        1,
        None,
    ],
)
def test_an_instant_is_rfc_3339_with_an_offset(client: FlaskClient, shop: Shop, instant: Any):
    body = {"amount": {"amount": 1, "currency": "NPR"}, "reference": "r", "paid_at": instant}

    reply = client.post(f"{shop.orders}/{UNKNOWN}/payments", json=body, headers=shop.headers)

    assert "paid_at" in refused(reply, 422, "invalid")["errors"]


@pytest.mark.parametrize(
    "path", ["/orders/x", "/orders/1", "/orders/..%2f", "/orders/%00", f"/orders/{UNKNOWN}", "/nothing", "/orders/"]
)
def test_what_is_not_there_is_not_found(client: FlaskClient, shop: Shop, path: str):
    refused(client.get(shop.home + path, headers=shop.headers), 404, "not_found")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_kind_of_body_is_not_taken(client: FlaskClient, shop: Shop, kind: str):
    refused(client.put(shop.stock, data=b'{"quantity": 1}', headers=shop.headers, content_type=kind), 415)


def test_too_large_a_body_is_not_read(client: FlaskClient, shop: Shop):
    body = json.dumps({"quantity": 1, "comment": "x" * 300_000})

    refused(client.put(shop.stock, data=body, headers=shop.headers, content_type=JSON), 413, "too_large")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_another_method_is_told_which_ones_are_allowed(client: FlaskClient, shop: Shop, method: str):
    reply = client.open(shop.orders, method=method, headers=shop.headers)

    refused(reply, 405, "method_not_allowed")
    assert {"GET", "POST"} <= set(reply.headers["Allow"].split(", "))


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "a\tb", "schlüssel".encode().decode("latin-1"), '""'])
def test_an_idempotency_key_is_visible_ascii(client: FlaskClient, shop: Shop, key: str):
    before = shop.counted()

    reply = client.post(shop.orders, json={"lines": [shop.line()]}, headers=shop.headers | {"Idempotency-Key": key})

    refused(reply, 422, "bad_idempotency_key")
    assert shop.counted() == before


def test_the_same_key_for_another_body_is_refused(client: FlaskClient, shop: Shop):
    headers = shop.headers | {"Idempotency-Key": "once"}
    first = client.post(shop.orders, json={"lines": [shop.line()]}, headers=headers)
    after = shop.counted()

    again = client.post(
        shop.orders, json={"lines": [shop.line()]}, headers=shop.headers | {"Idempotency-Key": '"once"'}
    )
    other = client.post(shop.orders, json={"lines": [shop.line(quantity=2)]}, headers=headers)

    assert first.status_code == 201
    assert (again.data, again.headers["Idempotency-Replayed"]) == (first.data, "true")
    refused(other, 422, "idempotency_key_reused")
    assert shop.counted() == after


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=-1",
        "limit=x",
        "limit=1.5",
        "cursor=forged",
        "cursor=%00",
        "state=sold",
        "unknown=1",
        "limit=" + "9" * 5000,
    ],
)
def test_a_list_is_asked_for_in_words_that_it_knows(client: FlaskClient, shop: Shop, query: str):
    refused(client.get(f"{shop.orders}?{query}", headers=shop.headers), 422)


def test_a_limit_that_is_too_large_is_clamped(client: FlaskClient, shop: Shop):
    assert client.get(f"{shop.orders}?limit=1000000", headers=shop.headers).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "\u202egnp.exe",
        "a\u200bb",
        "👩‍👩‍👧",
        "a" + "\u0301" * 190,
        "<script>alert(1)</script>",
        "'; DROP TABLE orders; --",
    ],
)
def test_strange_text_is_kept_as_it_is_or_refused(client: FlaskClient, shop: Shop, name: str):
    body = {"sku": "X-1", "name": name, "price": {"amount": 1, "currency": "NPR"}}

    reply = client.post(f"{shop.home}/products", json=body, headers=shop.headers)

    assert (reply.status_code == 201 and reply.get_json()["name"] == name) or refused(reply, 422)


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Basic eDp5", "Bearer x", "Bearer oba_" + "x" * 5000, "obk_", "Bearer \u00fc"]
)
def test_a_token_that_is_none_is_not_signed_in(client: FlaskClient, shop: Shop, header: str):
    reply = client.get(shop.orders, headers={"Authorization": header.encode().decode("latin-1")})

    refused(reply, 401, "unauthenticated")
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")


def test_nothing_of_the_machine_is_in_a_surprise(client: FlaskClient, shop: Shop, monkeypatch: pytest.MonkeyPatch):
    def explode(*_: object, **__: object) -> None:
        raise RuntimeError("SELECT secret FROM /etc/passwd")

    monkeypatch.setattr("merchant_api.orders.find.page", explode)

    problem = refused(client.get(shop.orders, headers=shop.headers), 500, "internal")

    assert set(problem) == {"type", "title", "status", "detail", "code"}
    assert "secret" not in problem["detail"]
