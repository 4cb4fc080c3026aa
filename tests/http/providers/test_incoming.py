"""Signed events through HTTP: who can't sign learns nothing, and what is signed is taken once, however it looks."""

import base64
import json
from datetime import timedelta

import pytest

from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.orders.states import State
from merchant_api.providers import edit
from merchant_api.providers.edit import ProviderChanges
from merchant_api.providers.states import ProviderKind
from tests.make.money import payments_of
from tests.make.orders import make_order, reread
from tests.make.people import make_actor, make_merchant
from tests.make.providers import (
    STRIPE_SECRET,
    WEBHOOK_SECRET,
    events_told,
    intent,
    make_provider,
    paid,
    stripe_event,
    stripe_headers,
    webhook_headers,
)
from tests.make.snapshot import everything
from tests.make.stock import make_product

PRICE = 300_000
OTHER_SECRET = "whsec_" + base64.b64encode(b"another secret of 32 bytes here.").decode()


@pytest.fixture
def shop(database):
    return make_merchant()


@pytest.fixture
def stripe(shop):
    return make_provider(shop)


@pytest.fixture
def webhook(shop):
    return make_provider(shop, ProviderKind.WEBHOOK)


@pytest.fixture
def order(shop):
    return make_order(State.AWAITING_PAYMENT, [(make_product(shop, on_hand=5), 2)])


@pytest.fixture
def event(order):
    return json.dumps(stripe_event("payment_intent.succeeded", intent("pi_1", PRICE, order_id=str(order.id))))


@pytest.fixture
def message(order):
    return json.dumps(paid("p-1", PRICE, order_id=str(order.id)))


def posts(client, provider, body, headers, merchant_id=None, provider_id=None):
    url = f"/v1/payment-events/{merchant_id or provider.merchant_id}/{provider_id or provider.id}"
    return client.post(url, data=body, headers=headers)


def test_a_signed_event_of_stripe_confirms_the_order(client, stripe, order, event):
    reply = posts(client, stripe, event, stripe_headers(event))

    assert (reply.status_code, reply.json) == (200, {"state": "applied"})
    assert reread(order).state is State.CONFIRMED


def test_a_signed_event_after_standard_webhooks_confirms_the_order(client, webhook, order, message):
    reply = posts(client, webhook, message, webhook_headers("msg_1", message))

    assert (reply.status_code, reply.json) == (200, {"state": "applied"})
    assert reread(order).state is State.CONFIRMED


def test_the_same_request_again_is_taken_once(client, stripe, shop, event):
    replies = [posts(client, stripe, event, stripe_headers(event)) for _ in range(3)]

    assert [reply.status_code for reply in replies] == [200] * 3
    assert len(payments_of(shop.id)) == 1


def forged(event):
    """Ways of not having signed an event of Stripe."""
    now = int(clock.now().timestamp())
    good = stripe_headers(event)["stripe-signature"]
    old = stripe_headers(event, at=now - 301)["stripe-signature"]
    return {
        "no signature": "",
        "no signature of the right scheme": good.replace("v1=", "v0="),
        "no instant": good.partition(",")[2],
        "words": "signed, honestly",
        "another secret": stripe_headers(event, "whsec_another")["stripe-signature"],
        "too old": old,
        "too old, with a newer instant behind it": f"{old},t={now}",
        "too old, with a newer instant before it": f"t={now},{old}",
        "from the future": stripe_headers(event, at=now + 302)["stripe-signature"],
        "another instant": good.replace(f"t={now}", f"t={now + 1}"),
        "odd digits": good.replace(f"t={now}", "t=\uff11"),
        "a key twice": good.replace("v1=", "v1=00,v2="),
    }


@pytest.mark.parametrize("way", forged("{}"))
def test_who_did_not_sign_learns_nothing_and_changes_nothing(client, shop, stripe, event, way):
    before = everything(shop.id)

    reply = posts(client, stripe, event, stripe_headers(event) | {"stripe-signature": forged(event)[way]})

    assert_refused(reply)
    assert (everything(shop.id), events_told(shop)) == (before, {})


def assert_refused(reply):
    assert (reply.status_code, reply.content_type) == (401, "application/problem+json")
    assert (reply.json["code"], set(reply.json)) == ("bad_signature", {"type", "title", "status", "detail", "code"})


def test_an_unknown_provider_a_stranger_s_and_one_that_has_ended_are_answered_alike(client, shop, stripe, event):
    elsewhere = make_merchant()
    ended = make_provider(shop)
    edit.end(shop.id, ended.id, make_actor())
    session().commit()
    ids = [(shop.id, new_id()), (new_id(), stripe.id), (elsewhere.id, stripe.id), (shop.id, ended.id)]

    replies = [posts(client, stripe, event, stripe_headers(event), *pair) for pair in ids]
    replies.append(posts(client, stripe, event, {}))

    for reply in replies:
        assert_refused(reply)
    assert len({reply.data for reply in replies}) == 1


def test_a_token_opens_nothing_here_and_hinders_nobody(client, stripe, event):
    bearer = {"Authorization": "Bearer stale"}

    assert_refused(posts(client, stripe, event, bearer))
    assert posts(client, stripe, event, stripe_headers(event) | bearer).status_code == 200


@pytest.mark.parametrize("change", [lambda text: text + " ", lambda text: text.replace("300000", "3000000"), str.upper])
def test_an_altered_body_is_not_signed(client, stripe, event, change):
    assert_refused(posts(client, stripe, change(event), stripe_headers(event)))


def test_the_same_json_written_otherwise_is_another_body(client, stripe, event):
    assert_refused(posts(client, stripe, json.dumps(json.loads(event), indent=1), stripe_headers(event)))


def test_what_another_merchant_s_provider_signed_is_not_signed_here(client, stripe, event):
    elsewhere = make_provider(make_merchant())
    edit.change(elsewhere.merchant_id, elsewhere.id, ProviderChanges(secret="whsec_of_elsewhere"), make_actor())
    session().commit()

    assert_refused(posts(client, stripe, event, stripe_headers(event, "whsec_of_elsewhere")))
    assert posts(client, elsewhere, event, stripe_headers(event, "whsec_of_elsewhere")).json == {"state": "waiting"}


def test_a_body_that_is_too_large_is_not_read(client, stripe):
    body = json.dumps({"padding": "x" * 300_000})

    reply = posts(client, stripe, body, stripe_headers(body))

    assert (reply.status_code, reply.json["code"]) == (413, "too_large")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_signed_body_of_another_kind_is_not_taken(client, stripe, event, kind):
    reply = posts(client, stripe, event, stripe_headers(event) | {"content-type": kind})

    assert (reply.status_code, reply.json["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("{", 400),
        ("[]", 422),
        ("null", 422),
        ('{"id": "evt_1", "id": "evt_2"}', 400),
        ('{"id": NaN}', 400),
        ("[" * 100_000, 400),
        ('{"id": "evt_\\u0000", "type": "x"}', 422),
        ('{"id": "evt_\\ud800", "type": "x"}', 422),
        ('{"id": 5, "type": "x"}', 422),
        ('{"type": "x"}', 422),
        ('{"id": "evt_1", "type": "payment_intent.succeeded"}', 200),
        ('{"id": "evt_1", "type": "payment_intent.succeeded", "created": 1, "data": []}', 200),
        ('{"id": "evt_1", "type": "unknown.to.us", "created": 1, "data": {"object": {}}}', 200),
    ],
)
def test_signed_nonsense_is_refused_or_ignored_and_never_kept(client, shop, stripe, body, status):
    reply = posts(client, stripe, body, stripe_headers(body))

    assert reply.status_code == status, reply.text
    assert (reply.json == {"state": "ignored"}) == (status == 200)
    assert events_told(shop) == {}


def test_bytes_that_are_no_text_are_not_signed(client, stripe):
    assert_refused(posts(client, stripe, b"\xff\xfe{}", stripe_headers("{}")))


def test_while_a_secret_rotates_both_are_good_and_then_the_old_one_is_not(client, stripe, event):
    row = edit.change(
        stripe.merchant_id, stripe.id, ProviderChanges(secret="whsec_the_new_one", old_valid_for_s=60), make_actor()
    )

    for secret in (STRIPE_SECRET, "whsec_the_new_one"):
        assert posts(client, row, event, stripe_headers(event, secret)).status_code == 200
    with clock.clock.pinned(clock.now() + timedelta(seconds=61)):
        assert_refused(posts(client, row, event, stripe_headers(event, STRIPE_SECRET)))
        assert posts(client, row, event, stripe_headers(event, "whsec_the_new_one")).status_code == 200


# Standard Webhooks


def test_one_of_several_signatures_is_enough(client, webhook, message):
    headers = webhook_headers("msg_1", message)
    other = webhook_headers("msg_1", message, OTHER_SECRET)["webhook-signature"]
    several = f"v1a,ed25519 {other} {headers['webhook-signature']}"

    assert posts(client, webhook, message, headers | {"webhook-signature": several}).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": ""},
        {"webhook-id": "msg_2"},
        {"webhook-id": "msg.1"},
        {"webhook-timestamp": ""},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "-5"},
        {"webhook-timestamp": "9" * 30},
        {"webhook-signature": ""},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,####"},
    ],
)
def test_a_broken_signature_after_standard_webhooks_is_refused(client, webhook, message, change):
    assert_refused(posts(client, webhook, message, webhook_headers("msg_1", message) | change))


@pytest.mark.parametrize("seconds", [-301, 302])
def test_a_message_of_another_time_is_refused(client, webhook, message, seconds):
    with clock.clock.pinned(clock.now() + timedelta(seconds=seconds)):
        headers = webhook_headers("msg_1", message, WEBHOOK_SECRET)

    assert_refused(posts(client, webhook, message, headers))


@pytest.mark.parametrize(
    "members",
    [
        {"amount": None},
        {"amount": {"amount": 1.5, "currency": "NPR"}},
        {"amount": {"amount": 0, "currency": "NPR"}},
        {"amount": {"amount": 1, "currency": "XYZ"}},
        {"reference": ""},
        {"reference": "x" * 201},
        {"paid_at": "yesterday"},
        {"order_id": "MUG"},
        {"merchant_id": str(new_id())},
    ],
)
def test_a_payment_that_is_not_valid_is_refused_field_by_field(client, shop, webhook, members):
    body = json.dumps(paid("p-1", PRICE, **members))

    reply = posts(client, webhook, body, webhook_headers("msg_1", body))

    assert (reply.status_code, set(reply.json["errors"])) == (422, {"data"})
    assert events_told(shop) == {}
