"""What a shop itself sold is read before it is told: a level that crossed the sale may have wiped its own decrement."""

import pytest

from merchant_api.accounts.models import Merchant
from merchant_api.channels.states import LevelState
from merchant_api.core.db import session
from tests.make.channels import make_channel, make_listing, stack_of
from tests.make.levels import listing_of
from tests.make.people import make_merchant
from tests.make.sales import shop_line, shop_order, told
from tests.make.stock import make_product


@pytest.fixture
def channel(fresh, shops):
    return make_channel(make_merchant())


@pytest.fixture
def mug(channel):
    mug = make_product(merchant_of(channel), on_hand=5)
    make_listing(channel, mug, acknowledged=5)
    return mug


def merchant_of(channel):
    return session().get(Merchant, channel.merchant_id)


def sell_there(channel, mug, shops, shows):
    """Two are sold in the shop, which then sells so many, and the order is imported."""
    shops.levels[channel.address, mug.sku] = shows
    told(channel, shop_order(shop_line(mug, 2)))


def test_a_shop_that_is_right_already_is_not_told(channel, mug, shops, all_sent):
    sell_there(channel, mug, shops, shows=3)

    all_sent()

    (record,), listing = stack_of(channel.merchant_id), listing_of(channel, mug)
    assert (shops.calls, record.state) == ([], LevelState.DONE)
    assert (listing.acknowledged, listing.expected, listing.sold_then) == (3, 3, 2)


def test_a_shop_whose_decrement_was_wiped_is_told(channel, mug, shops, all_sent):
    sell_there(channel, mug, shops, shows=5)

    all_sent()

    assert shops.calls == [(channel.address, [(mug.sku, 3)])]
    assert listing_of(channel, mug).expected == 3


def test_a_shop_that_can_not_tell_is_told(channel, mug, shops, all_sent):
    shops.can_read = False
    sell_there(channel, mug, shops, shows=3)

    all_sent()

    assert shops.calls == [(channel.address, [(mug.sku, 3)])]


def test_others_are_told_without_being_read(channel, mug, shops, all_sent):
    other = make_channel(merchant_of(channel))
    make_listing(other, mug, acknowledged=5)
    sell_there(channel, mug, shops, shows=3)

    all_sent()

    assert shops.calls == [(other.address, [(mug.sku, 3)])]
