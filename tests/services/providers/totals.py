"""An order of two mugs that is paid, and what Stripe tells of its refunds: one by one, and in all."""

from merchant_api.core import clock
from merchant_api.orders.states import RefundState
from tests.make.money import refunds_of
from tests.make.providers import back, charge
from tests.services.providers.conftest import PRICE, awaiting, pays, tells

FIRST, BOTH = 100_000, 250_000


def paid_order(shop, provider):
    order = awaiting(shop)
    pays(provider, "pi_1", PRICE, order_id=str(order.id))
    return order


def at(seconds):
    return int(clock.now().timestamp()) + seconds


def says_total(provider, amount, seconds=0, **members):
    return tells(provider, "charge.refunded", charge("pi_1", PRICE, amount, **members), created=at(seconds))


def sends_back(provider, reference, amount, type_="refund.created", seconds=0, **members):
    return tells(provider, type_, back(reference, "pi_1", amount, **members), created=at(seconds))


def counting(shop):
    return sorted(row.amount for row in refunds_of(shop.id) if row.state is RefundState.DONE)
