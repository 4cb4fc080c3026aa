"""A key belongs to the resource, not to how its path was spelt: one thing in two spellings is ordered once."""

import pytest

from tests.http.orders.test_keys import body_of, is_replayed, place
from tests.make.stock import balances, make_product


def spellings(url):
    """The same URL with its ids in capitals, percent-encoded, and with arguments that nobody reads."""
    home, _, shop, *rest = url.strip("/").split("/")
    return [
        "/" + "/".join([home, "merchants", shop.upper(), *(part if part.isalpha() else part.upper() for part in rest)]),
        url.replace(shop, shop.replace(shop[0], f"%{ord(shop[0]):02x}", 1)),
        url.replace("orders", "%6Frders"),
        f"{url}?b=2&a=1",
        f"{url}?a=1&b=2",
    ]


def test_a_path_spelt_otherwise_is_the_same_resource(shop):
    mug = make_product(shop.merchant, on_hand=5)
    first = place(shop, mug)
    headers = shop.headers["customer"] | {"Idempotency-Key": "k-1"}

    replies = [
        shop.client.post(url, json=body_of(mug), headers=headers)
        for url in spellings(f"/v1/merchants/{shop.merchant.id}/orders")
    ]

    assert [(reply.data, is_replayed(reply)) for reply in replies] == [(first.data, True)] * len(replies)
    assert balances(mug) == (5, 1, 0)


def test_a_step_whose_order_is_spelt_otherwise_is_the_same_step(shop):
    order = shop.order("customer", make_product(shop.merchant)).json
    url = f"/v1/merchants/{shop.merchant.id}/orders/{order['id']}/accept"
    headers = shop.headers["owner"] | {"Idempotency-Key": "k-1"}
    first = shop.client.post(url, json={}, headers=headers)

    replies = [shop.client.post(spelt, json={}, headers=headers) for spelt in spellings(url)]

    assert first.status_code == 200
    assert [(reply.data, is_replayed(reply)) for reply in replies] == [(first.data, True)] * len(replies)


@pytest.mark.parametrize("spelt", ["{{{0}}}", "urn:uuid:{0}", "{1}", "{0}/"])
def test_what_is_no_id_of_a_path_is_no_path(shop, spelt):
    mug = make_product(shop.merchant, on_hand=5)
    part = spelt.format(shop.merchant.id, shop.merchant.id.hex)
    url = f"/v1/merchants/{part}/orders" if not spelt.endswith("/") else f"/v1/merchants/{shop.merchant.id}/orders/"

    reply = shop.client.post(url, json=body_of(mug), headers=shop.headers["customer"] | {"Idempotency-Key": "k-1"})

    assert (reply.status_code, reply.json["code"]) == (404, "not_found")
    assert balances(mug) == (5, 0, 0)
