"""Parts, goodwill and the list of money to give back through HTTP, by those who may."""

from datetime import timedelta

import pytest

from merchant_api.core import clock
from merchant_api.core.schema import rfc3339
from tests.http.orders.conftest import Shop
from tests.make.people import make_merchant
from tests.make.snapshot import everything
from tests.make.stock import make_product


def npr(amount):
    return {"amount": amount, "currency": "NPR"}


@pytest.fixture
def order(shop):
    """An order that costs 1000 and awaits its payment."""
    return shop.order(
        "customer", make_product(shop.merchant, on_hand=5, price=500), 2, payment_terms="after_acceptance"
    ).json


def pay(shop, order, amount, reference="bank-1", **more):
    body = {"amount": npr(amount), "reference": reference, **more}
    return shop.call("clerk", "POST", f"/orders/{order['id']}/payments", body)


def due_back(shop, query=""):
    return shop.call("clerk", "GET", f"/payments?due_back=true{query}").json


def test_a_part_says_what_is_left_to_pay(shop, order):
    assert order["left_to_pay"] == npr(1000)

    reply = pay(shop, order, 400)

    assert (reply.status_code, reply.json["state"]) == (201, "counted")
    after = reply.json["order"]
    assert (after["state"], after["paid"], after["left_to_pay"]) == ("awaiting_payment", npr(400), npr(600))
    assert shop.call("customer", "GET", f"/orders/{order['id']}").json["left_to_pay"] == npr(600)


def test_what_is_too_much_is_listed_given_back_and_gone(shop, order):
    paid = pay(shop, order, 1050).json
    assert (paid["order"]["state"], paid["order"]["refund_due"], paid["order"]["refund_owed"]) == (
        "confirmed",
        True,
        npr(50),
    )
    assert (paid["payment"]["due_back"], paid["payment"]["refundable"]) == (npr(50), npr(1050))
    assert [each["id"] for each in due_back(shop)["items"]] == [paid["payment"]["id"]]

    back = shop.call("clerk", "POST", f"/payments/{paid['payment']['id']}/refund", {})

    assert (back.status_code, back.json["refunded"], back.json["due_back"]) == (200, npr(50), npr(0))
    assert due_back(shop)["items"] == []
    others = shop.call("clerk", "GET", "/payments?due_back=false").json["items"]
    assert [each["id"] for each in others] == [paid["payment"]["id"]]


def test_goodwill_says_why_and_the_same_key_gives_it_once(shop, order):
    payment = pay(shop, order, 1000).json["payment"]
    path, gift = f"/payments/{payment['id']}/refund", {"amount": npr(200)}

    refused = shop.call("clerk", "POST", path, gift)
    given = [shop.call("clerk", "POST", path, gift | {"note": "a scratch"}, Idempotency_Key="k-1") for _ in range(2)]

    assert (refused.status_code, refused.json["code"], list(refused.json["errors"])) == (422, "note_required", ["note"])
    assert [(reply.status_code, reply.json["refunded"]) for reply in given] == [(200, npr(200))] * 2
    after = shop.call("customer", "GET", f"/orders/{order['id']}").json
    assert (after["state"], after["refunded"], after["left_to_pay"], after["refund_due"]) == (
        "confirmed",
        npr(200),
        npr(0),
        False,
    )


def test_the_same_part_again_is_the_same_payment(shop, order):
    replies = [pay(shop, order, 400), pay(shop, order, 400), pay(shop, order, 401)]

    assert [reply.status_code for reply in replies] == [201, 200, 409]
    assert replies[1].json["order"]["left_to_pay"] == npr(600)


@pytest.mark.parametrize(("ahead_s", "status"), [(290, 201), (310, 422), (10**9, 422)])
@pytest.mark.parametrize("who", ["clerk", "key"])
def test_nobody_pays_more_than_five_minutes_ahead(shop, order, who, ahead_s, status):
    before = everything(shop.merchant.id)
    body = {"amount": npr(400), "reference": "r-1", "paid_at": rfc3339(clock.now() + timedelta(seconds=ahead_s))}

    reply = shop.call(who, "POST", f"/orders/{order['id']}/payments", body)

    assert reply.status_code == status
    if status == 422:
        assert (reply.json["code"], list(reply.json["errors"])) == ("paid_ahead", ["paid_at"])
        assert everything(shop.merchant.id) == before


def test_the_list_goes_on_page_by_page(shop):
    mug = make_product(shop.merchant, on_hand=9, price=500)
    for number in range(3):
        pay(shop, shop.order("owner", mug, 1, customer={"name": "Maya"}).json, 501 + number, f"bank-{number}")

    first = due_back(shop, "&limit=2")
    second = due_back(shop, f"&limit=2&cursor={first['next']}")

    amounts = [each["due_back"]["amount"] for each in first["items"] + second["items"]]
    assert (amounts, second["next"]) == ([3, 2, 1], None)


@pytest.mark.parametrize(("who", "status"), [("customer", 403), ("newcomer", 404), ("nobody", 401)])
def test_the_list_is_for_those_who_may_record_money(shop, order, who, status):
    assert shop.call(who, "GET", "/payments?due_back=true").status_code == status


def test_another_merchant_s_list_says_nothing_of_ours(shop, order):
    pay(shop, order, 1050)
    elsewhere = Shop(shop.client, make_merchant())

    assert due_back(elsewhere)["items"] == []


@pytest.mark.parametrize("query", ["due_back=perhaps", "due_back=", "due_back=true&owed=1"])
def test_a_list_that_is_asked_for_in_other_words_is_refused(shop, query):
    assert shop.call("clerk", "GET", f"/payments?{query}").status_code == 422
