"""Refunds by Stripe's API: carried out once, whatever comes back and whoever dies; never called in a transaction."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from jobs.sweep import Tally
from merchant_api.core import clock
from merchant_api.orders.states import PaymentState, RefundState
from merchant_api.outbox.retry import MOST_ATTEMPTS
from merchant_api.providers import stripe_refunds
from tests.fakes import stripe_api
from tests.jobs.refunds.conftest import ONE, PRICE, asks, order_of, runs
from tests.make.money import check_money, reread_payment, reread_refund
from tests.make.orders import events_of


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
