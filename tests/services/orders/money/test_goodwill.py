"""A seller gives back any part of what was paid, with a note; the order goes on and does not ask for it again."""

from uuid import UUID

import pytest

from merchant_api.accounts.models import Terms
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.core.paging import window
from merchant_api.orders.errors import MoreThanOwed, NoteRequired, NothingOwed
from merchant_api.orders.money import payment_moves, refund, refund_moves
from merchant_api.orders.money.refund import RefundAsked
from merchant_api.orders.money.view import Chosen, one, page
from merchant_api.orders.states import RefundState, State
from merchant_api.orders.steps import cancel, pickup, returns
from merchant_api.orders.steps.returns import Back, Condition
from tests.make.money import check_money, pay_for, reread_refund
from tests.make.orders import events_of, place_one, reread
from tests.make.people import make_actor
from tests.make.snapshot import everything
from tests.make.stock import make_product

SELLER = make_actor()
WHY = "a scratch"
PROVIDER = UUID(int=7)


def npr(amount):
    return Money(amount, "NPR")


def paid_order(*parts, terms=Terms.AFTER_ACCEPTANCE):
    """An order of two things that costs 1000, and its payments."""
    order = place_one([(make_product(on_hand=9, price=500), 2)], terms=terms)
    payments = [pay_for(order, npr(part)) for part in parts or (1000,)]
    return reread(order), payments


def gives(payment, amount, note=WHY, **more):
    given = refund.refund(payment.merchant_id, payment.id, RefundAsked(npr(amount), note, **more), SELLER)
    session().commit()
    return given.refund


def refused(payment, refusal, *wish):
    before = everything(payment.merchant_id)
    with pytest.raises(refusal) as caught:
        refund.refund(payment.merchant_id, payment.id, RefundAsked(*wish), SELLER)
    session().rollback()
    assert everything(payment.merchant_id) == before
    return caught.value


def fails(payment, row):
    locked, fresh = payment_moves.lock(payment.merchant_id, payment.id, SELLER)
    found = {each.id: each for each in refund_moves.of_order(payment.merchant_id, payment.order_id)}
    refund_moves.failed(locked, fresh, found[row.id], "no such account", SELLER)
    refund_moves.move.write(payment.merchant_id, [locked])
    session().commit()


def figures(order):
    row = reread(order)
    return (row.state, row.in_hand, row.left_to_pay, row.refund_owed.amount, row.refund_due)


@pytest.mark.parametrize("amount", [1, 200, 1000])
def test_any_part_of_what_was_paid_goes_back_and_the_order_goes_on(database, amount):
    order, (payment,) = paid_order()
    assert one(order.merchant_id, payment.id).refundable == npr(1000)

    row = gives(payment, amount)

    assert (row.state, row.note) == (RefundState.DONE, WHY)
    assert figures(order) == (State.CONFIRMED, 1000 - amount, 0, 0, False)
    shown = one(order.merchant_id, payment.id)
    assert (shown.refundable, shown.due_back) == (npr(1000 - amount), npr(0))
    assert events_of(order)[-1].type == "payment.refunded"
    check_money(order.merchant_id)


def test_goodwill_needs_a_note_and_an_amount(database):
    _, (payment,) = paid_order()

    assert refused(payment, NoteRequired, npr(200)).status == 422
    refused(payment, NothingOwed, None, WHY)


def test_no_more_goes_back_than_was_paid(database):
    order, (first, second) = paid_order(400, 600)
    gives(first, 300)

    assert refused(first, MoreThanOwed, npr(101), WHY).members["owed"] == {"amount": 100, "currency": "NPR"}
    gives(first, 100)
    refused(first, NothingOwed, npr(1), WHY)
    gives(second, 600)

    assert figures(order) == (State.CONFIRMED, 0, 0, 0, False)
    check_money(order.merchant_id)


def test_what_is_owed_and_a_gift_go_back_in_one(database):
    order, (payment,) = paid_order(1050)

    refused(payment, NoteRequired, npr(51))
    gives(payment, 51)

    assert figures(order) == (State.CONFIRMED, 999, 0, 0, False)


@pytest.mark.parametrize("state", [State.PICKED_UP, State.DELIVERED])
def test_goodwill_goes_back_on_the_way_and_after_delivery(database, state):
    order, (payment,) = paid_order(terms=Terms.ON_DELIVERY)
    for step in (pickup.pick_up, pickup.deliver)[: 1 + (state is State.DELIVERED)]:
        step(order.merchant_id, order.id, pickup.HandOver(), SELLER)
    session().commit()

    gives(payment, 200)

    assert figures(order) == (state, 800, 0, 0, False)


def test_what_went_back_out_of_goodwill_is_not_owed_a_second_time(database):
    order, (payment,) = paid_order()
    gives(payment, 200)

    cancel.cancel(order.merchant_id, order.id, cancel.Cancel("no"), SELLER)
    session().commit()

    assert figures(order) == (State.CANCELLED, 800, 0, 800, True)
    assert one(order.merchant_id, payment.id).due_back == npr(800)


def test_a_return_owes_what_goes_beyond_the_goodwill_before_it(database):
    order, (payment,) = paid_order(terms=Terms.ON_DELIVERY)
    gives(payment, 200)
    for step in (pickup.pick_up, pickup.deliver):
        step(order.merchant_id, order.id, pickup.HandOver(), SELLER)

    returns.give_back(order.merchant_id, order.id, [Back(0, 1, Condition.DAMAGED)], SELLER)
    session().commit()

    assert figures(order) == (State.DELIVERED, 800, 0, 300, True)
    gives(payment, 500)
    assert figures(order) == (State.DELIVERED, 300, 0, 0, False)


def test_a_part_given_back_of_an_order_that_awaits_the_rest_is_asked_for_again(database):
    order, (payment,) = paid_order(400)

    gives(payment, 400, "paid by another card")

    assert figures(order) == (State.AWAITING_PAYMENT, 0, 1000, 0, False)
    pay_for(order, npr(1000))
    assert figures(order) == (State.CONFIRMED, 1000, 0, 0, False)


def test_goodwill_that_a_bank_sent_back_leaves_the_order_as_it_was(database):
    order, (payment,) = paid_order()
    row = gives(payment, 200)

    fails(payment, row)

    assert reread_refund(row).state is RefundState.FAILED
    assert figures(order) == (State.CONFIRMED, 1000, 0, 0, False)
    check_money(order.merchant_id)


def test_goodwill_by_a_provider_that_failed_is_tried_again_by_its_reference_alone(database):
    order, (payment,) = paid_order()
    wish = RefundAsked(npr(200), WHY, "back-1")
    row = refund.refund(order.merchant_id, payment.id, wish, SELLER, PROVIDER).refund
    session().commit()
    assert one(order.merchant_id, payment.id).refundable == npr(800)
    fails(payment, row)

    again = refund.refund(order.merchant_id, payment.id, RefundAsked(reference="back-1"), SELLER, PROVIDER).refund
    session().commit()

    assert (again.id, again.state, again.amount, again.round) == (row.id, RefundState.PENDING, 200, 1)


def test_goodwill_that_failed_is_listed_until_as_much_went_back(database):
    order, (payment,) = paid_order()
    chosen = Chosen(has_failed_refund=True)
    row = refund.refund(order.merchant_id, payment.id, RefundAsked(npr(200), WHY), SELLER, PROVIDER).refund
    fails(payment, row)
    gives(payment, 100)
    assert len(page(order.merchant_id, chosen, window(9, None)).items) == 1

    gives(payment, 200)

    assert page(order.merchant_id, chosen, window(9, None)).items == []
