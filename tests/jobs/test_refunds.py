"""Refunds by Stripe's API: carried out once, whatever comes back and whoever dies; never called in a transaction."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from jobs import carry_out_refunds
from jobs.sweep import Tally
from merchant_api.core import clock
from merchant_api.core.actor import job
from merchant_api.core.db import in_transaction, session
from merchant_api.core.seal import Seal
from merchant_api.orders import refund
from merchant_api.orders.models import Order
from merchant_api.orders.states import PaymentState, RefundState, State
from merchant_api.outbox.retry import MOST_ATTEMPTS
from merchant_api.payments import carry_out, edit, receive, stripe_refunds
from merchant_api.payments.give_back import give_back
from merchant_api.payments.provider import Refused
from tests.fakes import stripe_api
from tests.fakes.stripe_api import FakeStripe
from tests.house.sources import ROOT
from tests.make.money import check_money, end_unpaid, payments_of, refunds_of, reread_payment, reread_refund
from tests.make.orders import events_of, make_order
from tests.make.people import make_actor, make_merchant
from tests.make.providers import API_KEY, back, incoming, intent, make_provider, stripe_event, uses_stripe_at
from tests.make.stock import make_product

SELLER = make_actor()
PRICE = 300_000
ONE = Tally(done=1)
KEY = "a-key-of-the-tests-that-a-process-can-be-told"


@pytest.fixture
def stripe(fresh):
    with FakeStripe() as fake:
        uses_stripe_at(fresh, fake.url)
        yield fake
    stripe_refunds._http.cache_clear()


@pytest.fixture
def shop(fresh):
    fresh.extensions["orderbell.seal"] = Seal((KEY,))
    return make_merchant()


@pytest.fixture
def provider(shop, stripe):
    return make_provider(shop, api_key=API_KEY)


@pytest.fixture
def late(shop, provider, stripe):
    """Money that came by Stripe for an order that had ended."""
    return make_late(shop, provider, stripe, "pi_1")


def make_late(shop, provider, stripe, reference):
    order = end_unpaid(make_order(State.AWAITING_PAYMENT, [(make_product(shop, on_hand=5), 2)]))
    stripe.paid[reference] = PRICE
    tells(provider, "payment_intent.succeeded", intent(reference, PRICE, order_id=str(order.id)))
    (payment,) = [each for each in payments_of(shop.id) if each.provider_reference == reference]
    return payment


def tells(provider, type_, about):
    receive.receive(provider.merchant_id, provider.id, incoming(stripe_event(type_, about)))
    session().commit()


def asks(payment, **wish):
    given = give_back(payment.merchant_id, payment.id, refund.Wish(**wish), SELLER)
    session().commit()
    return given.refund


def runs(after_s=0):
    with clock.clock.pinned(clock.now() + timedelta(seconds=after_s)):
        return carry_out_refunds.run()


def test_a_refund_is_pending_until_stripe_has_carried_it_out(late, stripe):
    row = asks(late, note="came too late")
    assert (row.state, stripe.calls) == (RefundState.PENDING, [])

    assert runs() == ONE

    after, payment = reread_refund(row), reread_payment(late)
    assert (after.state, after.provider_reference, payment.state) == (RefundState.DONE, "re_1", PaymentState.REFUNDED)
    assert stripe.made == [("pi_1", PRICE)]
    assert stripe.refunds[0]["metadata"] == {"orderbell_refund": str(row.id)}
    assert [each.type for each in events_of(order_of(late))][-1] == "payment.refunded"
    assert runs() == Tally()
    check_money(late.merchant_id)


def order_of(payment):
    return session().get(Order, (payment.merchant_id, payment.order_id))


def test_nothing_is_called_while_a_transaction_is_open(late, stripe, fresh):
    watcher = create_engine(fresh.config["SQLALCHEMY_DATABASE_URI"], isolation_level="AUTOCOMMIT")
    open_ones = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND state <> 'idle' AND backend_type = 'client backend'"
    )
    seen = []
    with watcher.connect() as connection:
        stripe.when_called = lambda: seen.append(connection.execute(open_ones).scalar_one())
        asks(late)
        runs()
    watcher.dispose()

    assert seen == [0]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (stripe_api.CARD_CLOSED, "Stripe answered 402 card_declined: No: card_declined."),
        (stripe_api.Answer(400, "charge_disputed", is_done=False), "Stripe answered 400 charge_disputed"),
        (stripe_api.Answer(401, is_done=False), "Stripe does not accept the API key"),
        (stripe_api.Answer(403, is_done=False), "Stripe answered 403"),
        (stripe_api.FAILED, "the refund failed: declined"),
    ],
)
def test_what_stripe_refuses_fails_in_sight_and_changes_no_figure(late, stripe, answer, said):
    row = asks(late)
    stripe.queue.append(answer)

    runs()

    after = reread_refund(row)
    assert after.state is RefundState.FAILED
    assert after.answer.startswith(said)
    assert (reread_payment(late).state, reread_payment(late).refunded) == (PaymentState.PARKED, 0)
    assert [each.type for each in events_of(order_of(late))][-1] == "payment.refund_failed"


@pytest.mark.parametrize(
    "answer", [stripe_api.BUSY, stripe_api.TOO_FAST, stripe_api.BROKEN, stripe_api.NEVER_ARRIVED, stripe_api.LOST]
)
def test_what_is_not_known_is_tried_again_and_carried_out_once(late, stripe, answer):
    row = asks(late)
    stripe.queue.append(answer)

    runs()
    waiting = reread_refund(row)
    assert (waiting.state, waiting.lease_token, waiting.attempts) == (RefundState.PENDING, None, 1)
    assert waiting.due_at > clock.now() + timedelta(seconds=5)
    assert runs() == Tally()
    runs(60)

    assert reread_refund(row).state is RefundState.DONE
    assert stripe.made == [("pi_1", PRICE)]
    assert len({key for method, _, key in stripe.calls if method == "POST"}) == 1


@pytest.mark.parametrize(
    "words",
    ["{}", "[]", "null", "<html>Sign in</html>", "x" * 300_000, '{"status": 7}', '{"id": 5, "object": "refund"}'],
)
def test_an_answer_that_is_none_of_stripe_s_is_not_believed(late, stripe, words):
    row = asks(late)
    stripe.queue.append(stripe_api.Answer(text=words, is_done=False, status=200))

    assert runs() == ONE
    assert reread_refund(row).state is RefundState.PENDING
    runs(60)

    assert (reread_refund(row).state, stripe.made) == (RefundState.DONE, [("pi_1", PRICE)])


def test_a_refund_that_stripe_made_before_it_broke_is_found_by_our_id(late, stripe):
    row = asks(late)
    stripe.queue.append(stripe_api.Answer(500, kind="api_error"))  # made, and the 500 is what its key says for ever

    runs()
    runs(60)

    assert (reread_refund(row).state, reread_refund(row).provider_reference) == (RefundState.DONE, "re_1")
    assert stripe.made == [("pi_1", PRICE)]


def test_a_stripe_that_says_nothing_is_not_waited_for_for_ever(late, stripe, monkeypatch):
    monkeypatch.setattr(stripe_refunds, "TIMEOUT_S", (1.0, 0.2))
    stripe_refunds._http.cache_clear()
    row = asks(late)
    stripe.queue.append(stripe_api.SILENCE)

    runs()
    assert reread_refund(row).answer == "no answer from Stripe"
    runs(60)

    assert (reread_refund(row).state, stripe.made) == (RefundState.DONE, [("pi_1", PRICE)])


def test_twelve_attempts_without_a_word_are_given_up_in_sight_and_can_be_tried_again(late, stripe):
    row = asks(late)
    stripe.queue.extend([stripe_api.NEVER_ARRIVED] * MOST_ATTEMPTS)

    for hour in range(MOST_ATTEMPTS + 3):
        runs(3600 * hour)

    after = reread_refund(row)
    assert (after.state, after.attempts) == (RefundState.FAILED, MOST_ATTEMPTS)
    assert after.answer == "given up: no answer from Stripe"
    again = asks(late)
    assert (again.id, again.round) == (row.id, 1)
    runs()
    assert (reread_refund(row).state, stripe.made) == (RefundState.DONE, [("pi_1", PRICE)])


def test_trying_again_finds_what_an_earlier_round_had_made_after_all(late, stripe):
    row = asks(late)
    stripe.queue.extend([stripe_api.LOST] + [stripe_api.NEVER_ARRIVED] * MOST_ATTEMPTS)
    hidden = []
    stripe.when_called = lambda: hidden.extend(stripe.refunds) or stripe.refunds.clear()  # Stripe knows of nothing yet
    for hour in range(MOST_ATTEMPTS + 3):
        runs(3600 * hour)
    assert reread_refund(row).state is RefundState.FAILED

    stripe.when_called = lambda: None
    stripe.refunds.extend(hidden)
    asks(late)
    runs()

    assert (reread_refund(row).state, len(stripe.made)) == (RefundState.DONE, 1)


def test_what_stripe_takes_days_for_is_done_when_it_says_so(late, stripe, provider):
    row = asks(late)
    stripe.queue.append(stripe_api.PENDING)

    runs()
    taken = reread_refund(row)
    assert (taken.state, taken.provider_reference, reread_payment(late).refunded) == (RefundState.PENDING, "re_1", 0)
    tells(provider, "refund.updated", back("re_1", "pi_1", PRICE))

    assert (reread_refund(row).state, reread_payment(late).state) == (RefundState.DONE, PaymentState.REFUNDED)
    assert runs(86_400) == Tally()
    check_money(late.merchant_id)


def test_what_stripe_takes_days_for_is_asked_for_where_no_event_tells_of_it(late, stripe):
    row = asks(late)
    stripe.queue.append(stripe_api.PENDING)
    runs()

    stripe.refunds[0]["status"] = "succeeded"
    runs(7 * 3600)

    assert reread_refund(row).state is RefundState.DONE
    assert stripe.calls[-1][:2] == ("GET", "/v1/refunds/re_1")


def test_an_event_that_is_faster_than_the_answer_makes_one_refund(late, stripe, provider):
    row = asks(late)
    metadata = {"orderbell_refund": str(row.id)}
    stripe.queue.append(stripe_api.LOST)
    runs()

    tells(provider, "refund.created", back("re_1", "pi_1", PRICE, metadata=metadata))
    runs(60)

    assert [(each.state, each.provider_reference) for each in refunds_of(late.merchant_id)] == [
        (RefundState.DONE, "re_1")
    ]
    assert len(stripe.made) == 1


def test_money_that_was_given_back_at_stripe_meanwhile_is_not_given_back_twice(late, stripe, provider):
    row = asks(late)
    stripe.refunds.append(
        {"id": "re_9", "payment_intent": "pi_1", "amount": PRICE, "metadata": {}, "status": "succeeded"}
    )

    runs()
    tells(provider, "refund.created", back("re_9", "pi_1", PRICE))

    assert reread_refund(row).answer.startswith("Stripe answered 400 charge_already_refunded")
    assert (reread_payment(late).state, len(stripe.made)) == (PaymentState.REFUNDED, 1)
    check_money(late.merchant_id)


def test_a_provider_that_has_ended_gives_nothing_back_by_itself(late, stripe, provider):
    row = asks(late)
    edit.end(provider.merchant_id, provider.id, SELLER)
    session().commit()

    runs()

    assert (reread_refund(row).state, stripe.calls) == (RefundState.FAILED, [])
    assert asks(late).state is RefundState.DONE  # by hand, from now on


def test_what_went_back_by_hand_already_is_not_asked_for(late, stripe):
    assert asks(late, by_hand=True).state is RefundState.DONE
    assert runs() == Tally()
    assert stripe.calls == []


def test_one_merchant_s_refund_that_takes_long_is_one_and_each_gets_a_turn(shop, provider, stripe):
    first = [asks(make_late(shop, provider, stripe, f"pi_{number}")) for number in range(3)]
    other_shop = make_merchant()
    other = make_provider(other_shop, api_key=API_KEY)
    asks(make_late(other_shop, other, stripe, "pi_other"))

    assert carry_out_refunds.run() == Tally(done=4)

    assert {reread_refund(row).state for row in first} == {RefundState.DONE}
    assert {payment for payment, _ in stripe.made[:2]} > {"pi_other"}


def test_a_worker_that_died_between_the_call_and_the_record_leaves_one_refund(late, stripe, fresh, tmp_path):
    row = asks(late)
    stripe.queue.append(stripe_api.SILENCE)
    session().close()
    environment = os.environ | {
        "DATABASE_URL": fresh.config["SQLALCHEMY_DATABASE_URI"],
        "ORDERBELL_SECRET_KEYS": KEY,
        "ORDERBELL_DATA": str(tmp_path),
        "ORDERBELL_STRIPE_API": stripe.url,
    }
    worker = subprocess.Popen([sys.executable, "-c", WORKER], cwd=ROOT, env=environment)
    stripe.wait_for(1, within_s=60)
    worker.kill()
    worker.wait()
    leased = reread_refund(row)
    assert (leased.state, leased.attempts, len(stripe.made)) == (RefundState.PENDING, 1, 1)

    assert runs(1) == Tally()
    assert runs(3) == ONE

    assert (reread_refund(row).state, reread_refund(row).attempts) == (RefundState.DONE, 2)
    assert stripe.made == [("pi_1", PRICE)]
    check_money(late.merchant_id)


WORKER = """
from jobs import carry_out_refunds
from merchant_api.app import create_app
from merchant_api.core.settings import load

with create_app(load(), "jobs").app_context():
    carry_out_refunds.run(lease_s=2)
"""


def test_what_a_worker_says_after_its_lease_ran_out_changes_nothing(late, stripe):
    row = asks(late)
    lease = in_transaction(lambda: carry_out.take(late.merchant_id, clock.now(), 60))
    assert runs(61) == ONE

    is_ours = in_transaction(lambda: carry_out.record(lease, Refused("too late to say so"), job("tests")))

    assert (is_ours, reread_refund(row).state, len(stripe.made)) == (False, RefundState.DONE, 1)


def test_a_refund_that_kills_whoever_carries_it_out_is_given_up(late, stripe):
    row = asks(late)
    for hour in range(MOST_ATTEMPTS):
        with clock.clock.pinned(clock.now() + timedelta(hours=hour)):
            assert in_transaction(lambda: carry_out.take(late.merchant_id, clock.now(), 60)) is not None

    assert runs(3600 * MOST_ATTEMPTS) == ONE

    assert (reread_refund(row).state, stripe.calls) == (RefundState.FAILED, [])
