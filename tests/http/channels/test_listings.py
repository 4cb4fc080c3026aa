"""Listings by hand: an item for a product, paused, changed and taken away; what the shop sold before is forgotten."""

import pytest
from sqlalchemy import select

from merchant_api.channels.level_models import StackRecord
from merchant_api.channels.models import Listing
from merchant_api.channels.states import LevelState, ListingFault
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from tests.make.channels import make_level
from tests.make.people import make_merchant
from tests.make.stock import make_product


@pytest.fixture
def mug(seller):
    return make_product(seller.merchant, on_hand=7)


def put(seller, channel, product, status=200, **body):
    reply = seller.call("owner", "PUT", f"/channels/{channel['id']}/listings/{product.id}", body)
    assert reply.status_code == status, reply.text
    return reply.json


def listing(channel, product):
    row = select(Listing).where(Listing.channel_id == channel["id"], Listing.product_id == product.id)
    return session().execute(row.execution_options(populate_existing=True)).scalar_one_or_none()


def records(product):
    return records_of(product.id)


def records_of(product_id):
    rows = select(StackRecord).where(StackRecord.product_id == product_id).order_by(StackRecord.id)
    return session().execute(rows.execution_options(populate_existing=True)).scalars().all()


def acknowledge(row, level):
    for record in records_of(row.product_id):
        record.state, record.ended_at, record.lease_token = LevelState.DONE, clock.now(), None
    row.acknowledged, row.acknowledged_at, row.shop_level, row.read_at = level, clock.now(), level, clock.now()
    session().commit()


def test_a_listed_product_is_shown_and_its_level_waits(seller, channel, mug):
    made = put(seller, channel, mug, 201, shop_id="item-1")

    assert made == {
        "product_id": str(mug.id),
        "sku": mug.sku,
        "name": mug.name,
        "shop_id": "item-1",
        "shop_location": None,
        "is_paused": False,
        "level": 7,
        "acknowledged": None,
        "acknowledged_at": None,
        "shop_level": None,
        "read_at": None,
        "state": "waiting",
        "why": None,
    }
    assert [record.level for record in records(mug)] == [7]
    assert seller.call("clerk", "GET", f"/channels/{channel['id']}/listings").json["items"] == [made]
    assert seller.shown(channel)["waiting"] == 1
    assert seller.shown(channel)["lag_s"] >= 0


def test_the_same_again_changes_nothing(seller, channel, mug):
    first = put(seller, channel, mug, 201, shop_id="item-1", shop_location="Cellar")

    assert put(seller, channel, mug, shop_id=" item-1 ") == first
    assert len(records(mug)) == 1


def test_a_paused_listing_says_so_and_goes_on_with_the_level_of_then(seller, channel, mug):
    put(seller, channel, mug, 201, shop_id="item-1", is_paused=True)
    assert records(mug) == []

    assert put(seller, channel, mug, shop_id="item-1")["state"] == "paused"
    assert put(seller, channel, mug, shop_id="item-1", is_paused=False)["state"] == "waiting"

    assert [record.level for record in records(mug)] == [7]


def test_behind_another_item_what_was_acknowledged_is_forgotten_and_sent(seller, channel, mug):
    put(seller, channel, mug, 201, shop_id="item-1")
    acknowledge(listing(channel, mug), 7)
    assert put(seller, channel, mug, shop_id="item-1")["state"] == "in_step"

    moved = put(seller, channel, mug, shop_id="item-2")

    assert (moved["state"], moved["acknowledged"], moved["shop_level"]) == ("waiting", None, None)
    assert [record.state for record in records(mug)] == [LevelState.DONE, LevelState.PENDING]


def test_what_is_on_its_way_to_the_item_before_is_let_go(seller, channel, mug):
    put(seller, channel, mug, 201, shop_id="item-1")
    (record,) = records(mug)
    record.lease_token, record.sent_version = new_id(), record.version
    session().commit()

    put(seller, channel, mug, shop_id="item-1", shop_location="Cellar")

    (record,) = records(mug)
    assert (record.lease_token, record.sent_version, record.version, record.attempts) == (None, None, 2, 0)


def test_a_listing_whose_item_was_gone_is_tried_again_when_somebody_lists_it_anew(seller, channel, mug):
    put(seller, channel, mug, 201, shop_id="item-1")
    row, (record,) = listing(channel, mug), records(mug)
    row.fault, row.why, record.state = ListingFault.GONE, "The shop does not have it.", LevelState.HELD
    session().commit()
    shown = seller.call("clerk", "GET", f"/channels/{channel['id']}/listings").json["items"][0]
    assert (shown["state"], shown["why"]) == ("gone", "The shop does not have it.")

    assert put(seller, channel, mug, shop_id="item-2")["state"] == "waiting"

    assert [record.state for record in records(mug)] == [LevelState.PENDING]


def test_the_same_item_again_is_tried_again(seller, channel, mug):
    put(seller, channel, mug, 201, shop_id="item-1")
    row, (record,) = listing(channel, mug), records(mug)
    row.fault, row.why, record.state = ListingFault.REFUSED, "No stock is counted.", LevelState.HELD
    session().commit()

    assert put(seller, channel, mug, shop_id="item-1")["state"] == "failing"

    assert [record.state for record in records(mug)] == [LevelState.PENDING]


def test_one_item_stands_for_one_product(seller, channel, mug):
    put(seller, channel, mug, 201, shop_id="item-1")
    bowl = make_product(seller.merchant)

    refused = put(seller, channel, bowl, 409, shop_id="item-1")

    assert (refused["code"], refused["product_id"]) == ("item_listed", str(mug.id))
    put(seller, channel, bowl, 201, shop_id="item-1", shop_location="Attic")


def test_a_listing_that_is_taken_away_waits_for_nothing(seller, channel, mug):
    put(seller, channel, mug, 201, shop_id="item-1")
    path = f"/channels/{channel['id']}/listings/{mug.id}"

    assert seller.call("owner", "DELETE", path).status_code == 204

    assert (listing(channel, mug), [record.state for record in records(mug)]) == (None, [LevelState.SKIPPED])
    again = seller.call("owner", "DELETE", path)
    assert (again.status_code, again.json["code"]) == (404, "not_listed")
    put(seller, channel, mug, 201, shop_id="item-1")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"shop_id": ""},
        {"shop_id": "  "},
        {"shop_id": 5},
        {"shop_id": None},
        {"shop_id": "x" * 301},
        {"shop_id": "x", "is_paused": "no"},
        {"shop_id": "x", "shop_location": ""},
        {"shop_id": "x", "level": 5},
    ],
)
def test_a_listing_that_is_none_is_refused(seller, channel, mug, body):
    assert seller.call("owner", "PUT", f"/channels/{channel['id']}/listings/{mug.id}", body).status_code == 422
    assert listing(channel, mug) is None


def test_a_product_or_channel_of_another_merchant_is_not_found(seller, channel, mug):
    theirs = make_product(make_merchant())

    assert put(seller, channel, theirs, 404, shop_id="x")["code"] == "not_found"
    assert put(seller, {"id": new_id()}, mug, 404, shop_id="x")["code"] == "not_found"
    assert seller.call("owner", "GET", f"/channels/{new_id()}/listings").status_code == 404


def test_with_the_channel_listings_and_what_waits_end(seller, channel, mug):
    put(seller, channel, mug, 201, shop_id="item-1")
    row = listing(channel, mug)
    bowl = make_product(seller.merchant)
    put(seller, channel, bowl, 201, shop_id="item-2")
    make_level(row, level=3, state=LevelState.DONE, ended_at=clock.now())

    seller.call("owner", "DELETE", f"/channels/{channel['id']}")

    assert (listing(channel, mug), listing(channel, bowl)) == (None, None)
    assert [record.state for record in records(mug)] == [LevelState.SKIPPED, LevelState.DONE]


def test_another_address_may_be_another_shop_so_all_levels_are_sent_anew(seller, channel, mug):
    put(seller, channel, mug, 201, shop_id="item-1")
    acknowledge(listing(channel, mug), 7)

    seller.change(channel, address="https://elsewhere.example.com")

    assert listing(channel, mug).acknowledged is None
    assert [record.state for record in records(mug)] == [LevelState.DONE, LevelState.PENDING]


def test_other_rules_put_other_levels_on_the_stack(seller, channel, mug):
    put(seller, channel, mug, 201, shop_id="item-1")
    acknowledge(listing(channel, mug), 7)

    seller.change(channel, settings={"buffer": 3})

    assert [record.level for record in records(mug)] == [7, 4]


def test_what_changed_while_a_channel_or_its_merchant_rested_is_sent_when_it_goes_on(seller, channel, mug):
    seller.change(channel, is_synchronised=False)
    put(seller, channel, mug, 201, shop_id="item-1")
    seller.call("owner", "PATCH", "", {"is_synchronised": False})
    seller.change(channel, is_synchronised=True)
    assert records(mug) == []

    seller.call("owner", "PATCH", "", {"is_synchronised": True})

    assert [record.level for record in records(mug)] == [7]
