"""Payment providers through HTTP: set up by owners, their secrets never shown again, their money looked after."""

import base64
import json

import pytest
from sqlalchemy import text

from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.orders.states import State
from merchant_api.providers import edit
from tests.http.orders.conftest import Shop
from tests.make.money import end_unpaid
from tests.make.orders import make_order, reread
from tests.make.people import make_merchant
from tests.make.providers import (
    API_KEY,
    STRIPE_SECRET,
    WEBHOOK_SECRET,
    intent,
    paid,
    stripe_event,
    stripe_headers,
    webhook_headers,
)
from tests.make.stock import make_product

STRIPE = {"kind": "stripe", "name": "Stripe", "secret": STRIPE_SECRET, "api_key": API_KEY}
WEBHOOK = {"kind": "webhook", "name": "eSewa", "secret": WEBHOOK_SECRET}
PRICE = 300_000


@pytest.fixture
def shop(client):
    return Shop(client)


def added(shop, body=None):
    reply = shop.call("owner", "POST", "/payment-providers", body or STRIPE)
    assert reply.status_code == 201, reply.text
    return reply.json


def sends(shop, provider, event):
    body = json.dumps(event)
    headers = stripe_headers(body) if provider["kind"] == "stripe" else webhook_headers(f"msg_{new_id()}", body)
    return shop.client.post(provider["path"], data=body, headers=headers).json["state"]


def test_a_provider_says_where_it_sends_what_and_never_its_secrets(shop):
    provider = added(shop)

    assert provider["path"] == f"/v1/payment-events/{shop.merchant.id}/{provider['id']}"
    assert "payment_intent.succeeded" in provider["events"]
    assert (provider["signing_secrets"], provider["carries_out_refunds"]) == (1, True)
    listed = shop.call("owner", "GET", "/payment-providers")
    assert listed.json["items"] == [provider]
    for shown in (json.dumps(provider), listed.text):
        assert STRIPE_SECRET not in shown
        assert API_KEY not in shown


def test_nothing_secret_lies_open_in_the_database(shop):
    added(shop)
    rows = session().execute(text("SELECT payment_providers::text FROM payment_providers")).scalars().all()
    keys = session().execute(text("SELECT idempotency_keys::text FROM idempotency_keys")).scalars().all()

    for secret in (STRIPE_SECRET, API_KEY):
        in_hex = secret.encode().hex()
        assert not any(secret in row or in_hex in row for row in [*rows, *keys])


def test_a_provider_that_signs_after_standard_webhooks_gives_nothing_back_by_itself(shop):
    assert added(shop, WEBHOOK)["carries_out_refunds"] is False


def test_renaming_and_rotating(shop):
    provider = added(shop)

    changed = shop.call(
        "owner", "PATCH", f"/payment-providers/{provider['id']}", {"name": "Cards", "secret": "whsec_a_new_one"}
    ).json
    assert (changed["name"], changed["signing_secrets"], changed["carries_out_refunds"]) == ("Cards", 2, True)
    at_once = {"secret": "whsec_a_newer_one", "old_valid_for_s": 0, "api_key": ""}
    changed = shop.call("owner", "PATCH", f"/payment-providers/{provider['id']}", at_once).json
    assert (changed["signing_secrets"], changed["carries_out_refunds"]) == (1, False)


def test_a_provider_that_ended_is_gone(shop):
    provider = added(shop)
    url = f"/payment-providers/{provider['id']}"

    assert shop.call("owner", "DELETE", url).status_code == 204

    assert shop.call("owner", "GET", "/payment-providers").json["items"] == []
    assert shop.call("owner", "DELETE", url).status_code == 404
    assert shop.call("owner", "PATCH", url, {"name": "x"}).status_code == 404


@pytest.mark.parametrize("who", ["clerk", "customer", "key"])
@pytest.mark.parametrize(("method", "body"), [("GET", None), ("POST", STRIPE)])
def test_who_may_not_edit_providers_sees_none(shop, who, method, body):
    assert shop.call(who, method, "/payment-providers", body).status_code == 403


def test_another_merchant_s_provider_is_not_found(shop):
    provider, elsewhere = added(shop), Shop(shop.client, make_merchant())

    for method, body in (("PATCH", {"name": "x"}), ("DELETE", None)):
        assert elsewhere.call("owner", method, f"/payment-providers/{provider['id']}", body).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "paypal"},
        {"kind": None},
        {"name": ""},
        {"name": "x" * 101},
        {"secret": ""},
        {"secret": "whsec_"},
        {"secret": "no prefix at all"},
        {"secret": "sk_no_prefix_at_all"},
        {"secret": "whsec_with\nnewline"},
        {"secret": "whsec_" + "x" * 300},
        {"secret": None},
        {"api_key": "short"},
        {"api_key": "sk_test_with space"},
        {"url": "http://127.0.0.1/"},
        {"sealed_secrets": "x"},
    ],
)
def test_a_provider_that_is_not_valid_is_not_set_up(shop, change):
    reply = shop.call("owner", "POST", "/payment-providers", STRIPE | change)

    assert (reply.status_code, reply.content_type) == (422, "application/problem+json")
    assert shop.call("owner", "GET", "/payment-providers").json["items"] == []


@pytest.mark.parametrize(
    "change",
    [
        {"secret": "whsec_" + base64.b64encode(b"too short").decode()},
        {"secret": "whsec_" + base64.b64encode(b"x" * 65).decode()},
        {"secret": "whsec_not_base64_but_long_enough_to_be"},
        {"api_key": API_KEY},
    ],
)
def test_what_can_sign_no_standard_webhook_is_refused(shop, change):
    assert shop.call("owner", "POST", "/payment-providers", WEBHOOK | change).status_code == 422


def test_a_merchant_has_so_many_providers_at_most(shop, monkeypatch):
    monkeypatch.setattr(edit, "MOST", 1)
    added(shop)

    reply = shop.call("owner", "POST", "/payment-providers", STRIPE)

    assert (reply.status_code, reply.json["code"]) == (409, "too_many_providers")


@pytest.fixture
def order(shop):
    return make_order(State.AWAITING_PAYMENT, [(make_product(shop.merchant, on_hand=5), 2)])


def test_money_that_names_no_order_is_listed_and_assigned_by_a_clerk(shop, order):
    provider = added(shop)
    assert sends(shop, provider, stripe_event("payment_intent.succeeded", intent("pi_1", PRICE))) == "waiting"
    (event,) = shop.call("clerk", "GET", "/payment-events?state=waiting").json["items"]
    assert (event["reason"], event["subject"], event["amount"]) == (
        "names_no_order",
        "pi_1",
        {"amount": PRICE, "currency": "NPR"},
    )

    url = f"/payment-events/{event['id']}/assign"
    nowhere = shop.call("clerk", "POST", url, {"order_id": str(new_id())})
    done = shop.call("clerk", "POST", url, {"order_id": str(order.id)})
    again = shop.call("clerk", "POST", url, {"order_id": str(order.id)})

    assert (nowhere.status_code, nowhere.json["reason"]) == (409, "no_such_order")
    assert (done.status_code, done.json["state"], done.json["next_try_at"]) == (200, "applied", None)
    assert (again.status_code, again.json["code"]) == (409, "not_waiting")
    assert reread(order).state is State.CONFIRMED


def test_customers_and_strangers_see_no_events(shop):
    added(shop)

    assert shop.call("customer", "GET", "/payment-events").status_code == 403
    assert shop.call("newcomer", "POST", f"/payment-events/{new_id()}/assign", {}).status_code == 404
    assert shop.call("owner", "POST", f"/payment-events/{new_id()}/assign", {}).status_code == 422


def test_late_money_of_stripe_is_given_back_by_stripe_and_other_money_by_hand(shop):
    mug = make_product(shop.merchant, on_hand=50)
    replies = {}
    for provider in (added(shop), added(shop, WEBHOOK)):
        order = end_unpaid(make_order(State.AWAITING_PAYMENT, [(mug, 2)]))
        named = {"order_id": str(order.id)}
        is_stripe = provider["kind"] == "stripe"
        event = stripe_event("payment_intent.succeeded", intent("pi_1", PRICE, **named))
        assert sends(shop, provider, event if is_stripe else paid("p-1", PRICE, **named)) == "applied"
        (payment,) = shop.call("owner", "GET", "/payments?parked=true").json["items"]
        replies[provider["kind"]] = shop.call("owner", "POST", f"/payments/{payment['id']}/refund", {"note": "late"})
        if is_stripe:
            pending = replies["stripe"].json
            assert (pending["state"], pending["refundable"]["amount"]) == ("parked", 0)
            assert pending["cannot_revive"] == "refund_pending"
            by_hand = shop.call("owner", "POST", f"/payments/{payment['id']}/refund", {"by_hand": True})
            assert (by_hand.status_code, by_hand.json["code"]) == (409, "nothing_owed")
            session().execute(text("UPDATE refunds SET state = 'done'"))
            session().execute(text("UPDATE payments SET state = 'refunded', refunded = amount"))
            session().commit()

    stripes, others = replies["stripe"], replies["webhook"]
    assert (stripes.status_code, stripes.json["refunds"][0]["state"]) == (202, "pending")
    assert (others.status_code, others.json["refunds"][0]["state"]) == (200, "done")


def test_a_refund_that_failed_is_listed_until_the_money_went_back(shop):
    provider, order = added(shop), end_unpaid(make_order(State.AWAITING_PAYMENT, [(make_product(shop.merchant, 5), 2)]))
    sends(shop, provider, stripe_event("payment_intent.succeeded", intent("pi_1", PRICE, order_id=str(order.id))))
    (payment,) = shop.call("owner", "GET", "/payments").json["items"]
    url = f"/payments/{payment['id']}/refund"
    shop.call("owner", "POST", url, {})
    session().execute(text("UPDATE refunds SET state = 'failed', answer = 'card closed', ended_at = made_at"))
    session().commit()

    (failed,) = shop.call("clerk", "GET", "/payments?refund_failed=true").json["items"]
    assert (failed["refunds"][0]["answer"], failed["refundable"]["amount"]) == ("card closed", PRICE)
    assert shop.call("clerk", "POST", url, {"by_hand": True}).status_code == 200

    assert shop.call("clerk", "GET", "/payments?refund_failed=true").json["items"] == []
