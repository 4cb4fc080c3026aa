"""Money that went back by a provider: one refund however it is told of, undone if a bank sends it back."""

from datetime import timedelta

from sqlalchemy import select

from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.orders.money import refund
from merchant_api.orders.states import State
from merchant_api.orders.steps import cancel
from merchant_api.providers import match
from merchant_api.providers.models import PaymentEvent
from tests.make.money import check_money, end_unpaid, payments_of, refunds_of
from tests.make.orders import events_of, reread
from tests.make.people import make_actor
from tests.make.providers import (
    back,
    events_told,
    try_again,
)
from tests.services.providers.conftest import PRICE, awaiting, pays, tells

SELLER = make_actor()


def sends_back(provider, reference, amount, type_="refund.created", **members):
    return tells(provider, type_, back(reference, "pi_1", amount, **members))


def test_money_that_went_back_by_the_provider_is_refunded_here(shop, provider):
    order = awaiting(shop)
    pays(provider, "pi_1", PRICE, order_id=str(order.id))

    assert sends_back(provider, "re_1", 100_000) == "applied"
    assert (reread(order).refunded, payments_of(shop.id)[0].state.value) == (100_000, "counted")
    assert sends_back(provider, "re_2", 200_000) == "applied"

    assert (reread(order).refunded, payments_of(shop.id)[0].state.value) == (PRICE, "refunded")
    assert [event.type for event in events_of(order)][-2:] == ["payment.refunded"] * 2
    check_money(shop.id)


def test_a_refund_that_is_told_of_in_many_ways_is_one(shop, provider):
    order = awaiting(shop)
    pays(provider, "pi_1", PRICE, order_id=str(order.id))

    for type_ in ("refund.created", "refund.updated", "charge.refund.updated", "refund.updated"):
        assert sends_back(provider, "re_1", 100_000, type_) == "applied"

    assert (reread(order).refunded, len(refunds_of(shop.id))) == (100_000, 1)


def test_money_back_before_money_in_waits_for_it(shop, provider):
    order = awaiting(shop)
    assert sends_back(provider, "re_1", PRICE) == "waiting"

    pays(provider, "pi_1", PRICE, order_id=str(order.id))
    assert try_again(shop) == 1

    assert (reread(order).state, reread(order).refunded) == (State.CONFIRMED, PRICE)
    check_money(shop.id)


def test_money_back_that_had_given_up_is_applied_once_its_money_is_assigned(shop, provider):
    order, start = awaiting(shop), clock.now()
    pays(provider, "pi_1", PRICE)
    sends_back(provider, "re_1", PRICE)
    with clock.clock.pinned(start + timedelta(days=4)):
        try_again(shop)
        assert {state for state, _ in events_told(shop).values()} == {"unmatched"}
        (event,) = [each for each in session().execute(select(PaymentEvent)).scalars() if "paid_at" in each.facts]

        match.assign(shop.id, event.id, order.id, SELLER)
        session().commit()
        try_again(shop)

    assert {state for state, _ in events_told(shop).values()} == {"applied"}
    assert payments_of(shop.id)[0].state.value == "refunded"


def test_a_refund_that_a_bank_sent_back_is_undone_and_stays_so(shop, provider):
    order = awaiting(shop)
    pays(provider, "pi_1", PRICE, order_id=str(order.id))
    cancel.cancel(shop.id, order.id, cancel.Cancel("no"), SELLER)
    session().commit()
    sends_back(provider, "re_1", PRICE)
    assert reread(order).refund_due is False

    sends_back(provider, "re_1", PRICE, "refund.failed", status="failed", failure_reason="declined")
    sends_back(provider, "re_1", PRICE, "refund.updated")

    (row,) = refunds_of(shop.id)
    assert (row.state.value, row.answer, reread(order).refund_due) == ("failed", "declined", True)
    assert events_of(order)[-1].type == "payment.refund_failed"
    check_money(shop.id)


def test_a_refund_that_failed_before_anybody_heard_of_it_changes_no_figure(shop, provider):
    order = awaiting(shop)
    pays(provider, "pi_1", PRICE, order_id=str(order.id))

    sends_back(provider, "re_1", PRICE, "refund.failed", status="failed")
    sends_back(provider, "re_1", PRICE)

    assert (reread(order).refunded, refunds_of(shop.id)[0].state.value) == (0, "failed")


def test_what_was_given_back_by_hand_without_a_name_is_what_the_provider_tells_of(shop, provider):
    order = end_unpaid(awaiting(shop))
    pays(provider, "pi_1", PRICE, order_id=str(order.id))
    refund.refund(shop.id, payments_of(shop.id)[0].id, refund.RefundAsked(), SELLER)
    session().commit()

    assert sends_back(provider, "re_1", PRICE) == "applied"

    (row,) = refunds_of(shop.id)
    assert (row.provider_reference, row.provider_id, row.actor) == ("re_1", provider.id, SELLER.stamp())
    check_money(shop.id)


def test_more_back_than_was_paid_needs_somebody(shop, provider):
    order = awaiting(shop)
    pays(provider, "pi_1", PRICE, order_id=str(order.id))
    sends_back(provider, "re_1", PRICE)

    assert sends_back(provider, "re_2", 1) == "unmatched"
    assert ("unmatched", "more_than_was_paid") in events_told(shop).values()
    assert reread(order).refunded == PRICE


def test_money_of_a_parked_payment_that_went_back_in_two_parts_needs_no_decision_any_more(shop, provider):
    order = end_unpaid(awaiting(shop))
    pays(provider, "pi_1", PRICE, order_id=str(order.id))

    sends_back(provider, "re_1", 100_000)
    assert (reread(order).parked, payments_of(shop.id)[0].refunded) == (1, 100_000)
    sends_back(provider, "re_2", 200_000)

    assert (reread(order).parked, reread(order).refund_due) == (0, False)
    check_money(shop.id)
