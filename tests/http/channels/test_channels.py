"""Channels through HTTP: connected, changed and ended, with credentials that go in and never come out."""

import json

import pytest
from sqlalchemy import func, select

from merchant_api.channels.models import Channel, Listing
from merchant_api.channels.states import RunState
from merchant_api.core.db import session
from tests.fakes import small_shop
from tests.fakes.small_shop import CREDENTIALS
from tests.http.channels.conftest import Seller
from tests.http.channels.rows import DEFAULTS, import_of, rounds


def test_a_connected_shop_is_shown_with_all_that_holds_for_it(seller):
    made = seller.connect()

    assert made.status_code == 201, made.text
    channel = made.json
    assert (channel["kind"], channel["name"], channel["state"], channel["why"]) == ("webhook", "Mugs", "new", None)
    assert (channel["is_synchronised"], channel["is_primary"]) == (True, False)
    assert (channel["waiting"], channel["lag_s"], channel["settings"]) == (0, 0.0, DEFAULTS)
    assert channel["path"] == f"/v1/channel-events/{seller.merchant.id}/{channel['id']}"
    assert seller.shown(channel) == channel
    assert seller.call("owner", "GET", "/channels").json == {"items": [channel], "next": None}


def test_credentials_never_come_out(seller, channel):
    answers = [
        seller.connect(),
        seller.call("owner", "GET", "/channels"),
        seller.call("owner", "GET", f"/channels/{channel['id']}"),
        seller.change(channel, credentials=CREDENTIALS | {"note": "the note"}),
    ]

    for answer in answers:
        assert answer.status_code < 300
        assert not any(secret in answer.text for secret in ("the key", "the secret", "the note"))
    row = session().execute(select(Channel).where(Channel.id == channel["id"])).scalar_one()
    assert b"the key" not in row.sealed_credentials


def test_a_refusal_repeats_no_credential(seller):
    refused = seller.connect(credentials={"key": "the same", "secret": "the same"})

    assert (refused.status_code, refused.json["errors"]) == (422, {"credentials": ["Key and secret are the same."]})


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"key": "k"}, {"secret": ["Missing data for required field."]}),
        ({"key": "k", "secret": "  "}, {"secret": ["Missing data for required field."]}),
        (CREDENTIALS | {"colour": "red"}, {"colour": ["There is no such credential."]}),
        (CREDENTIALS | {"key": "k" * 4_001}, {"key": ["Too long."]}),
    ],
)
def test_credentials_are_those_of_the_kind(seller, channel, given, complaint):
    for refused in (seller.connect(credentials=given), seller.change(channel, credentials=given)):
        assert (refused.status_code, refused.json["errors"]) == (422, {"credentials": complaint})


def test_rounds_are_made_with_a_channel_and_go_while_it_is_synchronised(seller):
    channel, still = seller.connect().json, seller.connect(is_synchronised=False).json
    assert (rounds(channel), rounds(still)) == ({"poll": True, "look": True}, {"poll": False, "look": False})

    seller.change(channel, is_synchronised=False)
    seller.change(still, is_synchronised=True)

    assert (rounds(channel), rounds(still)) == ({"poll": False, "look": False}, {"poll": True, "look": True})
    assert (seller.shown(channel)["state"], seller.shown(still)["state"]) == ("off", "new")


def test_a_kind_without_orders_is_not_polled(client, monkeypatch):
    small_shop.use(monkeypatch, has_orders=False)

    assert rounds(Seller(client).connect().json) == {"look": True}


def test_a_channel_that_has_ended_is_gone_and_has_no_secrets(seller, channel):
    run = import_of(seller, channel)

    assert seller.call("owner", "DELETE", f"/channels/{channel['id']}").status_code == 204

    for method, body in (("GET", None), ("PATCH", {"name": "Again"}), ("DELETE", None)):
        assert seller.call("owner", method, f"/channels/{channel['id']}", body).status_code == 404
    assert seller.call("owner", "GET", "/channels").json["items"] == []
    row = session().execute(select(Channel).where(Channel.id == channel["id"])).scalar_one()
    session().refresh(run)
    assert (row.sealed_credentials, row.sealed_event_secret, rounds(channel)) == (
        None,
        None,
        {"poll": False, "look": False},
    )
    assert (run.state, session().execute(select(func.count()).select_from(Listing)).scalar_one()) == (
        RunState.STOPPED,
        0,
    )


def test_there_are_twenty_channels_at_the_most_and_an_ended_one_makes_room(seller):
    channels = [seller.connect().json for _ in range(20)]

    refused = seller.connect()
    seller.call("owner", "DELETE", f"/channels/{channels[0]['id']}")

    assert (refused.status_code, refused.json["code"], refused.json["most"]) == (409, "too_many_channels", 20)
    assert seller.connect().status_code == 201


def test_the_same_call_twice_under_a_key_connects_one(seller):
    body = {"kind": "webhook", "name": "M", "address": "https://m.example.com", "credentials": CREDENTIALS}

    replies = [seller.call("owner", "POST", "/channels", body, Idempotency_Key="k") for _ in range(2)]

    assert replies[0].json == replies[1].json
    assert len(seller.call("owner", "GET", "/channels").json["items"]) == 1
    assert "the key" not in json.dumps(replies[0].json)
