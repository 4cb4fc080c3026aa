"""Late money revives an order only if stock still covers all of it: new holds, the courier asked, one transaction."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from merchant_api.accounts.models import Terms
from merchant_api.catalog.models import Fulfilment, ProductKind, WhenShort
from merchant_api.core import clock
from merchant_api.core.actor import Role
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.orders.errors import AlreadyRegistered, NotParked, NotTheAmountDue, WrongState
from merchant_api.orders.models import OrderLine, Registration
from merchant_api.orders.money import refund, revive
from merchant_api.orders.money.revivable import CannotRevive
from merchant_api.orders.money.view import one
from merchant_api.orders.states import DeclineReason, PaymentState, State
from merchant_api.orders.steps import cancel, decide
from merchant_api.stock.errors import InsufficientStock
from tests.make.money import check_money, end_unpaid, make_late, pay_for, reread_payment
from tests.make.orders import events_of, holds_of, make_order, place_one, reread, steps_of
from tests.make.people import make_actor, make_merchant, saved
from tests.make.snapshot import check_books, everything
from tests.make.stock import balances, make_cell, make_product

SELLER = make_actor()


def revives(payment):
    recorded = revive.revive(payment.merchant_id, payment.id, SELLER)
    session().commit()
    return recorded


def refused(payment, refusal):
    before = everything(payment.merchant_id)
    with pytest.raises(refusal) as caught:
        revive.revive(payment.merchant_id, payment.id, SELLER)
    session().rollback()
    assert everything(payment.merchant_id) == before
    return caught.value


def test_late_money_confirms_the_order_with_new_holds_and_asks_the_courier(database):
    product = make_product(on_hand=5)
    order, payment = make_late((product, 2))
    assert (balances(product), payment.parked_reason, order.refund_due) == ((5, 0, 0), "order_ended", True)

    recorded = revives(payment)

    after = recorded.shown.order
    assert (after.state, after.paid, after.parked, after.refund_due) == (State.CONFIRMED, order.total, 0, False)
    assert (after.reason, after.ended_at, after.sweep_at) == (None, None, None)
    assert after.cancel_by > after.confirmed_at
    assert after.pickup_asked_at == after.confirmed_at
    assert steps_of(order)[-3:] == [("overdue", "cancelled"), ("revive", "confirmed"), ("ask_pickup", "confirmed")]
    assert holds_of(order) == [(2, "released"), (2, "open")]
    assert balances(product) == (5, 2, 0)
    assert (reread_payment(payment).state, reread_payment(payment).parked_reason) == (PaymentState.COUNTED, None)
    check_books(order.merchant_id)
    check_money(order.merchant_id)


def test_both_sides_are_told_that_it_goes_on(database):
    order, payment = make_late((make_product(on_hand=5), 2))

    revives(payment)

    types = [event.type for event in events_of(order)]
    assert types[-3:] == ["payment.parked", "order.revived", "order.pickup_requested"]
    assert events_of(order)[-2].payload["state"] == "confirmed"


def test_a_request_that_nobody_answered_is_revived_once_stock_covers_what_it_asked_for(database):
    product = make_product(on_hand=1)
    order = end_unpaid(place_one([(product, 3)]))
    payment = pay_for(order)
    assert refused(payment, InsufficientStock).members["lines"] == [
        {
            "product_id": str(product.id),
            "sku": product.sku,
            "name": product.name,
            "line": 0,
            "wanted": 3,
            "available": 1,
        }
    ]

    make_cell(product, 2, location="attic")
    recorded = revives(payment)

    assert recorded.shown.order.state is State.CONFIRMED
    assert sorted(holds_of(order)) == [(1, "open"), (2, "open")]
    check_books(order.merchant_id)


def test_nothing_that_was_merely_promised_counts_as_stock(database):
    product = make_product(on_hand=1)
    order = place_one([(product, 3)], terms=Terms.AFTER_ACCEPTANCE)
    decide.accept(order.merchant_id, order.id, decide.Accept(), SELLER)
    session().commit()
    order = end_unpaid(reread(order))
    payment = pay_for(order)

    refused(payment, InsufficientStock)
    make_cell(product, 2, location="attic")
    revives(payment)

    line = session().execute(select(OrderLine).where(OrderLine.order_id == order.id)).scalar_one()
    assert line.promised == 0
    assert sum(units for units, state in holds_of(order) if state == "open") == 3


@pytest.mark.parametrize("when_short", [WhenShort.ASK, WhenShort.BACKORDER, WhenShort.REFUSE])
def test_whatever_is_done_with_short_orders_a_revival_needs_all_of_it(database, when_short):
    product = make_product(on_hand=2, when_short=when_short)
    order, payment = make_late((product, 2))
    place_one([(product, 1)])

    assert one(order.merchant_id, payment.id).cannot_revive is CannotRevive.INSUFFICIENT_STOCK
    refusal = refused(payment, InsufficientStock)

    assert [(line["wanted"], line["available"]) for line in refusal.members["lines"]] == [(2, 1)]


def test_one_short_line_of_several_is_named_alone_and_nothing_is_held(database):
    merchant = make_merchant()
    plenty, short = make_product(merchant, on_hand=9), make_product(merchant, on_hand=2)
    _, payment = make_late((plenty, 1), (short, 2))
    place_one([(short, 1)])

    refusal = refused(payment, InsufficientStock)

    assert [line["line"] for line in refusal.members["lines"]] == [1]
    assert balances(plenty) == (9, 0, 0)


def test_what_is_not_tracked_needs_no_stock(database):
    product = make_product(is_tracked=False, fulfilment=Fulfilment.NONE)
    order, payment = make_late((product, 7))

    assert revives(payment).shown.order.state is State.CONFIRMED
    assert holds_of(order) == []


def test_late_money_before_the_sweep_is_counted_and_what_is_held_stays(database):
    product = make_product(on_hand=2)
    order = make_order(State.AWAITING_PAYMENT, [(product, 2)])
    with clock.clock.pinned(order.pay_by + timedelta(seconds=30)):
        payment = pay_for(order)
        assert (payment.parked_reason, one(order.merchant_id, payment.id).can_revive) == ("late", True)

        revives(payment)

    after = reread(order)
    assert (after.state, after.paid, after.parked, after.sweep_at) == (State.CONFIRMED, order.total, 0, None)
    assert ("pay", "confirmed") in steps_of(order)
    assert holds_of(order) == [(2, "open")]
    check_books(order.merchant_id)


def test_an_order_that_a_person_ended_is_not_revived(database):
    product = make_product(make_merchant(), on_hand=1)
    declined, withdrawn = (place_one([(product, 2)]) for _ in range(2))
    unpaid = make_order(State.AWAITING_PAYMENT, [(product, 1)])
    decide.decline(declined.merchant_id, declined.id, decide.Decline(DeclineReason.TOO_BUSY), SELLER)
    for order in (withdrawn, unpaid):
        cancel.cancel(order.merchant_id, order.id, cancel.Cancel("no"), SELLER)
    session().commit()

    for order in (declined, withdrawn, unpaid):
        payment = pay_for(order)
        assert one(order.merchant_id, payment.id).cannot_revive is CannotRevive.ENDED_OTHERWISE
        assert refused(payment, WrongState).members["step"] == "revive"


@pytest.mark.parametrize("amount", [Money(299_999, "NPR"), Money(300_000, "INR")])
def test_too_little_or_another_currency_does_not_revive_an_order(database, amount):
    order = end_unpaid(make_order(State.AWAITING_PAYMENT, [(make_product(on_hand=5), 2)]))

    refused(pay_for(order, amount), NotTheAmountDue)


def test_money_that_counts_or_was_given_back_revives_nothing(database):
    order, late = make_late((make_product(on_hand=5), 2))
    refund.refund(order.merchant_id, late.id, refund.RefundAsked(), SELLER)
    session().commit()
    paid = pay_for(make_order(State.AWAITING_PAYMENT, [(make_product(on_hand=5), 2)]))

    refused(late, NotParked)
    refused(paid, NotParked)


def test_of_two_late_payments_one_revives_and_the_other_is_still_to_be_given_back(database):
    order, first = make_late((make_product(on_hand=5), 2))
    second = pay_for(order)

    revives(second)

    refused(first, WrongState)
    assert (reread(order).paid, reread(order).parked) == (order.total, 1)
    refund.refund(order.merchant_id, first.id, refund.RefundAsked(), SELLER)
    session().commit()
    check_money(order.merchant_id)


def test_a_revived_order_has_its_whole_cancel_window_and_gives_back_once(database):
    product = make_product(on_hand=5)
    order, payment = make_late((product, 2))
    with clock.clock.pinned(clock.now() + timedelta(days=3)):
        revives(payment)
        customer = replace(make_actor(Role.CUSTOMER), person_id=order.customer_id)
        cancel.cancel(order.merchant_id, order.id, cancel.Cancel("no longer"), customer)
        session().commit()

    after = reread(order)
    assert (after.state, after.refund_owed.amount) == (State.CANCELLED, order.total)
    assert balances(product) == (5, 0, 0)
    check_books(order.merchant_id)


def make_class(**columns):
    return make_product(
        kind=ProductKind.REGISTRATION, fulfilment=Fulfilment.NONE, when_short=WhenShort.REFUSE, on_hand=5, **columns
    )


def test_a_revived_registration_is_entered_again(database):
    seats = make_class()
    order, payment = make_late((seats, 1))

    revives(payment)

    row = session().execute(select(Registration).where(Registration.order_id == order.id)).scalar_one()
    assert (row.product_id, row.person_id) == (seats.id, order.customer_id)


def test_a_registration_is_not_revived_beside_another_of_the_same_person(database):
    seats = make_class()
    order, payment = make_late((seats, 1))
    other = make_order(State.CONFIRMED, [(seats, 1)])
    columns = {"merchant_id": order.merchant_id, "product_id": seats.id, "person_id": order.customer_id}
    saved(Registration(order_id=other.id, **columns))

    refusal = refused(payment, AlreadyRegistered)

    standing = {"product_id": str(seats.id), "order_id": str(other.id), "order_code": other.code}
    assert refusal.members["lines"] == [standing]
