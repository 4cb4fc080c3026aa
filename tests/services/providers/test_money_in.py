"""Money that a provider tells of becomes one payment, whatever else is known; nothing is lost and nothing swallowed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from merchant_api.accounts.models import Terms
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.core.money import Money
from merchant_api.orders.states import State
from merchant_api.providers import match, receive
from merchant_api.providers.errors import DoesNotFit, NotWaiting, TooManyWaiting
from merchant_api.providers.models import PaymentEvent
from merchant_api.providers.states import ProviderKind
from tests.make.money import check_money, end_unpaid, pay_for, payments_of, reread_payment
from tests.make.orders import place_one, reread
from tests.make.people import make_actor, make_merchant
from tests.make.providers import (
    checkout,
    events_told,
    incoming,
    intent,
    make_provider,
    paid,
    stripe_event,
    try_again,
)
from tests.make.snapshot import check_books
from tests.make.stock import make_product
from tests.services.providers.conftest import PRICE, awaiting, pays, tells

SELLER = make_actor()


def test_money_that_names_an_order_confirms_it_at_once(shop, provider):
    order = awaiting(shop)

    assert pays(provider, "pi_1", PRICE, order_id=str(order.id)) == "applied"

    (payment,) = payments_of(shop.id)
    assert (reread(order).state, reread(order).paid) == (State.CONFIRMED, PRICE)
    assert (payment.reference, payment.provider_reference, payment.provider_id) == ("pi_1", "pi_1", provider.id)
    assert payment.recorded_by == {"kind": "integration", "id": str(provider.id), "name": "stripe"}
    check_books(shop.id)
    check_money(shop.id)


def test_a_checkout_and_its_payment_are_the_same_money_whichever_comes_first(shop, provider):
    for number in range(2):
        order = awaiting(shop)
        named = {"order_id": str(order.id)}
        stories = [
            ("checkout.session.completed", checkout(f"pi_{number}", PRICE, **named)),
            ("payment_intent.succeeded", intent(f"pi_{number}", PRICE)),
        ]
        for type_, about in stories if number else stories[::-1]:
            tells(provider, type_, about)
        try_again(shop)

        assert (reread(order).paid, reread(order).parked) == (PRICE, 0)
    assert {state for state, _ in events_told(shop).values()} == {"applied"}
    assert len(payments_of(shop.id)) == 2


def test_the_same_event_again_changes_nothing(shop, provider):
    order = awaiting(shop)
    event = stripe_event("payment_intent.succeeded", intent("pi_1", PRICE, order_id=str(order.id)))

    states = [receive.receive(shop.id, provider.id, incoming(event)).state for _ in range(3)]
    session().commit()

    assert states == ["applied"] * 3
    assert (len(payments_of(shop.id)), len(events_told(shop))) == (1, 1)


def test_what_means_nothing_to_us_is_not_kept(shop, provider):
    assert tells(provider, "customer.created", {"id": "cus_1"}) == "ignored"
    assert events_told(shop) == {}


def test_parts_count_surplus_is_due_back_and_late_money_is_parked_as_any_other(shop, provider):
    late, twice, wrong = (awaiting(shop) for _ in range(3))
    late = end_unpaid(late)
    pays(provider, "pi_1", PRICE, order_id=str(twice.id))

    for reference, order, amount in (("pi_2", late, PRICE), ("pi_3", twice, PRICE), ("pi_4", wrong, PRICE - 1)):
        assert pays(provider, reference, amount, order_id=str(order.id)) == "applied"

    reasons = {payment.reference: payment.parked_reason for payment in payments_of(shop.id)}
    assert reasons == {"pi_1": None, "pi_2": "order_ended", "pi_3": None, "pi_4": None}
    assert [reread(order).refund_owed.amount for order in (late, twice, wrong)] == [PRICE, PRICE, 0]
    assert (reread(wrong).state, reread(wrong).left_to_pay) == (State.AWAITING_PAYMENT, 1)
    check_money(shop.id)


def test_an_amount_that_is_no_whole_number_here_is_parked_with_the_provider_s_own_figure(database):
    shop = make_merchant(currency="ISK")
    provider, order = make_provider(shop), awaiting(shop)

    pays(provider, "pi_1", PRICE * 100 + 50, "isk", order_id=str(order.id))
    pays(provider, "pi_2", 50, "isk", order_id=str(order.id))

    (payment,) = payments_of(shop.id)
    assert (payment.parked_reason, payment.amount, payment.provider_amount) == ("amount_not_exact", PRICE, 30_000_050)
    assert sorted(events_told(shop).values()) == [("applied", None), ("unmatched", "amount_not_exact")]


def test_money_before_its_order_waits_and_is_applied_when_the_order_is_there(shop, provider):
    product = make_product(shop, on_hand=5)
    assert pays(provider, "pi_1", PRICE, payment_reference="INV-7") == "waiting"
    order = place_one([(product, 2)], SELLER, terms=Terms.PREPAID, reference="INV-7")

    with clock.clock.pinned(clock.now() + timedelta(seconds=10)):
        assert try_again(shop) == 1

    (payment,) = payments_of(shop.id)
    assert (payment.reference, payment.provider_reference, payment.order_id) == ("INV-7", "pi_1", order.id)
    assert (reread(order).paid, reread(order).parked) == (PRICE, 0)


def test_a_prepaid_order_may_be_placed_by_the_provider_s_own_reference(shop, provider):
    order = place_one([(make_product(shop, on_hand=5), 2)], SELLER, terms=Terms.PREPAID, reference="pi_1")

    assert pays(provider, "pi_1", PRICE) == "applied"
    assert (reread(order).paid, len(payments_of(shop.id))) == (PRICE, 1)


def test_other_money_than_was_said_beforehand_is_surplus_or_parked_and_what_was_said_stays(shop, provider):
    order = place_one([(make_product(shop, on_hand=5), 2)], SELLER, terms=Terms.PREPAID, reference="INV-7")

    assert pays(provider, "pi_1", PRICE - 1, payment_reference="INV-7") == "applied"
    assert pays(provider, "pi_2", PRICE, "inr", payment_reference="INV-7") == "applied"

    reasons = {payment.reference: payment.parked_reason for payment in payments_of(shop.id)}
    assert reasons == {"INV-7": None, "pi_1": None, "pi_2": "wrong_currency"}
    assert (reread(order).refund_owed.amount, reread(order).parked) == (PRICE - 1, 1)


def test_other_money_under_the_provider_s_own_reference_is_not_swallowed(shop, provider):
    place_one([(make_product(shop, on_hand=5), 2)], SELLER, terms=Terms.PREPAID, reference="pi_1")

    assert pays(provider, "pi_1", PRICE - 1) == "unmatched"
    assert list(events_told(shop).values()) == [("unmatched", "other_amount")]


def test_a_second_payment_under_the_reference_of_a_prepaid_order_is_due_back(shop, provider):
    order = place_one([(make_product(shop, on_hand=5), 2)], SELLER, terms=Terms.PREPAID, reference="INV-7")

    assert pays(provider, "pi_1", PRICE, payment_reference="INV-7") == "applied"
    assert pays(provider, "pi_2", PRICE, payment_reference="INV-7") == "applied"

    assert (reread(order).paid, reread(order).refund_owed.amount) == (2 * PRICE, PRICE)
    assert [payment.parked_reason for payment in payments_of(shop.id)] == [None, None]


def test_money_for_an_order_under_a_reference_of_another_is_unmatched(shop, provider):
    first, second = awaiting(shop), awaiting(shop)
    pay_for(first, reference="pi_1")

    assert pays(provider, "pi_1", PRICE, order_id=str(second.id)) == "unmatched"
    assert [reason for _, reason in events_told(shop).values()] == ["other_order"]
    assert reread(second).paid == 0


def test_money_that_finds_nothing_is_listed_after_three_days(shop, provider):
    start = clock.now()
    pays(provider, "pi_1", PRICE, order_id=str(new_id()))
    pays(provider, "pi_2", PRICE)

    tries = 0
    for hour in range(74):
        with clock.clock.pinned(start + timedelta(hours=hour)):
            tries += try_again(shop)

    assert sorted(events_told(shop).values()) == [("unmatched", "names_no_order"), ("unmatched", "no_such_order")]
    assert tries == 2 * 73
    with clock.clock.pinned(start + timedelta(days=9)):
        assert match.DUE.ids(shop.id, clock.now(), 9) == []


def test_an_order_of_another_merchant_is_no_order(shop, provider):
    elsewhere = awaiting(make_merchant())

    assert pays(provider, "pi_1", PRICE, order_id=str(elsewhere.id)) == "waiting"
    assert reread(elsewhere).paid == 0


def event_of(shop):
    session().rollback()
    return session().execute(select(PaymentEvent).where(PaymentEvent.merchant_id == shop.id)).scalars().one()


def test_somebody_says_which_order_money_is_for(shop, provider):
    order = awaiting(shop)
    pays(provider, "pi_1", PRICE)

    event = match.assign(shop.id, event_of(shop).id, order.id, SELLER)
    session().commit()

    (payment,) = payments_of(shop.id)
    assert (event.state.value, event.payment_id) == ("applied", payment.id)
    assert (reread(order).state, payment.recorded_by) == (State.CONFIRMED, SELLER.stamp())
    with pytest.raises(NotWaiting):
        match.assign(shop.id, event.id, order.id, SELLER)


def test_money_is_not_assigned_to_an_order_that_is_not_there(shop, provider):
    pays(provider, "pi_1", PRICE)

    with pytest.raises(DoesNotFit) as caught:
        match.assign(shop.id, event_of(shop).id, new_id(), SELLER)
    session().rollback()

    assert caught.value.members["reason"] == "no_such_order"
    assert event_of(shop).order_id is None


def test_a_provider_whose_events_all_wait_is_asked_to_come_again(shop, provider, monkeypatch):
    monkeypatch.setattr(receive, "MOST_WAITING", 2)
    pays(provider, "pi_1", 1)
    pays(provider, "pi_2", 1)

    with pytest.raises(TooManyWaiting):
        pays(provider, "pi_3", 1)
    session().rollback()

    order = awaiting(shop)
    assert pays(provider, "pi_4", PRICE, order_id=str(order.id)) == "applied"
    assert len(events_told(shop)) == 3


def test_a_provider_that_signs_after_standard_webhooks_tells_the_same(shop):
    provider, order = make_provider(shop, ProviderKind.WEBHOOK), awaiting(shop)
    bodies = [
        paid("p-1", PRICE, order_id=str(order.id)),
        {
            "type": "payment.refunded",
            "data": {
                "reference": "p-1",
                "refund_reference": "r-1",
                "amount": {"amount": PRICE, "currency": "NPR"},
            },
        },
        {"type": "something.new", "data": {"whatever": 1}},
    ]

    states = [
        receive.receive(shop.id, provider.id, incoming(body, ProviderKind.WEBHOOK, f"msg_{number}")).state
        for number, body in enumerate(bodies)
    ]
    session().commit()

    assert states == ["applied", "applied", "ignored"]
    assert (reread(order).paid, reread(order).refunded) == (PRICE, PRICE)
    assert reread_payment(payments_of(shop.id)[0]).money == Money(PRICE, "NPR")
