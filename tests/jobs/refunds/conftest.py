"""Late money that came by Stripe, a stand-in for Stripe, and the job that gives money back."""

from datetime import timedelta

import pytest

from jobs import carry_out_refunds
from jobs.sweep import Tally
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.seal import Seal
from merchant_api.orders.models import Order
from merchant_api.orders.money import refund
from merchant_api.orders.states import State
from merchant_api.providers import receive, stripe_refunds
from merchant_api.providers.give_back import give_back
from tests.fakes.stripe_api import FakeStripe
from tests.make.money import end_unpaid, payments_of
from tests.make.orders import make_order
from tests.make.people import make_actor, make_merchant
from tests.make.providers import API_KEY, incoming, intent, make_provider, stripe_event, uses_stripe_at
from tests.make.stock import make_product

SELLER = make_actor()
PRICE = 300_000
ONE = Tally(done=1)
KEY = "a-key-of-the-tests-that-a-process-can-be-told"


@pytest.fixture
def stripe(fresh):
    with FakeStripe() as fake:
        uses_stripe_at(fresh, fake.url)
        yield fake
    stripe_refunds._http.cache_clear()


@pytest.fixture
def shop(fresh):
    fresh.extensions["orderbell.seal"] = Seal((KEY,))
    return make_merchant()


@pytest.fixture
def provider(shop, stripe):
    return make_provider(shop, api_key=API_KEY)


@pytest.fixture
def late(shop, provider, stripe):
    """Money that came by Stripe for an order that had ended."""
    return make_late(shop, provider, stripe, "pi_1")


def make_late(shop, provider, stripe, reference):
    order = end_unpaid(make_order(State.AWAITING_PAYMENT, [(make_product(shop, on_hand=5), 2)]))
    stripe.paid[reference] = PRICE
    tells(provider, "payment_intent.succeeded", intent(reference, PRICE, order_id=str(order.id)))
    (payment,) = [each for each in payments_of(shop.id) if each.provider_reference == reference]
    return payment


def tells(provider, type_, about):
    receive.receive(provider.merchant_id, provider.id, incoming(stripe_event(type_, about)))
    session().commit()


def asks(payment, **wish):
    given = give_back(payment.merchant_id, payment.id, refund.RefundAsked(**wish), SELLER)
    session().commit()
    return given.refund


def runs(after_s=0):
    with clock.clock.pinned(clock.now() + timedelta(seconds=after_s)):
        return carry_out_refunds.run()


def order_of(payment):
    return session().get(Order, (payment.merchant_id, payment.order_id))
