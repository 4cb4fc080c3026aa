"""Disputes where payments are several, are parked, or are on their way back: every list and sum says the same."""

import pytest

from merchant_api.core.db import session
from merchant_api.core.paging import Window
from merchant_api.orders.money import refund, view
from merchant_api.orders.money.refund import RefundAsked
from merchant_api.orders.money.view import Chosen
from merchant_api.orders.steps import cancel
from notifications import wording
from tests.make.money import check_money, end_unpaid, payments_of
from tests.make.orders import events_of, reread
from tests.make.people import make_actor
from tests.services.providers.banks import disputes_it
from tests.services.providers.conftest import PRICE, awaiting, pays
from tests.services.providers.totals import FIRST, paid_order, says_total, sends_back

SELLER = make_actor()


def due(shop):
    session().rollback()
    page = view.page(shop.id, Chosen(is_due_back=True), Window())
    return {each.row.reference: each.due_back.amount for each in page.items}


def cancels(shop, order):
    cancel.cancel(shop.id, order.id, cancel.Cancel("no"), SELLER)
    session().commit()


def asks_back(shop, provider, payment, amount=None):
    wish = RefundAsked(amount=amount, note="sorry")
    refund.refund(shop.id, payment.id, wish, SELLER, by_provider=provider.id)
    session().commit()


def part(shop, order, provider, reference, amount):
    pays(provider, reference, amount, order_id=str(order.id))
    return next(each for each in payments_of(shop.id) if each.reference == reference)


def test_a_refund_on_its_way_when_its_payment_is_disputed_hides_no_other_money(shop, provider):
    order = awaiting(shop)
    first = part(shop, order, provider, "pi_1", PRICE)
    part(shop, order, provider, "pi_2", FIRST)
    asks_back(shop, provider, first, first.money)

    disputes_it(provider)
    cancels(shop, order)

    assert (reread(order).refund_owed.amount, due(shop)) == (FIRST, {"pi_2": FIRST})
    check_money(shop.id)


@pytest.mark.parametrize("is_late", [False, True], ids=["counted", "parked"])
def test_what_was_on_its_way_is_owed_no_more_when_the_bank_takes_it(shop, provider, is_late):
    order = end_unpaid(awaiting(shop)) if is_late else awaiting(shop)
    payment = part(shop, order, provider, "pi_1", PRICE)
    if not is_late:
        cancels(shop, order)
    asks_back(shop, provider, payment)

    disputes_it(provider)
    assert (reread(order).refund_owed.amount, due(shop)) == (0, {})
    check_money(shop.id)
    disputes_it(provider, "won", "closed", seconds=5)

    assert (reread(order).refund_owed.amount, due(shop)) == (PRICE, {})
    check_money(shop.id)


def test_of_parked_money_that_a_bank_took_in_part_the_rest_goes_back(shop, provider):
    order = end_unpaid(awaiting(shop))
    payment = part(shop, order, provider, "pi_1", PRICE)
    disputes_it(provider, "lost", "closed", amount=FIRST)

    assert (reread(order).refund_owed.amount, due(shop)) == (PRICE - FIRST, {"pi_1": PRICE - FIRST})
    assert [each.row.id for each in view.page(shop.id, Chosen(is_parked=True), Window()).items] == [payment.id]
    check_money(shop.id)
    refund.refund(shop.id, payment.id, RefundAsked(by_hand=True), SELLER)
    session().commit()

    assert (reread(order).refund_due, reread(order).parked, due(shop)) == (False, 0, {})
    check_money(shop.id)


def test_a_disputed_surplus_is_nobody_s_to_give_back(shop, provider):
    order = awaiting(shop)
    part(shop, order, provider, "pi_2", PRICE)
    part(shop, order, provider, "pi_1", FIRST)
    assert due(shop) == {"pi_1": FIRST}

    disputes_it(provider, amount=FIRST)

    assert (reread(order).refund_due, due(shop)) == (False, {})
    check_money(shop.id)


@pytest.mark.parametrize("locale", ["en", "ne"])
def test_a_dispute_that_is_won_of_an_order_that_ended_says_what_goes_back(shop, provider, locale):
    order = paid_order(shop, provider)
    disputes_it(provider)
    cancels(shop, order)

    disputes_it(provider, "won", "closed", seconds=5)

    (won,) = [event for event in events_of(order) if event.type == "payment.dispute_won"]
    said = wording.word(won.type, "merchant", won.payload, locale=locale, time_zone="UTC").body
    assert said.count("3,000.00") == 2


def test_what_a_bank_asks_about_may_be_given_back_only_while_it_is_here(shop, provider):
    order = paid_order(shop, provider)
    disputes_it(provider, "warning_needs_response")
    says_total(provider, PRICE, seconds=1)
    disputes_it(provider, "warning_needs_response", reference="du_2", seconds=2)

    asked = [event.payload for event in events_of(order) if event.type == "payment.questioned"]
    said = [wording.word("payment.questioned", "merchant", each, locale="en", time_zone="UTC").body for each in asked]
    assert ["give" in each for each in said] == [True, False]


def test_a_refund_that_failed_is_offered_again_only_while_its_money_is_here(shop, provider):
    order = paid_order(shop, provider)
    sends_back(provider, "re_1", FIRST, "refund.failed", status="failed")
    disputes_it(provider)
    sends_back(provider, "re_2", PRICE, "refund.failed", status="failed", seconds=1)

    failed = [event.payload for event in events_of(order) if event.type == "payment.refund_failed"]
    said = [wording.word("payment.refund_failed", "merchant", each, locale="en", time_zone="UTC") for each in failed]
    assert ["Try again" in each.body for each in said] == [True, False]


def test_a_newer_total_of_parked_money_that_is_less_is_owed_again(shop, provider):
    order = end_unpaid(awaiting(shop))
    part(shop, order, provider, "pi_1", PRICE)
    says_total(provider, FIRST)

    says_total(provider, 1, seconds=5)

    assert (reread(order).refund_owed.amount, due(shop)) == (PRICE - 1, {"pi_1": PRICE - 1})
    check_money(shop.id)
