"""A merchant with Stripe, and what Stripe tells of an order of two mugs."""

import pytest

from merchant_api.core.db import session
from merchant_api.orders.states import State
from merchant_api.providers import receive
from tests.make.orders import make_order
from tests.make.people import make_merchant
from tests.make.providers import incoming, intent, make_provider, stripe_event
from tests.make.stock import make_product

PRICE = 300_000


@pytest.fixture
def shop(database):
    return make_merchant()


@pytest.fixture
def provider(shop):
    return make_provider(shop)


def awaiting(shop):
    return make_order(State.AWAITING_PAYMENT, [(make_product(shop, on_hand=5), 2)])


def tells(provider, type_, about, **members):
    receipt = receive.receive(provider.merchant_id, provider.id, incoming(stripe_event(type_, about, **members)))
    session().commit()
    return receipt.state


def pays(provider, *given, **metadata):
    return tells(provider, "payment_intent.succeeded", intent(*given, **metadata))
