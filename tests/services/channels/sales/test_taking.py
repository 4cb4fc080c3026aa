"""What a shop has sold is taken once, at the shop's price, owed where it is short, and the ledger names the shop."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from merchant_api.catalog.models import Status
from merchant_api.channels.states import SaleState
from merchant_api.core.db import session
from merchant_api.orders.models import Origin
from merchant_api.orders.states import OriginKind, State, Verdict
from tests.make.channels import make_channel
from tests.make.orders import events_of, holds_of
from tests.make.sales import orders_of, sale_of, shop_line, shop_order, sold_of, told
from tests.make.snapshot import check_books, everything
from tests.make.stock import balances, make_product


def test_an_order_of_a_shop_takes_stock_and_says_where_it_came_from(channel, mug, listing):
    stands = told(channel, shop_order(shop_line(mug, 2)))

    (order,) = orders_of(channel)
    assert (stands.state, stands.order_id, stands.why) == (SaleState.TAKEN, order.id, None)
    assert order.origin == Origin(OriginKind.CHANNEL, channel.id, "#1001")
    assert (order.state, order.total, balances(mug), sold_of(listing)) == (State.CONFIRMED, 200_000, (5, 2, 0), 2)
    check_books(channel.merchant_id)


def test_the_ledger_and_the_order_name_the_shop(channel, mug):
    told(channel, shop_order(shop_line(mug)))

    (order,) = orders_of(channel)
    asked = text("SELECT actor FROM ledger WHERE merchant_id = :m AND reason = 'held'")
    actor = session().execute(asked, {"m": channel.merchant_id}).scalar_one()
    assert actor == order.placed_by == {"kind": "integration", "id": f"channel:{channel.id}", "name": "Corner"}


def test_every_other_channel_learns_what_one_has_sold(channel, mug):
    told(channel, shop_order(shop_line(mug, 2)))

    asked = text(
        "SELECT payload FROM events WHERE merchant_id = :m AND type = 'stock.changed' ORDER BY id DESC LIMIT 1"
    )
    assert session().execute(asked, {"m": channel.merchant_id}).scalar_one()["product_ids"] == [str(mug.id)]


@pytest.mark.parametrize("times", [1, 2, 3])
def test_the_same_order_again_changes_nothing(channel, mug, listing, times):
    order = shop_order(shop_line(mug, 2), is_paid=True)
    told(channel, order)
    before = everything(channel.merchant_id)

    for _ in range(times):
        told(channel, order)

    assert everything(channel.merchant_id) == before
    assert sold_of(listing) == 2


def test_what_is_short_is_taken_and_shown_as_owed(channel, mug):
    told(channel, shop_order(shop_line(mug, 8)))

    (order,) = orders_of(channel)
    (event,) = [each for each in events_of(order) if each.type == "order.confirmed"]
    assert (order.mode, balances(mug)) == ("backorder", (5, 8, 0))
    assert event.payload["lines"][0]["verdict"] == Verdict.BACKORDER.value
    assert holds_of(order) == [(8, "open")]


@pytest.mark.parametrize("status", [Status.DRAFT, Status.ARCHIVED])
def test_a_product_that_is_not_for_sale_here_was_sold_there(channel, merchant, status):
    bowl = make_product(merchant, on_hand=3, status=status)

    assert told(channel, shop_order(shop_line(bowl))).state is SaleState.TAKEN

    assert balances(bowl) == (3, 1, 0)


def test_what_the_shop_is_done_with_is_delivered(channel, mug):
    order = shop_order(shop_line(mug, 8))
    told(channel, order)

    told(channel, replace(order, is_delivered=True, is_open=False))

    assert orders_of(channel)[0].state is State.DELIVERED
    assert not sale_of(channel).is_open
    check_books(channel.merchant_id)


def test_an_order_that_took_nothing_yet_is_no_sale(channel, mug):
    assert told(channel, shop_order(shop_line(mug, 2, taken=0))).state is None

    assert sale_of(channel) is None
    assert balances(mug) == (5, 0, 0)


def test_text_that_no_database_takes_is_taken_without_it(channel, mug):
    order = shop_order(shop_line(mug, 1))

    told(channel, replace(order, name="A\0B\ud800", customer=replace(order.customer, name="An\0a")))

    assert orders_of(channel)[0].customer_name == "Ana"


def test_two_channels_have_the_same_numbers(channel, merchant, mug):
    other = make_channel(merchant)

    told(channel, shop_order(shop_line(mug)))
    told(other, shop_order(shop_line(mug)))

    assert balances(mug) == (5, 2, 0)
