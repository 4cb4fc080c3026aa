"""Where listings stand: each state from what makes it one, found by the filter of its name."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from merchant_api.channels.models import Channel
from merchant_api.channels.states import LevelState, ListingFault, ListingState
from merchant_api.core import clock
from merchant_api.core.db import session
from tests.make.channels import make_level, make_listing
from tests.make.stock import make_product

HERE = {"drift_ours": 7, "drift_theirs": 3}
EARLIER = clock.now() - timedelta(minutes=1)


def make(seller, channel, acknowledged=7, level=None, is_tracked=True, **columns):
    """A listing of a product of which seven are available; with a record of the stack where `level` says how it is."""
    row = session().execute(select(Channel).where(Channel.id == channel["id"])).scalar_one()
    product = make_product(seller.merchant, on_hand=7, is_tracked=is_tracked)
    listing = make_listing(row, product, acknowledged, **columns)
    if level is not None:
        make_level(listing, **level)
    return product


def listings(seller, channel, query=""):
    return seller.call("clerk", "GET", f"/channels/{channel['id']}/listings{query}").json["items"]


def tried(**columns):
    return {"attempts": 2, "tried_at": clock.now(), **columns}


def ended(state, **columns):
    return {"state": state, "ended_at": clock.now(), **columns}


MADE = {
    "in_step": [{}, {"level": ended(LevelState.DONE)}, {"acknowledged": 9, "sold": 2, "sold_then": 0}],
    "waiting": [
        {"acknowledged": None},
        {"level": {}},
        {"level": {"attempts": 1}},
        {"level": {"tried_at": clock.now()}},
    ],
    "failing": [{"level": tried()}, {"fault": ListingFault.REFUSED}, {"fault": ListingFault.IGNORED, "level": {}}],
    "held": [{"level": {"state": LevelState.HELD}}, {"level": tried(state=LevelState.HELD)}],
    "skipped": [{"acknowledged": 5, "acknowledged_at": EARLIER, "level": ended(LevelState.SKIPPED, level=7)}],
    "paused": [{"is_paused": True}, {"is_paused": True, "fault": ListingFault.GONE}, {"is_tracked": False}],
    "gone": [{"fault": ListingFault.GONE}, {"fault": ListingFault.GONE, "level": {"state": LevelState.HELD}}],
    "drift": [HERE | {"drift_since": clock.now()}, HERE | {"drift_since": clock.now(), "level": tried()}],
}


def test_every_state_is_made_here():
    assert set(MADE) == set(ListingState)


@pytest.mark.parametrize("state", MADE)
def test_a_listing_stands_as_what_it_is_and_is_found_by_it(seller, channel, state):
    products = [make(seller, channel, **columns) for columns in MADE[state]]
    make(seller, channel, **MADE["in_step" if state != "in_step" else "gone"][0])

    found = listings(seller, channel, f"?state={state}")

    assert [each["state"] for each in found] == [state] * len(products)
    assert {each["product_id"] for each in found} == {str(product.id) for product in products}


def test_what_was_skipped_is_in_step_once_stock_is_what_the_shop_sells(seller, channel):
    make(seller, channel, 7, ended(LevelState.SKIPPED, level=5), acknowledged_at=EARLIER)

    assert [each["state"] for each in listings(seller, channel)] == ["in_step"]
    assert listings(seller, channel, "?state=skipped") == []


def test_why_is_told_in_a_sentence(seller, channel):
    make(seller, channel, fault=ListingFault.REFUSED, why="Switch stock on in the shop.")
    make(seller, channel, level=tried(status=500, text="oops"))
    make(seller, channel, drift_since=clock.now(), **HERE)
    make(seller, channel, is_tracked=False)

    told = [each["why"] for each in reversed(listings(seller, channel))]

    assert told == [
        "Switch stock on in the shop.",
        "500: oops",
        "The shop sells 3, where 7 are expected.",
        "Stock of this product is not counted, so nothing is sent.",
    ]


def test_listings_are_found_by_words_and_by_the_id_of_an_item(seller, channel):
    mug = make(seller, channel, shop_id="item-77")
    make(seller, channel, shop_id="item-78")

    for words in (mug.sku, mug.name.upper(), "item-77"):
        assert str(mug.id) in [each["product_id"] for each in listings(seller, channel, f"?q={words}")]
    assert len(listings(seller, channel, "?q=item-77")) == 1
    assert listings(seller, channel, "?q=item-7") == []


def test_listings_come_in_pages(seller, channel):
    made = [str(make(seller, channel).id) for _ in range(3)]
    path = f"/channels/{channel['id']}/listings?limit=2"

    first = seller.call("clerk", "GET", path).json
    second = seller.call("clerk", "GET", f"{path}&cursor={first['next']}").json

    shown = [each["product_id"] for page in (first, second) for each in page["items"]]
    assert (shown, second["next"]) == (made[::-1], None)


@pytest.mark.parametrize("query", ["state=lost", "limit=0", "cursor=x", "q=", "colour=red"])
def test_a_query_that_is_none_is_refused(seller, channel, query):
    assert seller.call("clerk", "GET", f"/channels/{channel['id']}/listings?{query}").status_code == 422
