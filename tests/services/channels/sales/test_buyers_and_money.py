"""Who bought in a shop is known again, and what was paid there is paid here, as it was at import."""

from dataclasses import replace

from sqlalchemy import text

from merchant_api.accounts.models import Terms
from merchant_api.core.db import session
from merchant_api.core.money import Money
from tests.make.sales import orders_of, shop_line, shop_order, told


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
