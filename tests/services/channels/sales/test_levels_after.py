"""What other channels, and the one that sold, have to be told after a shop's order."""

import pytest

from merchant_api.channels.mark import mark
from merchant_api.core.actor import Role
from merchant_api.core.db import session
from merchant_api.orders.steps.cancel import Cancel, cancel
from tests.make.channels import make_channel, make_listing, stack_of
from tests.make.people import make_actor
from tests.make.sales import orders_of, shop_line, shop_order, told


@pytest.fixture
def other(merchant, mug):
    other = make_channel(merchant, name="Other")
    make_listing(other, mug, acknowledged=5)
    return other


def levels(merchant):
    return {(row.channel_id, row.level) for row in stack_of(merchant.id)}


def marked(merchant):
    """The levels on the stack, once what changed in stock was gathered."""
    mark(merchant.id)
    session().commit()
    return levels(merchant)


def test_others_are_told_and_the_one_that_sold_is_read_first(merchant, channel, mug, listing, other):
    told(channel, shop_order(shop_line(mug, 2)))

    assert marked(merchant) == {(channel.id, 3), (other.id, 3)}  # read: tests/jobs/levels/test_read_first.py


def test_the_one_that_sold_is_told_where_its_level_is_another(merchant, channel, mug, listing, other):
    listing.acknowledged = 9  # what it sells crossed a count here
    session().commit()

    told(channel, shop_order(shop_line(mug, 2)))

    assert marked(merchant) == {(channel.id, 3), (other.id, 3)}


def test_what_the_shop_gave_back_and_we_did_not_is_told_to_it(merchant, mug):
    channel = make_channel(merchant, settings={"restores_cancelled": False})
    make_listing(channel, mug, acknowledged=5)
    told(channel, shop_order(shop_line(mug, 2)))

    told(channel, shop_order(shop_line(mug, 2, taken=0, cancelled=2)))

    assert levels(merchant) == {(channel.id, 3)}


def test_what_was_cancelled_here_first_is_told_to_the_shop_that_cancels_it_too(merchant, channel, mug, listing):
    told(channel, shop_order(shop_line(mug, 2)))
    cancel(merchant.id, orders_of(channel)[0].id, Cancel("by phone"), make_actor(Role.OWNER))
    session().refresh(listing)
    listing.sold_then = listing.sold  # five are for sale here again, and the shop has acknowledged it
    session().commit()

    told(channel, shop_order(shop_line(mug, 2, taken=0, cancelled=2)))

    assert levels(merchant) == {(channel.id, 5)}


def test_what_a_shop_restocks_is_told_to_all(merchant, channel, mug, listing, other):
    told(channel, shop_order(shop_line(mug, 2)))
    marked(merchant)

    told(channel, shop_order(shop_line(mug, 2, taken=1, cancelled=1)))

    assert marked(merchant) == {(channel.id, 4), (other.id, 4)}
