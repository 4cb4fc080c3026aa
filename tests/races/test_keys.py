"""The same Idempotency-Key 32 times at the same moment: one effect, and the same bytes for everybody who gets them."""

from collections import Counter

import pytest

from merchant_api.catalog.models import WhenShort
from tests.make.orders import place_one, steps_of
from tests.make.people import make_customer, make_member, make_merchant
from tests.make.stock import balances, make_product
from tests.make.tokens import bearer, make_token
from tests.races.rivals import at_once

TIMES = 32


def repeated(app, url, body, headers, key="k-1"):
    """The replies to the same call, sent 32 times at once."""
    headers = headers | {"Idempotency-Key": key}
    return at_once(app, [lambda: app.test_client().post(url, json=body, headers=headers)] * TIMES)


def check_one_effect(replies, status):
    """One call took effect, the others replay its answer or are told that it still runs."""
    answers = [reply for reply in replies if reply.status_code == status]
    busy = [reply for reply in replies if reply.status_code != status]
    assert {(reply.status_code, reply.json["code"]) for reply in busy} <= {(409, "idempotency_key_in_use")}
    assert all("Retry-After" in reply.headers for reply in busy)
    assert len({reply.data for reply in answers}) == 1
    replayed = Counter(reply.headers.get("Idempotency-Replayed") for reply in answers)
    assert replayed == {None: 1, "true": len(answers) - 1}


@pytest.mark.parametrize(
    ("on_hand", "when_short"), [(64, WhenShort.ASK), (1, WhenShort.ASK), (1, WhenShort.REFUSE), (0, WhenShort.ASK)]
)
def test_one_order_is_placed(crowd, on_hand, when_short):
    merchant = make_merchant(unpaid_orders_cap=1)
    mug = make_product(merchant, on_hand=on_hand, when_short=when_short)
    body = {"lines": [{"product_id": str(mug.id), "quantity": 1}]}
    headers = bearer(make_token(make_customer(merchant)))

    replies = repeated(crowd, f"/v1/merchants/{merchant.id}/orders", body, headers)

    check_one_effect(replies, 201)
    listed = crowd.test_client().get(f"/v1/merchants/{merchant.id}/orders", headers=headers).json["items"]
    assert [row["id"] for row in listed] == [
        replies[0].json["id"] if replies[0].status_code == 201 else listed[0]["id"]
    ]
    assert balances(mug) == (on_hand, min(on_hand, 1), 0)


@pytest.mark.parametrize(("step", "body"), [("accept", {}), ("decline", {"reason": "closed"})])
def test_one_request_is_answered_once(crowd, step, body):
    merchant = make_merchant()
    order = place_one([(make_product(merchant, on_hand=1), 2)])
    headers = bearer(make_token(make_member(merchant)))

    replies = repeated(crowd, f"/v1/merchants/{merchant.id}/orders/{order.id}/{step}", body, headers)

    check_one_effect(replies, 200)
    assert [taken for taken, _ in steps_of(order)] == ["place", step]


def test_a_call_that_is_refused_leaves_its_key_to_the_next(crowd):
    merchant = make_merchant()
    mask = make_product(merchant, on_hand=1, when_short=WhenShort.REFUSE)
    body = {"lines": [{"product_id": str(mask.id), "quantity": 2}]}
    headers = bearer(make_token(make_customer(merchant)))

    replies = repeated(crowd, f"/v1/merchants/{merchant.id}/orders", body, headers)

    assert {(reply.status_code, reply.json["code"]) for reply in replies} == {(409, "insufficient_stock")}
    assert balances(mask) == (1, 0, 0)


def test_one_key_with_two_bodies_at_once_has_one_effect(crowd):
    merchant = make_merchant()
    mug = make_product(merchant, on_hand=50)
    headers = bearer(make_token(make_customer(merchant))) | {"Idempotency-Key": "k-1"}
    url = f"/v1/merchants/{merchant.id}/orders"

    def buys(units):
        body = {"lines": [{"product_id": str(mug.id), "quantity": units}]}
        return lambda: crowd.test_client().post(url, json=body, headers=headers)

    replies = at_once(crowd, [buys(1 + number % 2) for number in range(16)])

    winners = {reply.json["lines"][0]["quantity"] for reply in replies if reply.status_code == 201}
    refused = {(reply.status_code, reply.json["code"]) for reply in replies if reply.status_code != 201}
    assert len(winners) == 1
    assert refused <= {(422, "idempotency_key_reused"), (409, "idempotency_key_in_use")}
    assert balances(mug) == (50, winners.pop(), 0)
