"""Listings that change: what was known of the item before is forgotten, and what waits for it is let go."""

import pytest

from merchant_api.channels.states import LevelState, ListingFault
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from tests.fakes.small_shop import CREDENTIALS
from tests.http.channels.rows import acknowledge, listing, put, records
from tests.make.channels import make_level
from tests.make.stock import make_product


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


def test_with_the_channel_listings_and_what_waits_end(seller, channel, mug):
    put(seller, channel, mug, 201, shop_id="item-1")
    row = listing(channel, mug)
    bowl = make_product(seller.merchant)
    put(seller, channel, bowl, 201, shop_id="item-2")
    make_level(row, level=3, state=LevelState.DONE, ended_at=clock.now())

    seller.call("owner", "DELETE", f"/channels/{channel['id']}")

    assert (listing(channel, mug), listing(channel, bowl)) == (None, None)
    assert [record.state for record in records(mug)] == [LevelState.SKIPPED, LevelState.DONE]


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "https://elsewhere.example.com", "credentials": CREDENTIALS},
        {"settings": {"shop_location": "Attic"}},
    ],
)
def test_at_another_address_or_place_of_the_shop_all_levels_are_sent_anew(seller, channel, mug, changes):
    put(seller, channel, mug, 201, shop_id="item-1")
    acknowledge(listing(channel, mug), 7)
    same = {"address": channel["address"], "settings": {"shop_location": None}, "credentials": CREDENTIALS}
    assert seller.change(channel, **{name: same[name] for name in changes}).status_code == 200
    assert listing(channel, mug).acknowledged == 7

    seller.change(channel, **changes)

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


def test_another_host_is_told_no_credentials_that_it_was_not_given(seller, channel):
    refused = seller.change(channel, address="https://elsewhere.example.com")
    moved = seller.change(channel, address=f"{channel['address']}/shop")

    assert (refused.status_code, list(refused.json["errors"])) == (422, ["credentials"])
    assert moved.status_code == 200
