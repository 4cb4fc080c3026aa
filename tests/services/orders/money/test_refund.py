"""Money goes back once: a parked payment whole, one that counts as far as its order owes it; every refund is a row."""

from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.core.ids import new_id
from merchant_api.core.money import Money
from merchant_api.orders.errors import (
    MoreThanOwed,
    NothingOwed,
    ReferenceUsed,
    RefundPending,
    WholePaymentOnly,
)
from merchant_api.orders.money import payment_moves, refund, refund_moves
from merchant_api.orders.money.refund import RefundAsked
from merchant_api.orders.money.revive import revive
from merchant_api.orders.payment_models import Payment, Refund
from merchant_api.orders.states import REFUND_MOVES, PaymentState, RefundState, State
from merchant_api.orders.steps import cancel
from merchant_api.shop.errors import WrongCurrency
from tests.make.money import check_money, make_late, pay_for, reread_payment, reread_refund
from tests.make.orders import events_of, make_order, reread
from tests.make.people import make_actor, make_merchant
from tests.make.snapshot import everything
from tests.make.stock import make_product

SELLER = make_actor()
PROVIDER = UUID(int=7)
NPR = "NPR"


def refunds(payment, by_provider=None, **wish):
    given = refund.refund(payment.merchant_id, payment.id, RefundAsked(**wish), SELLER, by_provider)
    session().commit()
    return given


def refused(payment, refusal, **wish):
    before = everything(payment.merchant_id)
    with pytest.raises(refusal) as caught:
        refund.refund(payment.merchant_id, payment.id, RefundAsked(**wish), SELLER)
    session().rollback()
    assert everything(payment.merchant_id) == before
    return caught.value


def make_owed(units=2, merchant=None):
    """A payment that counts, of an order that was cancelled afterwards."""
    order = make_order(State.AWAITING_PAYMENT, [(make_product(merchant or make_merchant(), on_hand=5), units)])
    payment = pay_for(order)
    cancel.cancel(order.merchant_id, order.id, cancel.Cancel("no"), SELLER)
    session().commit()
    return reread(order), payment


def test_a_parked_payment_is_given_back_whole_and_the_customer_is_told(database):
    order, payment = make_late((make_product(on_hand=5), 2))

    given = refunds(payment, note="by bank transfer", reference="bank-7")

    row = given.refund
    assert (row.state, row.amount, row.note, row.reference) == (
        RefundState.DONE,
        order.total,
        "by bank transfer",
        "bank-7",
    )
    assert (row.actor, row.provider_id) == (SELLER.stamp(), None)
    after = reread(order)
    assert (after.parked, after.paid, after.refunded, after.refund_due) == (0, 0, 0, False)
    assert reread_payment(payment).state is PaymentState.REFUNDED
    event = events_of(order)[-1]
    assert (event.type, event.payload["payment"]["amount"]) == (
        "payment.refunded",
        {"amount": order.total, "currency": NPR},
    )
    check_money(order.merchant_id)


def test_a_part_of_a_parked_payment_is_not_given_back(database):
    _, payment = make_late((make_product(on_hand=5), 2))

    refusal = refused(payment, WholePaymentOnly, amount=Money(1, NPR))

    assert refusal.members["owed"] == {"amount": 300_000, "currency": NPR}


def test_of_money_that_counts_what_is_owed_goes_back_in_parts(database):
    order, payment = make_owed()

    refunds(payment, amount=Money(100_000, NPR))
    assert (reread(order).refund_owed.amount, reread_payment(payment).state) == (200_000, PaymentState.COUNTED)
    refunds(payment)

    after = reread(order)
    assert (after.refund_owed.amount, after.refunded, after.refund_due) == (0, order.total, False)
    assert reread_payment(payment).state is PaymentState.REFUNDED
    check_money(order.merchant_id)


def test_more_than_is_owed_is_refused(database):
    _, payment = make_owed()

    refused(payment, MoreThanOwed, amount=Money(300_001, NPR))
    refused(payment, WrongCurrency, amount=Money(1, "INR"))


def test_nothing_is_owed_of_an_order_that_goes_on_nor_a_second_time(database):
    going_on = pay_for(make_order(State.AWAITING_PAYMENT, [(make_product(on_hand=5), 2)]))
    order, payment = make_owed()
    refunds(payment)

    refused(going_on, NothingOwed)
    refused(payment, NothingOwed)
    check_money(order.merchant_id)


def test_the_same_reference_again_is_the_same_refund(database):
    order, payment = make_owed()
    first = refunds(payment, amount=Money(100_000, NPR), reference="bank-1")

    for wish in ({}, {"amount": Money(100_000, NPR)}, {"note": "once more"}):
        again = refunds(payment, reference="bank-1", **wish)
        assert (again.refund.id, again.is_new) == (first.refund.id, False)

    assert reread(order).refunded == 100_000
    refused(payment, ReferenceUsed, amount=Money(1, NPR), reference="bank-1")


def test_a_reference_of_one_merchant_says_nothing_about_another_s(database):
    (_, first), (_, second) = make_owed(), make_owed()
    refunds(first, reference="bank-1")

    assert refunds(second, reference="bank-1").is_new


def test_one_reference_for_two_payments_of_a_merchant_is_refused(database):
    merchant = make_merchant()
    payments = [make_owed(merchant=merchant)[1] for _ in range(2)]
    refunds(payments[0], reference="bank-1")

    refused(payments[1], ReferenceUsed, reference="bank-1")


def test_what_a_provider_shall_carry_out_is_pending_and_changes_no_figure_yet(database):
    order, payment = make_late((make_product(on_hand=5), 2))

    given = refunds(payment, PROVIDER)

    assert (given.refund.state, given.refund.provider_id) == (RefundState.PENDING, PROVIDER)
    after = reread(order)
    assert (after.parked, reread_payment(payment).refunded) == (1, 0)
    assert events_of(order)[-1].type == "payment.parked"
    refused(payment, NothingOwed)
    with pytest.raises(RefundPending):
        revive(order.merchant_id, payment.id, SELLER)
    session().rollback()
    check_money(order.merchant_id)


def failing(payment, row, why="card_closed"):
    locked, payment = payment_moves.lock(payment.merchant_id, payment.id, SELLER)
    (fresh,) = [each for each in refund_moves.of_order(payment.merchant_id, payment.order_id) if each.id == row.id]
    refund_moves.failed(locked, payment, fresh, why, SELLER)
    refund_moves.move.write(payment.merchant_id, [locked])
    session().commit()


def test_a_refund_that_failed_is_seen_told_to_the_merchant_and_tried_again_as_the_same_row(database):
    order, payment = make_late((make_product(on_hand=5), 2))
    row = refunds(payment, PROVIDER, reference="back-1").refund
    failing(payment, row)

    failed = reread_refund(row)
    assert (failed.state, failed.answer) == (RefundState.FAILED, "card_closed")
    assert events_of(order)[-1].type == "payment.refund_failed"
    again = refunds(payment, PROVIDER, reference="back-1").refund

    assert (again.id, again.state, again.round) == (row.id, RefundState.PENDING, 1)
    assert len(session().execute(select(Refund).where(Refund.payment_id == payment.id)).all()) == 1


def test_a_refund_that_failed_at_the_provider_can_be_given_by_hand(database):
    order, payment = make_late((make_product(on_hand=5), 2))
    failing(payment, refunds(payment, PROVIDER).refund)

    refunds(payment, note="in cash")

    assert reread_payment(payment).state is PaymentState.REFUNDED
    check_money(order.merchant_id)


@pytest.mark.parametrize("make", [lambda: make_late((make_product(on_hand=5), 2)), make_owed])
def test_money_that_a_bank_sent_back_is_to_be_given_back_again(database, make):
    order, payment = make()
    before = (order.paid, order.refunded, order.parked, order.refund_due, payment.state)
    row = refunds(payment).refund

    failing(payment, row, "the bank sent it back")

    after = reread(order)
    assert (after.paid, after.refunded, after.parked, after.refund_due, reread_payment(payment).state) == before
    check_money(order.merchant_id)


@pytest.mark.parametrize("name", ["amount", "note", "reference", "actor", "made_at", "payment_id"])
def test_what_was_said_of_a_refund_stays(database, name):
    _, payment = make_owed()
    row = refunds(payment, reference="bank-1", note="once").refund
    other = {"amount": "1", "note": "'x'", "reference": "'x'", "actor": "'{}'", "made_at": "'2000-01-01Z'"}
    values = other | {"payment_id": f"'{new_id()}'"}

    with pytest.raises(DBAPIError, match="what was said of money stays"):
        session().execute(
            text(f"UPDATE refunds SET {name} = {values[name]} WHERE merchant_id = :merchant_id AND id = :id"),
            {"merchant_id": row.merchant_id, "id": row.id},
        )
    session().rollback()


def test_the_database_keeps_refunds_and_what_was_said_of_payments(database):
    _, payment = make_owed()
    row = refunds(payment).refund
    named = {"merchant_id": row.merchant_id}

    for statement in (
        "DELETE FROM refunds WHERE merchant_id = :merchant_id",
        "UPDATE payments SET amount = 1 WHERE merchant_id = :merchant_id",
        "UPDATE payments SET refunded = refunded + 1 WHERE merchant_id = :merchant_id",
    ):
        with pytest.raises(DBAPIError):
            session().execute(text(statement), named)
        session().rollback()


@pytest.mark.parametrize("before", list(RefundState))
@pytest.mark.parametrize("after", list(RefundState))
def test_the_database_lets_a_refund_move_as_the_table_says(database, before, after):
    _, payment = make_late((make_product(on_hand=5), 2))
    row = refunds(payment, PROVIDER).refund
    move = text("UPDATE refunds SET state = :state WHERE merchant_id = :merchant_id AND id = :id")
    named = {"merchant_id": row.merchant_id, "id": row.id}
    for state in (RefundState.DONE, before) if before is RefundState.REPLACED else (before,):
        session().execute(move, named | {"state": state})

    if after is before or after in REFUND_MOVES[before]:
        session().execute(move, named | {"state": after})
    else:
        with pytest.raises(DBAPIError, match="a refund does not move that way"):
            session().execute(move, named | {"state": after})
    session().rollback()


def test_a_refund_never_changes_another_merchant_s_payment(database):
    _, payment = make_owed()
    stranger = make_merchant()

    with pytest.raises(NotFound):
        refund.refund(stranger.id, payment.id, RefundAsked(), SELLER)
    session().rollback()
    assert session().execute(select(Payment.refunded).where(Payment.id == payment.id)).scalar_one() == 0
