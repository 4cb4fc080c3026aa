"""How often something may be called: answered 429 with Retry-After, before anything is done, each for himself."""

import pytest
from flask import Flask

from merchant_api.core.endpoint import ENDPOINTS
from merchant_api.core.limiter import KEYS, Limits
from merchant_api.core.metrics import calls_limited
from merchant_api.core.rates import Rates
from tests.http.orders.conftest import Shop
from tests.make.snapshot import everything
from tests.make.statements import statements_of
from tests.make.stock import make_product

NEWCOMER = {"password": "a mountain of tea", "name": "Nima"}


@pytest.fixture
def limit(client, monkeypatch):
    """Turns limits on for one test."""
    extensions = client.application.extensions
    return lambda **rates: monkeypatch.setitem(extensions, "orderbell.limits", Limits(Flask("counts"), Rates(**rates)))


@pytest.fixture
def shop(client):
    return Shop(client)


def register(client, number, address="198.51.100.7"):
    body = {"login": f"nima{number}@example.com", **NEWCOMER}
    return client.post("/v1/auth/register", json=body, environ_base={"REMOTE_ADDR": address})


def is_limited(reply):
    """Whether it is the refusal, as programs read it."""
    if reply.status_code != 429:
        return False
    assert (reply.content_type, reply.json["code"]) == ("application/problem+json", "rate_limited")
    assert 1 <= int(reply.headers["Retry-After"]) <= 60
    return True


def test_a_customer_places_so_often_at_a_merchant_and_no_oftener(limit, shop):
    limit(place="2 per minute")
    mug, elsewhere = make_product(shop.merchant, on_hand=99), Shop(shop.client)

    replies = [shop.order("customer", mug) for _ in range(4)]

    assert [is_limited(reply) for reply in replies] == [False, False, True, True]
    assert shop.order("other customer", mug).status_code == 201
    theirs = make_product(elsewhere.merchant, on_hand=9)
    line = {"lines": [{"product_id": str(theirs.id), "quantity": 1}]}
    url = f"/v1/merchants/{elsewhere.merchant.id}/orders"
    assert shop.client.post(url, json=line, headers=shop.headers["customer"]).status_code == 201


@pytest.mark.parametrize("who", ["owner", "clerk", "staff", "key"])
def test_who_sells_places_as_often_as_he_likes(limit, shop, who):
    limit(place="1 per hour")
    mug = make_product(shop.merchant, on_hand=99)

    replies = [shop.order(who, mug, customer={"name": "Maya"}) for _ in range(3)]

    assert [reply.status_code for reply in replies] == [201] * 3


def test_what_is_limited_changes_nothing_takes_no_key_and_asks_the_database_only_who_it_is(limit, shop):
    limit(place="1 per minute")
    mug = make_product(shop.merchant, on_hand=99)
    shop.order("customer", mug)
    before, counted = everything(shop.merchant.id), calls_limited.labels("place")._value.get()
    url, body = f"/v1/merchants/{shop.merchant.id}/orders", {"lines": [{"product_id": str(mug.id), "quantity": 1}]}
    headers = shop.headers["customer"] | {"Idempotency-Key": "k"}

    (asked,) = statements_of(lambda: is_limited(shop.client.post(url, json=body, headers=headers)))

    assert "access_tokens" in asked
    assert everything(shop.merchant.id) == before
    assert calls_limited.labels("place")._value.get() == counted + 1


def test_a_checked_out_cart_counts_as_an_order_and_its_changes_by_the_person(limit, shop):
    limit(place="1 per minute", cart="3 per minute")
    mug = make_product(shop.merchant, on_hand=99)
    cart = shop.call("customer", "POST", "/carts").json["id"]
    line = f"/carts/{cart}/lines/{mug.id}"

    puts = [shop.call("customer", "PUT", line, {"quantity": units}) for units in (1, 2, 3)]

    assert [is_limited(reply) for reply in puts] == [False, False, True]
    assert shop.call("customer", "POST", f"/carts/{cart}/checkout", {}).status_code == 201
    assert is_limited(shop.order("customer", mug))
    assert shop.call("customer", "GET", f"/carts/{cart}").status_code == 200
    assert shop.call("other customer", "POST", "/carts").status_code == 201


@pytest.mark.parametrize(
    ("addresses", "limited"),
    [
        (["198.51.100.7", "198.51.100.7", "::ffff:198.51.100.7"], [False, False, True]),
        (["198.51.100.7", "198.51.100.8", "198.51.100.9"], [False, False, False]),
        (["2001:db8::1", "2001:db8::2:3", "2001:db8:0:0:ffff::1"], [False, False, True]),
        (["2001:db8::1", "2001:db8:0:1::1", "2001:db8:0:2::1"], [False, False, False]),
    ],
)
def test_a_network_registers_so_many_people(limit, client, addresses, limited):
    limit(register="2 per minute")

    replies = [register(client, number, address) for number, address in enumerate(addresses)]

    assert [is_limited(reply) for reply in replies] == limited


def test_who_registers_too_often_costs_no_statement(limit, client):
    limit(register="1 per minute")
    register(client, 1)

    assert statements_of(lambda: is_limited(register(client, 2))) == []


def test_logging_in_is_not_counted_here(limit, client):
    limit(register="1 per minute")
    register(client, 1)
    body = {"login": "nima1@example.com", "password": NEWCOMER["password"]}

    assert {client.post("/v1/auth/login", json=body).status_code for _ in range(3)} == {200}


def test_a_person_invites_so_often_whoever_it_is(limit, shop):
    limit(invite="2 per minute")

    replies = [shop.call("owner", "POST", "/members", {"login": "nobody@x.example", "role": "clerk"}) for _ in range(3)]

    assert [is_limited(reply) for reply in replies] == [False, False, True]
    assert not is_limited(shop.call("staff", "POST", "/members", {"login": "nobody@x.example", "role": "clerk"}))


def test_of_several_limits_the_strictest_holds(limit, shop):
    limit(place="9 per second; 2 per minute")
    mug = make_product(shop.merchant, on_hand=99)

    assert [is_limited(shop.order("customer", mug)) for _ in range(3)] == [False, False, True]


def test_who_may_not_call_is_told_so_and_does_not_count(limit, shop):
    limit(invite="1 per minute")

    replies = [shop.call(who, "POST", "/members", {}) for who in ("customer", "nobody", "clerk", "owner")]

    assert [reply.status_code for reply in replies] == [403, 401, 403, 422]


def test_every_limit_is_one_that_is_counted_and_stands_in_the_document(client):
    limited = {name: declared for name, declared in ENDPOINTS.items() if "limit" in declared.shape}
    paths = client.get("/v1/openapi.json").json["paths"].values()
    told = {
        operation["operationId"] for item in paths for operation in item.values() if "429" in operation["responses"]
    }

    assert {declared.shape["limit"] for declared in limited.values()} == set(KEYS)
    assert told == {name.replace(".", "_") for name in limited}
