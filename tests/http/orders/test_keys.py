"""Idempotency keys: the same call twice has one effect and one answer, byte for byte."""

import pytest

from merchant_api.catalog.models import WhenShort
from tests.http.orders.conftest import Shop
from tests.make.snapshot import everything
from tests.make.stock import balances, make_cell, make_product


def body_of(product, quantity=1):
    return {"lines": [{"product_id": str(product.id), "quantity": quantity}]}


def place(shop, product, quantity=1, who="customer", key="k-1"):
    return shop.call(who, "POST", "/orders", body_of(product, quantity), Idempotency_Key=key)


def is_replayed(reply):
    return reply.headers.get("Idempotency-Replayed") == "true"


@pytest.mark.parametrize("on_hand", [0, 5])
def test_the_same_order_twice_is_one_order_and_one_answer(shop, on_hand):
    mug = make_product(shop.merchant, on_hand=on_hand)
    first = place(shop, mug)
    before = everything(shop.merchant.id)

    second = place(shop, mug)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.data == second.data
    assert (is_replayed(first), is_replayed(second)) == (False, True)
    assert everything(shop.merchant.id) == before


def test_an_order_that_would_be_refused_by_now_gives_its_first_answer(shop):
    mask = make_product(shop.merchant, on_hand=1, when_short=WhenShort.REFUSE)
    first = place(shop, mask)

    second = place(shop, mask)

    assert (second.status_code, second.data) == (201, first.data)
    assert place(shop, mask, key="k-2").status_code == 409


def test_an_order_that_names_a_place_which_is_called_otherwise_by_now_gives_its_first_answer(shop):
    mug = make_product(shop.merchant, on_hand=1)
    attic = shop.call("owner", "POST", "/locations", {"name": "attic"}).json["id"]
    make_cell(mug, 1, location="attic")
    body = {"lines": [{"product_id": str(mug.id), "quantity": 1, "location": "attic"}]}
    first = shop.call("customer", "POST", "/orders", body, Idempotency_Key="k-1")
    shop.call("owner", "PATCH", f"/locations/{attic}", {"name": "loft"})

    second = shop.call("customer", "POST", "/orders", body, Idempotency_Key="k-1")
    other = shop.call("customer", "POST", "/orders", body, Idempotency_Key="k-2")

    assert (second.status_code, second.data, is_replayed(second)) == (201, first.data, True)
    assert (other.status_code, other.json["code"]) == (422, "no_such_place")


def test_the_same_key_with_another_body_is_refused(shop):
    mug = make_product(shop.merchant, on_hand=5)
    place(shop, mug)

    reply = place(shop, mug, quantity=2)

    assert (reply.status_code, reply.json["code"]) == (422, "idempotency_key_reused")
    assert balances(mug) == (5, 1, 0)


def test_the_same_body_in_other_words_is_the_same_body(shop):
    mug = make_product(shop.merchant, on_hand=5)
    first = place(shop, mug)
    text = f'{{ "lines" : [ {{ "quantity" : 1, "product_id" : "{mug.id}" }} ] }}'

    second = shop.client.post(
        f"/v1/merchants/{shop.merchant.id}/orders",
        data=text,
        content_type="application/json",
        headers=shop.headers["customer"] | {"Idempotency-Key": "k-1"},
    )

    assert (second.data, is_replayed(second)) == (first.data, True)


def test_a_refusal_is_not_stored(shop):
    mask = make_product(shop.merchant, on_hand=1, when_short=WhenShort.REFUSE)
    assert place(shop, mask, quantity=2).status_code == 409
    stock = shop.call("owner", "PUT", f"/products/{mask.id}/stock", {"quantity": 2, "comment": "found one"})
    assert stock.status_code == 200

    again = place(shop, mask, quantity=2)

    assert (again.status_code, is_replayed(again)) == (201, False)


def test_a_key_belongs_to_its_actor_its_merchant_and_its_path(shop):
    other = Shop(shop.client)
    other.headers["customer"] = shop.headers["customer"]
    mug, theirs = make_product(shop.merchant, on_hand=5), make_product(other.merchant, on_hand=5)

    replies = [place(shop, mug), place(shop, mug, who="other customer"), place(other, theirs)]
    cancelled = shop.call(
        "customer", "POST", f"/orders/{replies[0].json['id']}/cancel", {"reason": "no"}, Idempotency_Key="k-1"
    )

    assert [reply.status_code for reply in replies] == [201, 201, 201]
    assert len({reply.json["id"] for reply in replies}) == 3
    assert (cancelled.status_code, is_replayed(cancelled)) == (200, False)


@pytest.mark.parametrize(
    ("step", "body"),
    [("accept", {"note": "yes"}), ("decline", {"reason": "closed"}), ("cancel", {"reason": "no"})],
)
def test_a_step_taken_twice_under_one_key_is_one_step(shop, step, body):
    order = shop.order("customer", make_product(shop.merchant)).json
    path = f"/orders/{order['id']}/{step}"
    first = shop.call("owner", "POST", path, body, Idempotency_Key="k-1")
    before = everything(shop.merchant.id)

    again = shop.call("owner", "POST", path, body, Idempotency_Key="k-1")
    without = shop.call("owner", "POST", path, body)

    assert (first.status_code, again.status_code, without.status_code) == (200, 200, 409)
    assert (again.data, is_replayed(again)) == (first.data, True)
    assert everything(shop.merchant.id) == before


def test_a_stored_answer_stays_what_it_was_though_the_order_went_on(shop):
    mug = make_product(shop.merchant, on_hand=5)
    first = place(shop, mug)
    shop.call("owner", "POST", f"/orders/{first.json['id']}/pickup")

    again = place(shop, mug)

    assert again.data == first.data
    assert again.json["state"] == "confirmed"


def test_quotes_around_a_key_are_not_part_of_it(shop):
    mug = make_product(shop.merchant, on_hand=5)
    first = place(shop, mug, key="k-1")

    assert place(shop, mug, key='"k-1"').data == first.data


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "two words", "ключ".encode().decode("latin-1")])
def test_a_key_that_is_none_is_refused(shop, key):
    mug = make_product(shop.merchant, on_hand=5)

    reply = place(shop, mug, key=key)

    assert (reply.status_code, reply.json["code"]) == (422, "bad_idempotency_key")
    assert balances(mug) == (5, 0, 0)
