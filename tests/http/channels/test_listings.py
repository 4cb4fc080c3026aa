"""Listings by hand: an item for a product, paused, changed and taken away."""

import pytest

from merchant_api.channels.states import LevelState
from merchant_api.core.ids import new_id
from tests.http.channels.rows import listing, put, records
from tests.make.people import make_merchant
from tests.make.stock import make_product


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
