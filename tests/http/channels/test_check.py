"""Checking a channel: who we are at the shop and what we may do, and a sentence where it does not let us."""

import dataclasses
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from merchant_api.channels import dial, edit
from merchant_api.channels.edit import ChannelChanges
from merchant_api.channels.models import Channel
from merchant_api.core import clock
from merchant_api.core.db import in_transaction, session
from merchant_api.outbox.models import Event
from tests.fakes.small_shop import CREDENTIALS
from tests.http.channels.asked import checked
from tests.http.channels.rows import put, records
from tests.make.people import make_actor


@pytest.fixture
def channel(seller, small):
    return seller.connect(address=small.url).json


def test_a_shop_that_lets_us_in_is_ready(seller, small, channel):
    assert checked(seller, channel) == {
        "is_ok": True,
        "account": "Mugs",
        "location": "Cellar",
        "can": ["events", "levels", "orders"],
        "why": None,
    }
    assert (seller.shown(channel)["state"], seller.shown(channel)["why"]) == ("ready", None)
    assert [asked[:2] for asked in small.asked] == [("the key", "/account")]


def test_wrong_credentials_are_told_and_new_ones_are_tried(seller, small, channel):
    small.answers["/account"] = (401, {"message": "who are you"})

    told = checked(seller, channel)

    assert (told["is_ok"], told["why"]) == (False, "The shop refuses the key: make another one there.")
    assert (seller.shown(channel)["state"], seller.shown(channel)["why"]) == ("failing", told["why"])
    small.answers["/account"] = (200, small.account())
    seller.change(channel, credentials=CREDENTIALS | {"key": "a new key"})
    assert checked(seller, channel)["is_ok"] is True
    assert small.asked[-1][0] == "a new key"


def test_a_shop_that_asks_for_patience_stands_as_it_stood(seller, small, channel):
    checked(seller, channel)
    small.answers["/account"] = (429, b"")

    assert checked(seller, channel) == {
        "is_ok": False,
        "account": None,
        "location": None,
        "can": [],
        "why": "The shop asks for patience.",
    }
    assert (seller.shown(channel)["state"], seller.shown(channel)["why"]) == ("ready", None)


def test_credentials_that_no_key_opens_are_asked_for_again(seller, small, channel):
    lost = update(Channel).where(Channel.id == channel["id"]).values(sealed_credentials=b"\x01" + bytes(40))
    session().execute(lost)
    session().commit()

    told = checked(seller, channel)

    assert told["why"] == "No key of this installation opens the credentials: give them again."
    assert small.asked == []


def test_a_host_that_is_not_opened_any_more_is_not_called(seller, small, channel, monkeypatch, database):
    now = dataclasses.replace(database.extensions["orderbell.settings"], shop_hosts=frozenset())
    monkeypatch.setitem(database.extensions, "orderbell.settings", now)

    assert checked(seller, channel)["why"].startswith("The shop is not called:")
    assert small.asked == []


def test_a_channel_that_has_ended_or_is_another_s_is_not_checked(seller, small, channel):
    seller.call("owner", "DELETE", f"/channels/{channel['id']}")

    assert seller.call("owner", "POST", f"/channels/{channel['id']}/check").status_code == 404
    assert small.asked == []


def test_its_people_hear_once_that_a_shop_fails_and_once_that_it_is_back(seller, small, channel):
    checked(seller, channel)
    for status in (503, 503, 200, 200):
        small.answers["/account"] = (status, small.account())
        checked(seller, channel)

    told = select(Event.type, Event.payload).where(Event.merchant_id == seller.merchant.id).order_by(Event.id)
    named = {"v": 1, "channel_id": channel["id"], "channel_name": "Mugs"}
    assert [tuple(row) for row in session().execute(told)] == [("channel.failing", named), ("channel.ready", named)]


def test_what_waits_is_due_once_the_shop_is_reached(seller, small, channel, mug):
    put(seller, channel, mug, 201, shop_id="item-1")
    (record,) = records(mug)
    record.due_at = later = clock.now() + timedelta(minutes=10)
    session().commit()

    checked(seller, channel)

    assert records(mug)[0].due_at < later


def test_what_was_changed_while_the_shop_was_asked_keeps_what_is_known_of_it(seller, small, channel, monkeypatch):
    asks = dial.open_shop

    def changed_meanwhile(*given):
        changes = ChannelChanges(credentials=CREDENTIALS | {"key": "a new key"})
        in_transaction(lambda: edit.change(seller.merchant.id, UUID(channel["id"]), changes, make_actor()))
        return asks(*given)

    monkeypatch.setattr(dial, "open_shop", changed_meanwhile)

    assert checked(seller, channel)["is_ok"] is True
    assert seller.shown(channel)["state"] == "new"


def test_the_same_check_under_a_key_asks_the_shop_once(seller, small, channel):
    path = f"/channels/{channel['id']}/check"

    replies = [seller.call("owner", "POST", path, Idempotency_Key="k") for _ in range(2)]

    assert (replies[0].json, len(small.asked)) == (replies[1].json, 1)
    assert replies[1].headers["Idempotency-Replayed"] == "true"
