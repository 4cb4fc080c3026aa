"""A channel of another merchant answers like none; who may read one, who may change one, and who neither."""

import json

import pytest
from sqlalchemy import select

from merchant_api.channels.models import Channel
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from tests.http.channels.conftest import Seller
from tests.make.tokens import bearer, make_key

PRODUCT = "00000000-0000-7000-8000-000000000001"
CALLS = {
    ("GET", ""): None,
    ("PATCH", ""): {"name": "Mine"},
    ("DELETE", ""): None,
    ("POST", "/check"): None,
    ("GET", "/listings"): None,
    ("PUT", f"/listings/{PRODUCT}"): {"shop_id": "x"},
    ("DELETE", f"/listings/{PRODUCT}"): None,
    ("GET", "/candidates"): None,
    ("POST", "/listings/match"): {},
}
READ = [call for call in CALLS if call[0] == "GET"]
CHANGED = [call for call in CALLS if call[0] != "GET"]


def rows():
    found = session().execute(select(Channel).execution_options(populate_existing=True)).scalars()
    return [(row.id, row.name, row.state, row.why, row.changed_at, row.ended_at) for row in found]


@pytest.mark.parametrize("who", ["owner", "staff", "key"])
@pytest.mark.parametrize(("method", "path"), sorted(CALLS))
def test_another_merchant_s_channel_is_like_none_and_stays_as_it_is(seller, connector, who, method, path):
    theirs = Seller(seller.client).connect().json["id"]
    before = rows()

    replies = [seller.call(who, method, f"/channels/{each}{path}", CALLS[method, path]) for each in (theirs, new_id())]

    assert (replies[0].status_code, replies[0].json) == (404, replies[1].json)
    assert rows() == before


@pytest.mark.parametrize(("method", "path"), CHANGED)
def test_a_clerk_reads_and_does_not_change(seller, channel, method, path):
    reply = seller.call("clerk", method, f"/channels/{channel['id']}{path}", CALLS[method, path])

    assert (reply.status_code, reply.json["permission"]) == (403, "channels.edit")


@pytest.mark.parametrize(("method", "path"), sorted(CALLS))
@pytest.mark.parametrize(("who", "status"), [("customer", 403), ("newcomer", 404), ("nobody", 401)])
def test_who_does_not_sell_here_sees_nothing(seller, channel, who, status, method, path):
    reply = seller.call(who, method, f"/channels/{channel['id']}{path}", CALLS[method, path])

    assert reply.status_code == status
    assert channel["name"] not in reply.text


@pytest.mark.parametrize(
    ("given", "may"),
    [({"channels.read"}, READ), ({"channels.read", "channels.edit"}, list(CALLS)), ({"orders.read"}, [])],
)
def test_a_key_does_what_it_was_given(seller, channel, given, may):
    headers = bearer(make_key(seller.merchant, given))
    url = f"/v1/merchants/{seller.merchant.id}/channels/{new_id()}"

    for (method, path), body in CALLS.items():
        reply = seller.client.open(f"{url}{path}", method=method, json=body, headers=headers)
        assert reply.status_code == (404 if (method, path) in may else 403), (method, path)


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '{"name": "a", "name": "b"}',
        '{"name": NaN}',
        json.dumps({"name": "a\0"}),
        json.dumps({"name": ""}),
        json.dumps({"name": "x" * 101}),
        json.dumps({"kind": "mugs"}),
        json.dumps({"credentials": "key"}),
        json.dumps({"credentials": {"key": 5}}),
        json.dumps({"credentials": {str(number): "x" for number in range(21)}}),
        json.dumps({"settings": []}),
        json.dumps({"is_primary": "yes"}),
        json.dumps({"state": "ready"}),
    ],
)
def test_a_body_that_is_none_is_refused_and_changes_nothing(seller, channel, method, body):
    before, path = rows(), "" if method == "POST" else f"/{channel['id']}"
    url = f"/v1/merchants/{seller.merchant.id}/channels{path}"

    reply = seller.client.open(
        url, method=method, data=body, headers=seller.headers["owner"], content_type="application/json"
    )

    assert reply.status_code in (400, 422)
    assert reply.content_type == "application/problem+json"
    assert rows() == before
