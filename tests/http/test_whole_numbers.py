"""What the description calls an integer, the reader takes: 1, 1.0 and 1e0 are one, in bodies and in queries."""

import json

import jsonschema_rs
import pytest

from tests.http.orders.conftest import Shop
from tests.make.stock import balances, make_product

SPELT = ["3", "3.0", "3e0", "30e-1", "0.3e1"]
NOT_WHOLE = ['"3"', "3.5", "true", "null", "[3]", '"3.0"']


@pytest.fixture
def shop(client):
    return Shop(client)


def put(shop, mug, text, **headers):
    url = f"/v1/merchants/{shop.merchant.id}/products/{mug.id}/stock"
    more = shop.headers["owner"] | {name.replace("_", "-"): value for name, value in headers.items()}
    return shop.client.put(url, data=f'{{"quantity": {text}}}', content_type="application/json", headers=more)


@pytest.mark.parametrize("text", [*SPELT, *NOT_WHOLE])
def test_the_reader_and_the_description_agree_on_what_is_whole(shop, text):
    described = shop.client.get("/v1/openapi.json").json["components"]["schemas"]["LevelIn"]["properties"]["quantity"]

    reply = put(shop, make_product(shop.merchant, on_hand=5), text)

    assert (reply.status_code == 200) is jsonschema_rs.is_valid(described, json.loads(text)), text
    assert (reply.status_code == 200) is (text in SPELT)


def test_one_number_in_two_spellings_is_one_body(shop):
    mug = make_product(shop.merchant, on_hand=5)

    first, again = put(shop, mug, "3", Idempotency_Key="k-1"), put(shop, mug, "3.0", Idempotency_Key="k-1")

    assert (again.status_code, again.data, again.headers["Idempotency-Replayed"]) == (200, first.data, "true")
    assert balances(mug) == (3, 0, 0)


@pytest.mark.parametrize("text", SPELT)
def test_a_query_takes_the_numbers_that_a_body_takes(shop, text):
    make_product(shop.merchant, on_hand=3)

    assert shop.call("owner", "GET", f"/products?limit={text}").status_code == 200
    (choice,) = shop.call("owner", "GET", f"/orders/choices?quantity={text}").json["items"]
    assert choice["verdict"] == "covered"


@pytest.mark.parametrize("text", ["3.5", "%2B3", "03", "1_0", "%203", "%D9%A3", "true", "", "0x3", "1e999", "-3"])
def test_a_query_refuses_what_is_no_whole_number(shop, text):
    for path in (f"/products?limit={text}", f"/orders/choices?quantity={text}"):
        reply = shop.call("owner", "GET", path)

        assert (reply.status_code, reply.json["code"]) == (422, "invalid")
