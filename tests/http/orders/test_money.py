"""Late money through HTTP: listed with what can be done, revived or given back, by those who may."""

import pytest

from merchant_api.core.actor import Role
from merchant_api.core.ids import new_id
from merchant_api.orders.states import State
from tests.http.orders.conftest import Shop
from tests.make.money import end_unpaid, pay_for
from tests.make.orders import make_order, place_one
from tests.make.people import make_actor, make_merchant
from tests.make.snapshot import everything
from tests.make.stock import make_product


@pytest.fixture
def mug(shop):
    return make_product(shop.merchant, on_hand=5)


@pytest.fixture
def late(shop, mug):
    """A payment that came after its order of two mugs had ended."""
    customer = make_actor(Role.CUSTOMER, person=shop.people["customer"])
    order = end_unpaid(make_order(State.AWAITING_PAYMENT, [(mug, 2)], customer))
    return pay_for(order)


def test_a_parked_payment_says_why_and_what_can_be_done(shop, late):
    (shown,) = shop.call("clerk", "GET", "/payments?parked=true").json["items"]

    assert (shown["id"], shown["state"], shown["parked_reason"]) == (str(late.id), "parked", "order_ended")
    assert (shown["can_revive"], shown["cannot_revive"]) == (True, None)
    assert shown["refundable"] == {"amount": 300_000, "currency": "NPR"}
    assert shown["refunds"] == []
    assert shop.call("clerk", "GET", f"/payments/{late.id}").json == shown
    assert shop.call("clerk", "GET", "/payments?parked=false").json["items"] == []


def test_a_payment_that_cannot_revive_says_what_is_missing(shop, mug, late):
    place_one([(mug, 4)])

    shown = shop.call("clerk", "GET", f"/payments/{late.id}").json

    assert (shown["can_revive"], shown["cannot_revive"]) == (False, "insufficient_stock")


def test_a_clerk_revives_and_a_second_time_is_told_why_not(shop, late):
    reply = shop.call("clerk", "POST", f"/payments/{late.id}/revive")

    assert (reply.status_code, reply.json["order"]["state"], reply.json["state"]) == (200, "confirmed", "counted")
    assert reply.json["payment"]["cannot_revive"] == "not_parked"
    again = shop.call("clerk", "POST", f"/payments/{late.id}/revive")
    assert (again.status_code, again.json["code"]) == (409, "not_parked")
    kinds = [row["step"] for row in shop.call("owner", "GET", f"/orders/{late.order_id}/history").json["items"]]
    assert kinds[-2:] == ["revive", "ask_pickup"]


def test_the_same_key_revives_once_and_gives_the_same_answer(shop, late):
    first = shop.call("clerk", "POST", f"/payments/{late.id}/revive", Idempotency_Key="k-1")

    again = shop.call("clerk", "POST", f"/payments/{late.id}/revive", Idempotency_Key="k-1")

    assert (again.status_code, again.data) == (200, first.data)
    assert again.headers["Idempotency-Replayed"] == "true"


def test_too_little_stock_names_the_lines_and_changes_nothing(shop, mug, late):
    place_one([(mug, 4)])
    before = everything(shop.merchant.id)

    reply = shop.call("owner", "POST", f"/payments/{late.id}/revive", Idempotency_Key="k-1")

    assert (reply.status_code, reply.json["code"]) == (409, "insufficient_stock")
    assert [(line["wanted"], line["available"]) for line in reply.json["lines"]] == [(2, 1)]
    assert everything(shop.merchant.id) == before


def test_money_is_given_back_with_note_and_reference(shop, late):
    body = {"note": "by bank", "reference": "bank-1", "amount": {"amount": 300_000, "currency": "NPR"}}

    reply = shop.call("clerk", "POST", f"/payments/{late.id}/refund", body)

    assert (reply.status_code, reply.json["state"]) == (200, "refunded")
    (row,) = reply.json["refunds"]
    assert (row["state"], row["note"], row["reference"], row["by"]["name"]) == ("done", "by bank", "bank-1", "Sita")
    assert reply.json["refundable"]["amount"] == 0
    again = shop.call("clerk", "POST", f"/payments/{late.id}/refund", body)
    assert (again.status_code, again.json) == (200, reply.json)
    nothing = shop.call("clerk", "POST", f"/payments/{late.id}/refund", {})
    assert (nothing.status_code, nothing.json["code"]) == (409, "nothing_owed")


@pytest.mark.parametrize("step", ["revive", "refund"])
@pytest.mark.parametrize(("who", "status"), [("customer", 403), ("other customer", 403), ("newcomer", 404)])
def test_customers_decide_nothing_about_money(shop, late, step, who, status):
    body = {} if step == "refund" else None

    reply = shop.call(who, "POST", f"/payments/{late.id}/{step}", body)

    assert reply.status_code == status
    assert shop.call("owner", "GET", f"/payments/{late.id}").json["state"] == "parked"


@pytest.mark.parametrize("step", ["/revive", "/refund", ""])
def test_a_payment_of_another_merchant_is_not_found(shop, late, step):
    elsewhere = Shop(shop.client, make_merchant())
    body = {} if step == "/refund" else None

    for payment_id in (late.id, new_id()):
        reply = elsewhere.call("owner", "POST" if step else "GET", f"/payments/{payment_id}{step}", body)

        assert (reply.status_code, reply.json["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "body",
    [
        {"amount": 5},
        {"amount": {"amount": 0, "currency": "NPR"}},
        {"amount": {"amount": -1, "currency": "NPR"}},
        {"amount": {"amount": 1.5, "currency": "NPR"}},
        {"amount": {"amount": 1, "currency": "XYZ"}},
        {"amount": {"amount": 10**16, "currency": "NPR"}},
        {"note": ""},
        {"note": "x" * 501},
        {"note": "a\x00b"},
        {"reference": ""},
        {"reference": "x" * 201},
        {"state": "done"},
        {"provider_id": str(new_id())},
    ],
)
def test_a_refund_that_is_not_valid_changes_nothing(shop, late, body):
    before = everything(shop.merchant.id)

    reply = shop.call("owner", "POST", f"/payments/{late.id}/refund", body, Idempotency_Key="k-1")

    assert (reply.status_code, reply.content_type) == (422, "application/problem+json")
    assert everything(shop.merchant.id) == before


def test_money_in_another_currency_is_not_given_back(shop, late):
    reply = shop.call(
        "owner", "POST", f"/payments/{late.id}/refund", {"amount": {"amount": 300_000, "currency": "INR"}}
    )

    assert (reply.status_code, reply.json["code"]) == (422, "wrong_currency")


def test_an_order_says_what_went_back(shop, late):
    shop.call("owner", "POST", f"/payments/{late.id}/revive")
    shop.call("owner", "POST", f"/orders/{late.order_id}/cancel", {"reason": "no"})
    owed = shop.call("customer", "GET", f"/orders/{late.order_id}").json
    assert (owed["refund_due"], owed["refund_owed"]["amount"], owed["refunded"]["amount"]) == (True, 300_000, 0)

    shop.call("owner", "POST", f"/payments/{late.id}/refund", {})

    order = shop.call("customer", "GET", f"/orders/{late.order_id}").json
    assert (order["refund_due"], order["refund_owed"]["amount"], order["refunded"]["amount"]) == (False, 0, 300_000)
