"""Channels that are connected and changed at the same moment: twenty at the most, and one primary one."""

from collections import Counter

from sqlalchemy import func, select

from merchant_api.channels.level_models import StackRecord
from merchant_api.channels.models import Channel, Listing
from merchant_api.core.db import session
from tests.fakes import small_shop
from tests.fakes.small_shop import CREDENTIALS
from tests.make.people import make_member, make_merchant
from tests.make.stock import make_product
from tests.make.tokens import bearer, make_token
from tests.races.rivals import at_once


def calls(crowd, merchant):
    headers = bearer(make_token(make_member(merchant)))

    def call(method, path, **body):
        url = f"/v1/merchants/{merchant.id}/channels{path}"
        return lambda: crowd.test_client().open(url, method=method, json=body, headers=headers)

    def connect(**members):
        plain = {"kind": "webhook", "name": "Mugs", "address": "https://mugs.example.com", "credentials": CREDENTIALS}
        return call("POST", "", **plain, **members)

    return call, connect


def number(*conditions):
    session().rollback()
    return session().execute(select(func.count()).select_from(Channel).where(*conditions)).scalar_one()


def test_no_more_than_twenty_are_connected_at_once(crowd, monkeypatch):
    small_shop.use(monkeypatch)
    _, connect = calls(crowd, make_merchant())

    replies = at_once(crowd, [connect() for _ in range(28)])

    assert Counter(reply.status_code for reply in replies) == {201: 20, 409: 8}
    assert number() == 20


def test_of_those_that_shall_be_the_primary_one_at_once_one_is(crowd, monkeypatch):
    small_shop.use(monkeypatch)
    call, connect = calls(crowd, make_merchant())
    made = [connect()().json["id"] for _ in range(6)]

    replies = at_once(
        crowd, [call("PATCH", f"/{each}", is_primary=True) for each in made] + [connect(is_primary=True)] * 6
    )

    assert Counter(reply.status_code for reply in replies) == {200: 6, 201: 6}
    assert number(Channel.is_primary) == 1


def test_a_listing_beside_the_end_of_its_channel_is_not_left_behind(crowd, monkeypatch):
    small_shop.use(monkeypatch)
    merchant = make_merchant()
    call, connect = calls(crowd, merchant)
    channel = connect()().json["id"]
    products = [make_product(merchant, on_hand=1).id for _ in range(12)]

    at_once(
        crowd,
        [call("PUT", f"/{channel}/listings/{each}", shop_id=str(each)) for each in products]
        + [call("DELETE", f"/{channel}")],
    )

    session().rollback()
    assert session().execute(select(func.count()).select_from(Listing)).scalar_one() == 0
    waits = select(func.count()).select_from(StackRecord).where(StackRecord.ended_at.is_(None))
    assert session().execute(waits).scalar_one() == 0
