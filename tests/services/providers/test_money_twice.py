"""An order whose money went back as a whole is unpaid again: other money may count, and what comes back counts anew."""

import pytest

from merchant_api.core.db import session
from merchant_api.orders.errors import NothingOwed
from merchant_api.orders.money import refund
from merchant_api.orders.states import State
from merchant_api.orders.steps import cancel, decide
from merchant_api.orders.steps.reduce import Part
from tests.make.money import check_money, pay_for, payments_of
from tests.make.orders import make_order, reread
from tests.make.people import make_actor
from tests.make.providers import back
from tests.make.stock import make_product
from tests.services.providers.conftest import PRICE, awaiting, pays, tells

SELLER = make_actor()


def sends_back(provider, amount, type_="refund.created", **members):
    assert tells(provider, type_, back(f"re_{amount}", "pi_1", amount, **members)) == "applied"


def paid_beforehand(shop, provider):
    """A request of two mugs whose money came before the merchant's answer."""
    order = make_order(State.REQUESTED, [(make_product(shop, on_hand=0), 2)])
    pays(provider, "pi_1", PRICE, order_id=str(order.id))
    return order


def accepted(order):
    decide.accept(order.merchant_id, order.id, decide.Accept(), SELLER)
    session().commit()
    return reread(order)


@pytest.mark.parametrize(
    ("amount", "state"), [(None, State.CONFIRMED), (100_000, State.CONFIRMED), (PRICE, State.AWAITING_PAYMENT)]
)
def test_accepting_asks_for_money_that_went_back_whole(shop, provider, amount, state):
    order = paid_beforehand(shop, provider)
    if amount is not None:
        sends_back(provider, amount)

    assert accepted(order).state is state


def test_other_money_counts_once_the_first_went_back(shop, provider):
    order = paid_beforehand(shop, provider)
    sends_back(provider, PRICE)
    accepted(order)

    assert pay_for(reread(order)).state.value == "counted"

    order = reread(order)
    assert (order.state, order.paid, order.refunded, order.refund_due) == (State.CONFIRMED, 2 * PRICE, PRICE, False)
    check_money(shop.id)


def test_a_part_cancelled_of_an_order_without_money_does_not_pay_it(shop, provider):
    order = paid_beforehand(shop, provider)
    sends_back(provider, PRICE)
    accepted(order)

    cancel.cancel(shop.id, order.id, cancel.Cancel("one is enough", None, [Part(0, 1)]), SELLER)
    session().commit()

    assert (reread(order).state, reread(order).total) == (State.AWAITING_PAYMENT, PRICE // 2)


def test_money_that_a_bank_sent_back_pays_the_order_that_waits_for_it(shop, provider):
    order = paid_beforehand(shop, provider)
    sends_back(provider, PRICE)
    accepted(order)

    sends_back(provider, PRICE, "refund.failed", status="failed")

    order = reread(order)
    assert (order.state, order.in_hand, order.sweep_at) == (State.CONFIRMED, PRICE, None)
    check_money(shop.id)


def test_what_is_owed_of_two_payments_is_given_back_once(shop, provider):
    order = awaiting(shop)
    pays(provider, "pi_1", PRICE, order_id=str(order.id))
    sends_back(provider, PRICE)
    pay_for(reread(order))
    sends_back(provider, PRICE, "refund.failed", status="failed")
    assert reread(order).refund_owed.amount == PRICE
    first, second = payments_of(shop.id)

    refund.refund(shop.id, first.id, refund.RefundAsked(), SELLER, by_provider=provider.id)
    session().commit()

    with pytest.raises(NothingOwed):
        refund.refund(shop.id, second.id, refund.RefundAsked(), SELLER)
    session().rollback()
    check_money(shop.id)
