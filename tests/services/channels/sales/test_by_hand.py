"""What somebody does with a shop's order here is not done again when the shop tells of it: a unit goes back once."""

from dataclasses import replace

from merchant_api.core.actor import Role
from merchant_api.core.db import session
from merchant_api.orders.states import Condition
from merchant_api.orders.steps.cancel import Cancel, cancel
from merchant_api.orders.steps.reduce import Part
from merchant_api.orders.steps.returns import Back, give_back
from tests.make.people import make_actor
from tests.make.sales import orders_of, shop_line, shop_order, sold_of, told
from tests.make.snapshot import check_books
from tests.make.stock import available


def cancelled_here(channel, *parts):
    (order,) = orders_of(channel)
    cancel(channel.merchant_id, order.id, Cancel("by phone", None, parts), make_actor(Role.OWNER))
    session().commit()


def test_an_order_that_was_cancelled_here_first_goes_back_once(channel, mug, listing):
    told(channel, shop_order(shop_line(mug, 3)))
    cancelled_here(channel)
    assert available(mug) == 5

    told(channel, shop_order(shop_line(mug, 3, taken=0, cancelled=3)))

    assert (available(mug), sold_of(listing)) == (5, 0)
    check_books(channel.merchant_id)


def test_what_was_cancelled_here_is_not_taken_again_by_the_same_news(channel, mug):
    told(channel, shop_order(shop_line(mug, 3)))
    cancelled_here(channel)

    told(channel, shop_order(shop_line(mug, 3)))

    assert available(mug) == 5


def test_a_part_that_was_cancelled_here_first_counts_against_the_shops(channel, mug):
    told(channel, shop_order(shop_line(mug, 3)))
    cancelled_here(channel, Part(0, 1))

    told(channel, shop_order(shop_line(mug, 3, taken=1, cancelled=2)))

    assert available(mug) == 4
    check_books(channel.merchant_id)


def test_what_came_back_here_first_is_not_returned_again(channel, mug):
    order = shop_order(shop_line(mug, 3), is_delivered=True)
    told(channel, order)
    (ours,) = orders_of(channel)
    give_back(channel.merchant_id, ours.id, [Back(0, 1, Condition.RESELLABLE)], make_actor(Role.OWNER))
    session().commit()

    told(channel, replace(order, lines=(shop_line(mug, 3, taken=2, cancelled=1),)))

    assert available(mug) == 3
    check_books(channel.merchant_id)
