"""Our stock follows what a shop has taken, whatever it went through and whichever messages of it came."""

from dataclasses import replace
from itertools import product as ways

import pytest

from merchant_api.orders.states import State
from tests.make.channels import make_channel, make_listing
from tests.make.sales import orders_of, shop_line, shop_order, sold_of, told
from tests.make.snapshot import check_books
from tests.make.stock import available


def life(mug):
    """pending, processing, one restocked by a refund, cancelled, processing: 3 units of a line, as its shop tells."""
    line = shop_line(mug, 3)
    return [
        replace(line, taken=0),
        line,
        replace(line, taken=2, cancelled=1),
        replace(line, taken=0, cancelled=3),
        line,
    ]


@pytest.mark.parametrize("heard", list(ways([True, False], repeat=4)))
def test_the_end_is_the_same_by_whatever_messages_come(channel, mug, listing, heard):
    steps = life(mug)
    for line in [line for line, is_heard in zip(steps[:4], heard, strict=True) if is_heard]:
        told(channel, shop_order(line))
        assert (available(mug), sold_of(listing)) == (5 - line.taken, line.taken)

    told(channel, shop_order(steps[4]))

    assert (available(mug), sold_of(listing)) == (2, 3)
    assert sum(order.state is State.CONFIRMED for order in orders_of(channel)) >= 1
    check_books(channel.merchant_id)


@pytest.mark.parametrize("restores", [True, False])
def test_what_the_shop_restocks_is_for_sale_again_if_the_channel_says_so(merchant, mug, restores):
    channel = make_channel(merchant, settings={"restores_cancelled": restores})
    listing = make_listing(channel, mug, acknowledged=5)
    told(channel, shop_order(shop_line(mug, 3)))

    told(channel, shop_order(shop_line(mug, 3, taken=1, cancelled=2)))

    assert available(mug) == (4 if restores else 2)
    assert sold_of(listing) == 1
    check_books(merchant.id)


def test_a_refund_without_restocking_gives_nothing_back(channel, mug, listing):
    told(channel, shop_order(shop_line(mug, 3)))

    told(channel, shop_order(shop_line(mug, 3, cancelled=1)))

    assert (available(mug), sold_of(listing)) == (2, 3)
    assert orders_of(channel)[0].total == 200_000
    check_books(channel.merchant_id)


def test_what_was_cancelled_for_good_when_it_was_first_seen_ends_the_same(channel, mug):
    told(channel, shop_order(shop_line(mug, 3, cancelled=1)))

    assert (available(mug), orders_of(channel)[0].total) == (2, 200_000)
    check_books(channel.merchant_id)


def test_an_order_out_of_the_trash_is_an_order_again(channel, mug, listing):
    line = shop_line(mug, 3)
    told(channel, shop_order(line))
    told(channel, shop_order(replace(line, cancelled=3)))
    assert available(mug) == 2

    told(channel, shop_order(line))

    assert (available(mug), sold_of(listing)) == (2, 3)
    assert [order.state for order in orders_of(channel)] == [State.CANCELLED, State.CONFIRMED]
    check_books(channel.merchant_id)


def test_what_was_written_off_and_is_restocked_after_all_comes_back(channel, mug, listing):
    line = shop_line(mug, 3)
    told(channel, shop_order(line))
    told(channel, shop_order(replace(line, cancelled=1)))

    told(channel, shop_order(replace(line, cancelled=1, taken=2)))

    assert (available(mug), sold_of(listing)) == (3, 2)
    check_books(channel.merchant_id)


def test_a_return_after_delivery_goes_back_into_stock(channel, mug):
    order = shop_order(shop_line(mug, 3), is_delivered=True)
    told(channel, order)

    told(channel, replace(order, lines=(shop_line(mug, 3, taken=2, cancelled=1),)))

    (ours,) = orders_of(channel)
    assert (ours.state, ours.returned_value, available(mug)) == (State.DELIVERED, 100_000, 3)
    check_books(channel.merchant_id)
