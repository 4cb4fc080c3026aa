"""The audit of money finds what does not add up, names the documents behind it, and says what to do about it."""

import pytest
from sqlalchemy import text

from merchant_api.accounts.models import Terms
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.orders.money import refund
from merchant_api.orders.money.audit import audit
from merchant_api.orders.states import State
from tests.make.money import make_late, pay_for
from tests.make.orders import make_order, place_one, reread
from tests.make.people import make_actor, make_merchant
from tests.make.stock import make_product


def order_with(*parts):
    order = place_one([(make_product(make_merchant(), on_hand=9, price=500), 2)], terms=Terms.AFTER_ACCEPTANCE)
    for part in parts:
        pay_for(order, Money(part, "NPR"), reference=f"bank-{part}")
    return reread(order)


def spoil(order, table, change):
    named = {"merchant_id": order.merchant_id}
    session().execute(text(f"UPDATE {table} SET {change} WHERE merchant_id = :merchant_id"), named)
    return [difference for difference in audit(order.merchant_id) if difference.where == f"order {order.code}"]


@pytest.mark.parametrize("state", State)
def test_the_money_of_orders_in_every_state_adds_up(database, state):
    is_asked = state in (State.REQUESTED, State.EXPIRED, State.DECLINED)
    order = make_order(state, [(make_product(on_hand=0 if is_asked else 5), 2)])
    pay_for(order, Money(7, "NPR"))
    pay_for(order, Money(7, "INR"))

    assert audit(order.merchant_id) == []


@pytest.mark.parametrize(
    ("change", "what", "compensation"),
    [
        ("paid = paid + 1", "paid is 401, its payments say 400", "set paid to 400"),
        ("refunded = 1", "refunded is 1, its payments say 0", "set refunded to 0"),
        ("parked = 1", "parked is 1, its payments say 0", "set parked to 0"),
        ("parked = 1, parked_sum = 3", "parked_sum is 3, its payments say 0", "set parked_sum to 0"),
    ],
)
def test_a_sum_that_its_payments_do_not_say_is_found_with_the_payments_behind_it(database, change, what, compensation):
    order = order_with(400)

    found = spoil(order, "orders", change)

    assert (what, compensation) in [(each.what, each.compensation) for each in found]
    assert found[0].documents[0].startswith("payment bank-400 (")
    assert found[0].documents[0].endswith(": counted, 400 NPR, 0 given back")
    assert list(found[0].lines())[-1] == f"    compensation: {found[0].compensation}"


def test_money_said_of_an_order_without_payments_is_found(database):
    order = order_with()

    assert [each.what for each in spoil(order, "orders", "paid = 5")] == ["paid is 5, its payments say 0"]


def test_what_is_owed_and_on_no_payment_is_found(database):
    order, _ = make_late((make_product(on_hand=5), 2))

    found = [each.what for each in spoil(order, "orders", "parked_sum = parked_sum + 5")]

    assert "300005 has to be given back, its payments say 300000" in found


def test_a_payment_that_says_other_than_its_refunds_is_found(database):
    order, payment = make_late((make_product(on_hand=5), 2))
    refund.refund(order.merchant_id, payment.id, refund.RefundAsked(), make_actor())

    found = [each.what for each in spoil(order, "payments", "refunded = 5, state = 'parked'")]

    assert f"5 of payment {payment.reference} went back, its refunds say 300000" in found


def test_an_order_that_waits_for_nothing_is_found(database):
    order = order_with(400)

    found = [each.what for each in spoil(order, "orders", "total = 400")]

    assert found == ["it awaits its payment, and nothing is left to pay"]


def test_the_audit_of_one_merchant_says_nothing_of_another(database):
    order, other = order_with(400), order_with(400)
    spoil(order, "orders", "paid = 1")

    assert audit(other.merchant_id) == []
