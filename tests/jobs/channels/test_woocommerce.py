"""A WooCommerce shop and ours in step, by its real HTTP: whatever its orders go through, and whatever crosses."""

import pytest

from jobs.channels import poll
from jobs.channels.send import LevelSending
from merchant_api.channels import connectors
from merchant_api.channels.kinds.woocommerce.connector import CONNECTOR
from tests.channels.woocommerce.driver import open_shop
from tests.channels.woocommerce.stand_in import FakeWoo
from tests.jobs.levels.conftest import PATIENCE_S, settle
from tests.make.channels import make_channel, make_listing
from tests.make.levels import set_stock
from tests.make.sales import make_due, make_poll, orders_of, sale_of
from tests.make.snapshot import check_books
from tests.make.stock import available

MOST_ROUNDS, CROSSING = 24, 8


class AsWoo:
    """The kind, whose shops are all the one on loopback."""

    abilities = CONNECTOR.abilities

    def __init__(self, shop):
        self._shop = shop

    def open(self, *_):
        return open_shop(self._shop)


@pytest.fixture
def shop(fresh, monkeypatch):
    with FakeWoo() as started:
        monkeypatch.setattr(connectors, "of", lambda _kind: AsWoo(started))
        yield started


@pytest.fixture
def bell(shop):
    return shop.add("Bell", 50, sku="MUG")


@pytest.fixture
def channel(merchant, shop, bell, mug):
    made = make_channel(merchant, name="Corner")
    make_listing(made, mug, acknowledged=50, shop_id=bell)
    make_poll(made)
    poll.run()  # from here on
    return made


def read(channel):
    make_due(channel)
    poll.run()


@pytest.fixture
def sending(channel):
    made = LevelSending()
    yield made
    made.drain(PATIENCE_S)


@pytest.mark.parametrize("is_read_each_time", [True, False])
def test_our_units_follow_all_of_an_orders_life(shop, bell, mug, channel, is_read_each_time):
    order, found = shop.book.place({bell: 3}, "pending"), []
    for step in (
        lambda: None,
        lambda: shop.book.move(order, "processing"),
        lambda: shop.book.refund(order, {bell: 1}),
        lambda: shop.book.move(order, "cancelled"),
        lambda: shop.book.move(order, "processing"),
    ):
        step()
        if is_read_each_time:
            read(channel)
            found.append(available(mug))
    read(channel)

    assert found == ([50, 47, 48, 50, 47] if is_read_each_time else [])
    assert available(mug) == shop.level(bell) == 47
    check_books(channel.merchant_id)


def test_orders_that_cross_levels_on_their_way_are_sold_once_and_the_levels_meet(shop, bell, mug, channel, sending):
    left = list(range(CROSSING))

    def cross(call):
        if call.startswith("PUT") and left:
            left.pop()
            shop.book.place({bell: 1})

    shop.when_called = cross
    set_stock(mug, 60)
    for number in range(MOST_ROUNDS):
        settle(sending)
        read(channel)
        if left:
            set_stock(mug, 61 + number % 2)
    settle(sending)

    assert left == []
    assert len(orders_of(channel)) == CROSSING
    assert shop.level(bell) == available(mug)


def test_a_checkout_that_was_opened_long_before_it_was_placed_is_taken_once(shop, bell, mug, channel):
    opened = shop.book.place({bell: 2}, "checkout-draft")
    read(channel)
    before = orders_of(channel)
    shop.book.move(opened, "processing")
    for _ in range(2):
        read(channel)

    assert before == []
    assert [order.external_id for order in orders_of(channel)] == [str(opened.id)]
    assert available(mug) == 48


def test_units_that_the_shop_took_twice_are_sold_once_and_its_level_is_put_right(shop, bell, mug, channel, sending):
    order = shop.book.place({bell: 1})
    shop.book.take_again(order)
    was = shop.level(bell)

    read(channel)
    settle(sending)

    assert (was, available(mug)) == (48, 49)
    assert shop.level(bell) == 49
    assert "took 2" in sale_of(channel, str(order.id)).why


def test_an_order_that_lies_in_the_bin_stays_sold(shop, bell, mug, channel):
    order = shop.book.place({bell: 2})
    read(channel)
    shop.book.move(order, "trash")
    read(channel)

    assert available(mug) == shop.level(bell) == 48
