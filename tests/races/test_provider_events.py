"""Events of providers that arrive at the same moment, or while somebody decides: each has its effect once."""

from collections import Counter
from datetime import timedelta
from itertools import permutations

import pytest

from merchant_api.core import clock
from merchant_api.core.actor import job
from merchant_api.core.db import session
from merchant_api.orders.due import expire_payments
from merchant_api.orders.states import PaymentState, State
from merchant_api.providers import edit, match, receive
from merchant_api.providers.edit import New
from merchant_api.providers.states import ProviderKind
from tests.make.money import check_money, end_unpaid, payments_of, refunds_of, reread_payment
from tests.make.orders import make_order, reread
from tests.make.people import make_actor, make_merchant
from tests.make.providers import (
    STRIPE_SECRET,
    back,
    checkout,
    events_told,
    incoming,
    intent,
    make_provider,
    stripe_event,
    try_again,
)
from tests.make.stock import make_product
from tests.races.rivals import at_once, in_own, said
from tests.races.test_answers import cancels, sweeps
from tests.races.test_money import refunds, revives

PRICE = 300_000


@pytest.fixture
def shop(crowd):
    return make_merchant(unpaid_orders_cap=0)


@pytest.fixture
def provider(shop):
    return make_provider(shop)


def awaiting(shop):
    return make_order(State.AWAITING_PAYMENT, [(make_product(shop, on_hand=5), 2)])


def tells(provider, type_, about):
    """A call that brings the event; each time it is brought it is the same event."""
    event = stripe_event(type_, about)
    return in_own(lambda: receive.receive(provider.merchant_id, provider.id, incoming(event)))


def pays(provider, order, reference="pi_1"):
    return tells(provider, "payment_intent.succeeded", intent(reference, PRICE, order_id=str(order.id)))


def test_the_same_event_eight_times_at_once_is_one_payment(crowd, shop, provider):
    for number in range(4):
        order = awaiting(shop)

        results = at_once(crowd, [pays(provider, order, f"pi_{number}")] * 8)

        assert Counter(result.state for result in results) == {"applied": 8}
        assert (reread(order).paid, reread(order).parked) == (PRICE, 0)
    assert len(payments_of(shop.id)) == len(events_told(shop)) == 4


def test_a_checkout_and_its_payment_at_once_are_one_payment(crowd, shop, provider):
    for number in range(6):
        order, reference = awaiting(shop), f"pi_{number}"
        session_event = checkout(reference, PRICE, order_id=str(order.id))
        works = [pays(provider, order, reference), tells(provider, "checkout.session.completed", session_event)]

        results = at_once(crowd, works * 2)

        assert {result.state for result in results} == {"applied"}
        assert (reread(order).paid, reread(order).parked) == (PRICE, 0)
    check_money(shop.id)


@pytest.mark.parametrize("order_of_arrival", list(permutations(["in", "back", "failed"])))
def test_money_in_back_and_sent_back_at_once_end_in_one_state(crowd, shop, provider, order_of_arrival):
    order = awaiting(shop)
    works = {
        "in": pays(provider, order),
        "back": tells(provider, "refund.created", back("re_1", "pi_1", PRICE)),
        "failed": tells(provider, "refund.failed", back("re_1", "pi_1", PRICE, "failed")),
    }

    at_once(crowd, [works[name] for name in order_of_arrival] * 2)
    # What was stored at the very moment in which the payment came is not woken by it: its own time comes soon.
    with clock.clock.pinned(clock.now() + timedelta(hours=1)):
        try_again(shop)

    (payment,), (row,) = payments_of(shop.id), refunds_of(shop.id)
    assert (payment.state, row.state.value, reread(order).refunded) == (PaymentState.COUNTED, "failed", 0)
    assert {state for state, _ in events_told(shop).values()} == {"applied"}
    check_money(shop.id)


def test_money_that_arrives_while_its_order_is_swept_is_counted_or_parked(crowd, shop, provider):
    ends = Counter()
    for number in range(8):
        order = awaiting(shop)
        with clock.clock.pinned(order.sweep_at):
            works = [pays(provider, order, f"pi_{number}"), sweeps(expire_payments, order)]
            at_once(crowd, works if number % 2 else works[::-1])
        after = reread(order)
        ends[after.state] += 1
        assert (after.paid > 0, after.parked) in ((True, 0), (False, 1))
    assert sum(ends.values()) == 8
    check_money(shop.id)


def test_reviving_giving_back_and_the_provider_s_own_refund_at_once_move_the_money_once(crowd, shop, provider):
    for number in range(6):
        order = end_unpaid(awaiting(shop))
        pays(provider, order, f"pi_{number}")()
        (payment,) = [each for each in payments_of(shop.id) if each.reference == f"pi_{number}"]
        sent_back = tells(provider, "refund.created", back(f"re_{number}", f"pi_{number}", PRICE))

        at_once(crowd, [revives(payment), refunds(payment), sent_back])

        rows = [row for row in refunds_of(shop.id) if row.payment_id == payment.id]
        assert sum(row.amount for row in rows if row.state.value == "done") == reread_payment(payment).refunded == PRICE
        assert len(rows) == 1
    check_money(shop.id)


def test_jobs_that_try_events_again_beside_new_arrivals_apply_each_once(crowd, shop, provider):
    orders = [awaiting(shop) for _ in range(6)]
    for number in range(6):
        tells(provider, "refund.created", back(f"re_{number}", f"pi_{number}", PRICE))()

    def tries_again():
        for event_id in match.DUE.ids(shop.id, clock.now(), 10):
            match.run(shop.id, [event_id], job("tests"))
            session().commit()

    arrivals = [pays(provider, order, f"pi_{number}") for number, order in enumerate(orders)]
    at_once(crowd, [*arrivals, *[tries_again] * 3])
    try_again(shop)

    assert {reread(order).refunded for order in orders} == {PRICE}
    assert len(refunds_of(shop.id)) == 6
    check_money(shop.id)


def test_cancelling_while_money_arrives_owes_it_back_either_way(crowd, shop, provider):
    for number in range(6):
        order = awaiting(shop)

        results = at_once(crowd, [cancels(order), pays(provider, order, f"pi_{number}")])

        assert said(results) == {"ok": 2}
        assert (reread(order).state, reread(order).refund_due) == (State.CANCELLED, True)
    check_money(shop.id)


def test_two_who_set_up_the_last_provider_at_once_do_not_both_succeed(crowd, shop, monkeypatch):
    monkeypatch.setattr(edit, "MOST", 3)
    new = New(ProviderKind.STRIPE, "Stripe", STRIPE_SECRET)

    results = at_once(crowd, [in_own(lambda: edit.add(shop.id, new, make_actor()))] * 6)

    assert said(results) == {"ok": 3, "too_many_providers": 3}
