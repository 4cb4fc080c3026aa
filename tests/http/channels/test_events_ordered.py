"""A check orders the shop's events, where it has any and the address of this installation is known."""

import dataclasses

import pytest
from sqlalchemy import select

from merchant_api.channels import sealed
from merchant_api.channels.models import Channel
from merchant_api.core.db import session
from tests.fakes import small_shop
from tests.fakes.small_shop import CREDENTIALS
from tests.http.channels.conftest import Seller


@pytest.fixture
def channel(client, monkeypatch, small):
    small_shop.use(monkeypatch, hears_events=True)
    small.answers["/listen"] = (200, {})
    return Seller(client)


def connected(seller, small):
    return seller.connect(address=small.url).json


def check(seller, channel):
    return seller.call("owner", "POST", f"/channels/{channel['id']}/check").json


def ordered(small):
    return [told for _, path, told in small.asked if path == "/listen"]


def secret_of(channel):
    row = session().execute(select(Channel).where(Channel.id == channel["id"])).scalar_one()
    return sealed.event_secret_of(row)


def test_events_come_to_the_channel_s_path_signed_with_one_secret(channel, small):
    seller, made = channel, connected(channel, small)

    assert [check(seller, made)["is_ok"] for _ in range(2)] == [True, True]

    told = ordered(small)
    assert told[0] == told[1] == {"url": f"https://orderbell.example.com{made['path']}", "secret": secret_of(made)}
    assert len(told[0]["secret"]) == 64
    assert told[0]["secret"].isalnum()


def test_a_shop_that_takes_no_such_order_is_polled_all_the_same(channel, small):
    seller, made = channel, connected(channel, small)
    small.answers["/listen"] = (403, {})

    told = check(seller, made)

    assert (told["is_ok"], told["can"]) == (True, ["levels", "orders"])
    assert told["why"] == "The shop does not send its events: The shop refuses the key: make another one there."
    assert seller.shown(made)["state"] == "ready"


def test_an_account_that_may_not_order_events_does_not(channel, small):
    small.answers["/account"] = (200, small.account(can=["levels"]))

    assert check(channel, connected(channel, small))["is_ok"] is True
    assert ordered(small) == []


def test_without_an_address_of_ours_no_events_are_ordered(channel, small, database, monkeypatch):
    settings = dataclasses.replace(database.extensions["orderbell.settings"], public_url="")
    monkeypatch.setitem(database.extensions, "orderbell.settings", settings)
    made = connected(channel, small)

    assert check(channel, made)["is_ok"] is True
    assert (ordered(small), secret_of(made)) == ([], None)


def test_a_kind_that_signs_with_a_credential_is_told_no_other_secret(channel, small, monkeypatch):
    small_shop.use(monkeypatch, hears_events=True, signs_with="client_secret")
    credentials = CREDENTIALS | {"client_secret": "signed with this"}
    made = channel.connect(address=small.url, credentials=credentials).json

    check(channel, made)

    assert ([told["secret"] for told in ordered(small)], secret_of(made)) == (["signed with this"], None)


def test_without_that_credential_such_a_kind_is_asked_for_no_events(channel, small, monkeypatch):
    small_shop.use(monkeypatch, hears_events=True, signs_with="client_secret")
    made = connected(channel, small)

    assert check(channel, made)["is_ok"] is True

    assert (ordered(small), secret_of(made)) == ([], None)
