"""Whether a customer has bought is kept with him, and follows what his orders prove."""

import pytest
from sqlalchemy import text

from merchant_api.accounts.models import Customer, Terms
from merchant_api.core.actor import Role
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.orders import buyers
from merchant_api.orders.models import Order
from merchant_api.orders.money import pay, refund
from merchant_api.orders.proven import PROVES, proves
from merchant_api.orders.states import State
from merchant_api.orders.steps import cancel
from tests.make.orders import make_order, place_one
from tests.make.people import make_actor, make_merchant
from tests.make.stock import make_product

SELLER = make_actor()
MINE = "WHERE merchant_id = :merchant AND id = :id"


@pytest.fixture
def merchant(database):
    return make_merchant(unproven_open_orders=5)


@pytest.fixture
def mug(merchant):
    return make_product(merchant, on_hand=90)


@pytest.fixture
def stranger(database):
    return make_actor(Role.CUSTOMER)


def has_bought(merchant, actor):
    session().rollback()
    row = session().get(Customer, (merchant.id, actor.person_id), populate_existing=True)
    assert buyers.audit(merchant.id) == []
    return row.has_bought


def paid_for(mug, actor, terms=Terms.AFTER_ACCEPTANCE):
    order = place_one([(mug, 1)], actor, terms=terms)
    report = pay.PaymentReport(Money(order.total, "NPR"), f"r-{order.code}")
    payment = pay.pay(mug.merchant_id, order.id, report, SELLER).payment.id
    session().commit()
    return order, payment


def test_an_order_that_stands_proves_nothing_until_it_is_delivered(merchant, mug, stranger):
    make_order(State.PICKED_UP, [(mug, 1)], stranger)
    assert has_bought(merchant, stranger) is False

    make_order(State.DELIVERED, [(mug, 1)], stranger)

    assert has_bought(merchant, stranger) is True


def test_money_proves_until_it_went_back(merchant, mug, stranger):
    order, payment = paid_for(mug, stranger)
    assert has_bought(merchant, stranger) is True

    refund.refund(merchant.id, payment, refund.RefundAsked(Money(order.total, "NPR"), "sorry"), SELLER)
    session().commit()

    assert has_bought(merchant, stranger) is False


def test_money_of_an_order_that_ends_undelivered_proves_no_more(merchant, mug, stranger):
    order, _ = paid_for(mug, stranger)

    cancel.cancel(merchant.id, order.id, cancel.Cancel("no"), stranger)
    session().commit()

    assert has_bought(merchant, stranger) is False


def test_another_order_that_proves_is_enough(merchant, mug, stranger):
    make_order(State.DELIVERED, [(mug, 1)], stranger)
    order, _ = paid_for(mug, stranger)

    cancel.cancel(merchant.id, order.id, cancel.Cancel("no"), stranger)
    session().commit()

    assert has_bought(merchant, stranger) is True


@pytest.mark.parametrize("state", list(State))
def test_an_order_in_hand_and_one_in_the_database_prove_alike(merchant, stranger, state):
    is_asked = state in (State.REQUESTED, State.DECLINED, State.EXPIRED)
    order = make_order(state, [(make_product(merchant, on_hand=0 if is_asked else 9), 1)], stranger)
    assert order.state is state
    mine = {"merchant": order.merchant_id, "id": order.id}
    sums = [("0", "0", "0"), ("total", "0", "0"), ("total", "1", "0"), ("total", "0", "total"), ("total + 5", "5", "0")]

    for paid, refunded, disputed in sums:
        session().execute(
            text(f"UPDATE orders SET paid = {paid}, refunded = {refunded}, disputed = {disputed}, disputes = 1 {MINE}"),
            mine,
        )
        row = session().get(Order, (order.merchant_id, order.id), populate_existing=True)
        told = session().execute(text(f"SELECT {PROVES} FROM orders {MINE}"), mine).scalar_one()
        assert proves(row) is told
    session().rollback()


def test_the_audit_names_a_customer_of_whom_it_is_not_true(merchant, mug, stranger):
    make_order(State.CONFIRMED, [(mug, 1)], stranger)
    session().get(Customer, (merchant.id, stranger.person_id)).has_bought = True
    session().commit()

    (difference,) = buyers.audit(merchant.id)

    assert difference.where == f"customer {stranger.person_id}"
    assert difference.compensation == "set has_bought to false"
