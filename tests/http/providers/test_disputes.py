"""Disputes through HTTP: shown at the order, the payment and in a list; only a signature opens the door to them."""

import json

import pytest

from merchant_api.core.ids import new_id
from merchant_api.orders.states import State
from tests.http.orders.conftest import Shop
from tests.make.orders import make_order
from tests.make.providers import STRIPE_SECRET, charge, dispute, intent, stripe_event, stripe_headers
from tests.make.snapshot import everything
from tests.make.stock import make_product

PRICE = 300_000


@pytest.fixture
def shop(client):
    return Shop(client)


@pytest.fixture
def path(shop):
    body = {"kind": "stripe", "name": "Stripe", "secret": STRIPE_SECRET}
    return shop.call("owner", "POST", "/payment-providers", body).json["path"]


@pytest.fixture
def order(shop, path):
    order = make_order(State.AWAITING_PAYMENT, [(make_product(shop.merchant, on_hand=5), 2)])
    sends(shop, path, "payment_intent.succeeded", intent("pi_1", PRICE, order_id=str(order.id)))
    return order


def sends(shop, path, type_, about, secret=STRIPE_SECRET):
    body = json.dumps(stripe_event(type_, about))
    return shop.client.post(path, data=body, headers=stripe_headers(body, secret))


def test_a_dispute_is_shown_at_the_order_the_payment_and_in_the_list(shop, path, order):
    assert sends(shop, path, "charge.dispute.created", dispute("du_1", "pi_1", PRICE)).json == {"state": "applied"}

    shown = shop.call("clerk", "GET", f"/orders/{order.id}").json
    (payment,) = shop.call("clerk", "GET", "/payments").json["items"]
    (row,) = shop.call("clerk", "GET", f"/disputes?payment={payment['id']}&state=open").json["items"]
    assert (shown["is_disputed"], shown["state"], shown["refund_due"]) == (True, "confirmed", False)
    assert (payment["state"], payment["disputed"]["amount"], payment["refundable"]["amount"]) == ("disputed", PRICE, 0)
    assert (row["payment_id"], row["order_id"], row["reason"]) == (payment["id"], str(order.id), "fraudulent")
    assert row["answer_by"] > row["opened_at"]


def test_disputes_are_listed_for_those_who_look_after_money_only(shop, path, order):
    sends(shop, path, "charge.dispute.created", dispute("du_1", "pi_1", PRICE))

    assert shop.call("clerk", "GET", "/disputes?state=lost").json == {"items": [], "next": None}
    assert shop.call("clerk", "GET", f"/disputes?payment={new_id()}").json["items"] == []
    assert shop.call("customer", "GET", "/disputes").status_code == 403
    for query in ("state=gone", "payment=1", "limit=0", "until=now"):
        assert shop.call("clerk", "GET", f"/disputes?{query}").status_code == 422


@pytest.mark.parametrize(
    ("type_", "about"),
    [
        ("charge.dispute.closed", dispute("du_1", "pi_1", PRICE, "lost")),
        ("charge.refunded", charge("pi_1", PRICE, PRICE)),
    ],
)
def test_who_did_not_sign_takes_no_money_back(shop, path, order, type_, about):
    before = everything(shop.merchant.id)

    reply = sends(shop, path, type_, about, secret="whsec_another")

    assert (reply.status_code, reply.json["code"]) == (401, "bad_signature")
    assert everything(shop.merchant.id) == before


@pytest.mark.parametrize(
    "evidence", [None, [], {}, {"due_by": None}, {"due_by": "soon"}, {"due_by": -1}, {"due_by": 1e30}]
)
def test_a_dispute_without_a_date_to_answer_by_is_a_dispute(shop, path, order, evidence):
    about = dispute("du_1", "pi_1", PRICE, evidence_details=evidence, reason=None, created=None)

    assert sends(shop, path, "charge.dispute.created", about).json == {"state": "applied"}
    (row,) = shop.call("owner", "GET", "/disputes").json["items"]
    assert (row["answer_by"], row["reason"]) == (None, None)


@pytest.mark.parametrize(
    "members",
    [
        {"id": None},
        {"id": "x" * 256},
        {"amount": 0},
        {"amount": -5},
        {"amount": "5"},
        {"amount": 10**16},
        {"currency": None},
        {"currency": 5},
        {"payment_intent": [], "charge": None},
        {"status": ["lost"]},
        {"status": None},
    ],
)
def test_a_dispute_of_another_shape_is_acknowledged_and_changes_nothing(shop, path, order, members):
    before = everything(shop.merchant.id)

    reply = sends(shop, path, "charge.dispute.created", dispute("du_1", "pi_1", PRICE) | members)

    assert (reply.status_code, reply.json) == (200, {"state": "ignored"})
    assert everything(shop.merchant.id) == before


def test_a_provider_says_that_it_is_to_tell_of_totals_and_disputes(shop, path):
    (provider,) = shop.call("owner", "GET", "/payment-providers").json["items"]

    assert {"charge.refunded", "charge.dispute.created", "charge.dispute.closed"} <= set(provider["events"])
