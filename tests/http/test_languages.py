"""Replies speak the language that is asked for: verdicts, modes, why a figure is so, and what is short."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from merchant_api.catalog.models import WhenShort
from merchant_api.core.endpoint import ENDPOINTS
from merchant_api.core.sentences.field import is_worded
from tests.http.orders.conftest import Shop
from tests.make.stock import make_product

NEPALI = {"Accept_Language": "ne-NP, en;q=0.8"}


@pytest.fixture
def shop(client: FlaskClient) -> Shop:
    return Shop(client)


def line_of(reply: Any) -> str:
    return str(reply.json["lines"][0]["verdict_reason"])


@pytest.mark.parametrize(
    ("header", "language", "reason"),
    [
        ("ne", "ne", "5 मागिएको, 2 उपलब्ध"),
        ("ne-NP,ne;q=0.9,en;q=0.8", "ne", "5 मागिएको, 2 उपलब्ध"),
        ("en", "en", "5 wanted, 2 available"),
        ("en-NP;q=0.9, ne;q=0.3", "en", "5 wanted, 2 available"),
        ("tlh, *;q=0.1", "en", "5 wanted, 2 available"),
        ("}{;q=,,\u0915", "en", "5 wanted, 2 available"),
    ],
)
def test_an_order_says_why_in_the_language_asked_for(shop, header, language, reason):
    product = make_product(shop.merchant, on_hand=2)
    placed = shop.order("customer", product, 5)

    read = shop.call("customer", "GET", f"/orders/{placed.json['id']}", Accept_Language=header)

    assert (line_of(placed), placed.headers["Content-Language"]) == ("5 wanted, 2 available", "en")
    assert (line_of(read), read.headers["Content-Language"]) == (reason, language)
    assert read.headers["Vary"] == "Accept-Language"


def test_a_product_says_its_mode_and_a_cart_its_lines(shop):
    product = make_product(shop.merchant, on_hand=0, when_short=WhenShort.BACKORDER)
    cart = shop.call("customer", "POST", "/carts").json["id"]

    window = shop.call("customer", "GET", f"/products/{product.id}", **NEPALI)
    put = shop.call("customer", "PUT", f"/carts/{cart}/lines/{product.id}", {"quantity": 3}, **NEPALI)

    assert window.json["mode_reason"] == "मौज्दातमा छैन: अहिले अर्डर हुन्छ, सामान आएपछि पठाइन्छ"
    assert put.json["lines"][0]["verdict_reason"] == "3 मागिएको, 0 उपलब्ध: 3 सामान आएपछि"
    assert put.json["lines"][0]["message"] == "केही बाँकी छैन: 3 सामान आएपछि पठाइन्छ।"


def test_a_figure_is_explained_and_a_shortage_named(shop):
    product = make_product(shop.merchant, on_hand=2)
    placed = shop.order("customer", product, 5).json
    shop.call("owner", "POST", f"/orders/{placed['id']}/accept", {})
    paid = {"amount": placed["total"], "reference": "r-1"}

    recorded = shop.call("owner", "POST", f"/orders/{placed['id']}/payments", paid, **NEPALI)
    told = shop.call("clerk", "GET", f"/availability/{product.id}/explain", **NEPALI)

    assert recorded.json["shortage"][0]["why"] == "5 मध्ये 3 मौज्दातभन्दा बढी पसलले दिने वाचा गरेको"
    assert told.json["why"] == "0 उपलब्ध: मौज्दात 2, राखिएको 2"
    assert told.json["cells"][0]["rows"][0]["why"] == "सुरुमा 2 (tests)"
    assert told.json["cells"][0]["rows"][1]["why"] == f"अर्डर {placed['code']} का लागि 2 राखियो"


def test_a_refusal_speaks_english_and_the_cart_beside_it_the_reader_s_language(shop):
    product = make_product(shop.merchant, on_hand=1, when_short=WhenShort.REFUSE)
    cart = shop.call("customer", "POST", "/carts").json["id"]
    shown = shop.call("customer", "PUT", f"/carts/{cart}/lines/{product.id}", {"quantity": 1}).json
    lines = [{"product_id": str(product.id), "verdict": "covered"}]
    shop.order("other customer", product, 1)

    body = {"seen": {"total": shown["total"], "lines": lines}}
    refused = shop.call("customer", "POST", f"/carts/{cart}/checkout", body, **NEPALI)

    assert (refused.status_code, refused.json["code"]) == (409, "cart_changed")
    assert refused.json["detail"].isascii()
    assert refused.json["cart"]["lines"][0]["message"] == "सकियो।"


def test_a_key_gives_the_same_bytes_again_and_claims_no_language(shop):
    product = make_product(shop.merchant, on_hand=2)

    body = {"lines": [{"product_id": str(product.id), "quantity": 5}]}

    first = shop.call("customer", "POST", "/orders", body, Idempotency_Key="k-1", **NEPALI)
    again = shop.call("customer", "POST", "/orders", body, Idempotency_Key="k-1")

    assert (first.status_code, first.headers["Content-Language"]) == (201, "ne")
    assert (again.get_data(), again.headers["Idempotency-Replayed"]) == (first.get_data(), "true")
    assert "Content-Language" not in again.headers


def test_what_has_no_sentences_does_not_depend_on_the_language(shop):
    reply = shop.call("owner", "GET", "/locations", **NEPALI)

    assert reply.status_code == 200
    assert not {"Content-Language", "Vary"} & set(reply.headers.keys())


def test_the_document_says_which_calls_have_sentences(app: Flask):
    described = app.test_client().get("/v1/openapi.json").json
    worded = {name.replace(".", "_") for name, call in ENDPOINTS.items() if is_worded(call.shape.get("reply"))}

    calls = [call for item in described["paths"].values() for call in item.values()]
    saying = [call for call in calls if any(each["name"] == "Accept-Language" for each in call["parameters"])]

    assert {call["operationId"] for call in saying} == worded
    assert {"orders_get_order", "products_get_product", "previews_preview_close"} <= worded
