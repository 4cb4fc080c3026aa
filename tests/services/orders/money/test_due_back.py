"""All money that has to be given back is one list, whatever the way it got there, and adds up to what orders say."""

from datetime import timedelta
from uuid import UUID

import pytest

from merchant_api.accounts.models import Terms
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.core.paging import window
from merchant_api.orders.money import payment_moves, refund, refund_moves, view
from merchant_api.orders.money.refund import RefundAsked
from merchant_api.orders.money.revivable import CannotRevive
from merchant_api.orders.money.view import Chosen
from merchant_api.orders.states import DeclineReason, State
from merchant_api.orders.steps import cancel, decide, pickup, returns
from merchant_api.orders.steps.reduce import Part
from merchant_api.orders.steps.returns import Back, Condition
from tests.make.money import check_money, end_unpaid, pay_for
from tests.make.orders import place_one, reread
from tests.make.people import make_actor, make_merchant
from tests.make.stock import make_product

SELLER, PROVIDER = make_actor(), UUID(int=7)
TOTAL = 1000


def npr(amount):
    return Money(amount, "NPR")


def place(merchant, terms=Terms.AFTER_ACCEPTANCE, on_hand=9):
    return place_one([(make_product(merchant, on_hand=on_hand, price=500), 2)], terms=terms)


def paid(merchant, *parts, terms=Terms.AFTER_ACCEPTANCE):
    order = place(merchant, terms)
    for part in parts or (TOTAL,):
        pay_for(order, npr(part))
    return reread(order)


def cancelled(order, *parts):
    cancel.cancel(order.merchant_id, order.id, cancel.Cancel("no", None, parts), SELLER)


def on_its_way(order):
    pickup.pick_up(order.merchant_id, order.id, SELLER)


def undelivered(merchant):
    order = paid(merchant)
    on_its_way(order)
    pickup.fail(order.merchant_id, order.id, "nobody there", SELLER)


def returned(merchant):
    order = paid(merchant)
    on_its_way(order)
    pickup.deliver(order.merchant_id, order.id, SELLER)
    returns.give_back(order.merchant_id, order.id, [Back(0, 1, Condition.RESELLABLE)], SELLER)


def declined(merchant):
    order = place(merchant, on_hand=0)
    pay_for(order, npr(300))
    decide.decline(order.merchant_id, order.id, decide.Decline(DeclineReason.TOO_BUSY), SELLER)


def expired(merchant):
    order = place(merchant, on_hand=0)
    pay_for(order, npr(300))
    end_unpaid(reread(order))


def sent_back_by_the_bank(merchant):
    order = paid(merchant)
    cancelled(order)
    payment = view.page(merchant.id, Chosen(), window(9, None)).items[0]
    refund.refund(merchant.id, payment.row.id, RefundAsked(), SELLER)
    locked, fresh = payment_moves.lock(merchant.id, payment.row.id, SELLER)
    (row,) = refund_moves.of_order(merchant.id, order.id)
    refund_moves.failed(locked, fresh, row, "no such account", SELLER)
    refund_moves.move.write(merchant.id, [locked])


WAYS = {
    "surplus": (lambda merchant: paid(merchant, 1050), 50),
    "paid twice": (lambda merchant: paid(merchant, TOTAL, TOTAL), TOTAL),
    "cancelled": (lambda merchant: cancelled(paid(merchant)), TOTAL),
    "a part is cancelled": (lambda merchant: cancelled(paid(merchant), Part(0, 1)), 500),
    "nobody paid the rest": (lambda merchant: end_unpaid(paid(merchant, 400)), 400),
    "late": (lambda merchant: pay_for(end_unpaid(place(merchant))), TOTAL),
    "declined": (declined, 300),
    "expired": (expired, 300),
    "undelivered": (undelivered, TOTAL),
    "returned": (returned, 500),
    "sent back by the bank": (sent_back_by_the_bank, TOTAL),
    "another currency": (lambda merchant: pay_for(place(merchant), Money(7, "INR")), 7),
}


def listed(merchant, is_due_back=True):
    session().rollback()
    return view.page(merchant.id, Chosen(is_due_back=is_due_back), window(50, None)).items


@pytest.mark.parametrize("way", WAYS)
def test_what_has_to_go_back_is_listed_whatever_the_way_it_got_there(database, way):
    merchant = make_merchant()
    paid(merchant)  # of this one nothing has to go back
    make, amount = WAYS[way]
    make(merchant)
    session().commit()

    found = listed(merchant)

    assert sum(each.due_back.amount for each in found) == amount
    assert all(0 < each.due_back.amount <= each.refundable.amount for each in found)
    assert not {each.row.id for each in found} & {each.row.id for each in listed(merchant, is_due_back=False)}
    check_money(merchant.id)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_on_the_list_is_given_back_without_an_amount_and_leaves_it(database, way):
    merchant = make_merchant()
    WAYS[way][0](merchant)
    session().commit()

    for each in listed(merchant):
        refund.refund(merchant.id, each.row.id, RefundAsked(), SELLER)
        session().commit()

    assert listed(merchant) == []
    check_money(merchant.id)


def test_what_is_too_much_stands_at_the_newest_payments_and_adds_up(database):
    merchant = make_merchant()
    order = paid(merchant, 900, 300, 400)
    assert reread(order).refund_owed == npr(600)

    found = listed(merchant)

    assert [(each.row.amount, each.due_back.amount) for each in found] == [(400, 400), (300, 200)]


def test_another_payment_of_the_order_may_be_used_and_the_list_follows(database):
    merchant = make_merchant()
    paid(merchant, TOTAL, 100)
    first = view.page(merchant.id, Chosen(), window(9, None)).items[-1]

    refund.refund(merchant.id, first.row.id, RefundAsked(), SELLER)
    session().commit()

    assert listed(merchant) == []
    check_money(merchant.id)


def test_what_is_on_its_way_back_is_not_on_the_list_but_still_owed(database):
    merchant = make_merchant()
    order = paid(merchant, TOTAL, 300)
    (surplus,) = listed(merchant)

    refund.refund(merchant.id, surplus.row.id, RefundAsked(npr(200)), SELLER, PROVIDER)
    session().commit()

    assert [(each.due_back.amount, each.refundable.amount) for each in listed(merchant)] == [(100, 100)]
    assert reread(order).refund_owed == npr(300)
    check_money(merchant.id)


def test_parked_money_that_the_order_may_still_take_is_not_due_back_until_it_can_not(database):
    merchant = make_merchant()
    order = place(merchant)
    with clock.clock.pinned(order.pay_by + timedelta(seconds=1)):
        pay_for(order, npr(TOTAL))
        assert (listed(merchant), reread(order).refund_due) == ([], False)
        pay_for(order, npr(TOTAL), paid_at=order.pay_by)

    assert [each.due_back for each in listed(merchant)] == [npr(TOTAL)]
    assert listed(merchant)[0].cannot_revive is CannotRevive.ENDED_OTHERWISE
    assert (reread(order).state, reread(order).refund_owed) == (State.CONFIRMED, npr(TOTAL))
    check_money(merchant.id)


def test_money_in_another_currency_is_said_by_its_payment_and_in_no_sum(database):
    merchant = make_merchant()
    order = place(merchant)
    pay_for(order, Money(7, "INR"))

    (shown,) = listed(merchant)

    assert (shown.due_back, reread(order).refund_owed, reread(order).refund_due) == (Money(7, "INR"), npr(0), False)


def test_another_merchant_s_money_is_on_no_list_of_ours(database):
    mine, theirs = make_merchant(), make_merchant()
    paid(theirs, 1050)

    assert (listed(mine), len(listed(theirs))) == ([], 1)


def test_the_list_goes_on_page_by_page(database):
    merchant = make_merchant()
    for surplus in range(1, 6):
        paid(merchant, TOTAL + surplus)

    amounts, cursor = [], None
    for size in (2, 2, 1):
        page = view.page(merchant.id, Chosen(is_due_back=True), window(2, cursor))
        amounts += [each.due_back.amount for each in page.items]
        cursor = page.next
        assert len(page.items) == size

    assert (amounts, cursor) == ([5, 4, 3, 2, 1], None)
