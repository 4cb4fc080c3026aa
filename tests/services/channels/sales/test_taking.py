"""What a shop has sold is taken once, at the shop's price, owed where it is short, and the ledger names the shop."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from merchant_api.accounts.models import Terms
from merchant_api.catalog.models import Status
from merchant_api.channels.states import SaleState
from merchant_api.core.db import session
from merchant_api.core.money import Money
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


def test_who_bought_is_known_again_by_mail_address(channel, mug):
    told(channel, shop_order(shop_line(mug)))
    told(channel, shop_order(shop_line(mug), external_id="#1002"))

    first, second = orders_of(channel)
    assert first.customer_id == second.customer_id
    assert first.customer_name == "Ana"


def test_who_is_not_named_is_called_after_the_shop(channel, mug):
    order = shop_order(shop_line(mug))

    told(channel, replace(order, customer=type(order.customer)()))

    assert orders_of(channel)[0].customer_name == "Customer of Corner"


def test_what_was_paid_in_the_shop_is_paid_beforehand(channel, mug):
    told(channel, shop_order(shop_line(mug, 2), is_paid=True))

    (order,) = orders_of(channel)
    assert (order.payment_terms, order.paid, order.left_to_pay) == (Terms.PREPAID, 200_000, 0)


def test_what_is_paid_later_is_recorded_then(channel, mug):
    order = shop_order(shop_line(mug, 2))
    told(channel, order)

    told(channel, replace(order, is_paid=True))
    told(channel, replace(order, is_paid=True))

    (ours,) = orders_of(channel)
    assert (ours.payment_terms, ours.paid, ours.left_to_pay) == (Terms.ON_DELIVERY, 200_000, 0)
    references = text("SELECT reference FROM payments WHERE merchant_id = :m")
    found = session().execute(references, {"m": channel.merchant_id}).scalars().all()
    assert found == [f"{channel.id}:#1001"]


def test_money_is_as_it_was_at_import_whatever_the_shop_says_later(channel, mug):
    line = shop_line(mug, 2)
    told(channel, shop_order(line))

    told(channel, shop_order(replace(line, unit_price=Money(1, "NPR"))))

    assert orders_of(channel)[0].total == 200_000


def test_a_line_without_a_price_has_the_products(channel, mug):
    told(channel, shop_order(shop_line(mug, 2, unit_price=None)))

    assert orders_of(channel)[0].total == 2 * mug.price


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
