"""Whatever happens to a payment at Stripe, and however it is told, shuffled and twice: it ends here as there."""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from merchant_api.accounts.models import Terms
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.orders.payment_models import Payment
from merchant_api.orders.states import State
from merchant_api.providers import receive
from tests.fakes.stripe_account import NEW, OLD, StripeAccount
from tests.make.money import check_money
from tests.make.orders import place_one, reread
from tests.make.people import make_merchant
from tests.make.providers import incoming, make_provider, try_again
from tests.make.snapshot import check_books
from tests.make.stock import make_product
from tests.services.providers.conftest import PRICE

EXAMPLES = 2000 if os.environ.get("ORDERBELL_TEST_LONG") else 60
PARTS = st.sampled_from([50_000, 100_000, PRICE])
happenings = st.lists(
    st.one_of(
        st.tuples(st.just("refund"), PARTS),
        st.tuples(st.just("fail")),
        st.tuples(st.just("dispute"), PARTS),
        st.tuples(st.just("decide"), st.sampled_from(["won", "lost"])),
    ),
    max_size=6,
)


@pytest.fixture
def town(database):
    shop = make_merchant(unpaid_orders_cap=0)
    yield shop, make_provider(shop), make_product(shop, on_hand=1_000_000)
    check_money(shop.id)
    check_books(shop.id)


def tells(provider, event: dict[str, Any]) -> None:
    receive.receive(provider.merchant_id, provider.id, incoming(event))
    session().commit()


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    happenings=happenings,
    version=st.sampled_from([OLD, NEW]),
    never_captured=st.sampled_from([0, 70_000]),
    by_checkout=st.booleans(),
    data=st.data(),
)
def test_the_end_is_that_of_the_account(town, happenings, version, never_captured, by_checkout, data):
    shop, provider, mug = town
    order = place_one([(mug, 2)], terms=Terms.AFTER_ACCEPTANCE)
    account = StripeAccount(f"pi_{new_id()}", PRICE, version, never_captured)
    account.pays(str(order.id), by_checkout=by_checkout)
    for verb, *arguments in happenings:
        getattr(account, verb)(*arguments)

    again = data.draw(st.lists(st.sampled_from(account.sent), max_size=3))
    for event in data.draw(st.permutations([*account.sent, *again])):
        tells(provider, event)
    try_again(shop)

    rows = select(Payment).where(Payment.merchant_id == shop.id, Payment.order_id == order.id)
    payment = session().execute(rows.execution_options(populate_existing=True)).scalar_one()
    taken = min(PRICE, account.disputed)
    assert (payment.refunded, payment.disputed) == (account.refunded, taken)
    assert (reread(order).state, reread(order).is_disputed) == (State.CONFIRMED, taken > 0)
