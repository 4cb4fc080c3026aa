"""Checking a channel: who we are at the shop and what we may do, and a sentence where it does not let us."""

import dataclasses

import pytest
from sqlalchemy import update

from merchant_api.channels.models import Channel
from merchant_api.core.db import session
from tests.fakes.small_shop import CREDENTIALS
from tests.http.channels.asked import checked


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
    assert seller.shown(channel)["state"] == "ready"


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
