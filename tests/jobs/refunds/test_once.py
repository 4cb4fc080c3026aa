"""Refunds by Stripe go back once, whoever tells of them first, takes days, dies, or comes too late."""

import os
import subprocess
import sys
from datetime import timedelta

from jobs import carry_out_refunds
from jobs.sweep import Tally
from merchant_api.core import clock
from merchant_api.core.actor import job
from merchant_api.core.db import in_transaction, session
from merchant_api.core.tenancy import of
from merchant_api.orders.states import PaymentState, RefundState
from merchant_api.outbox.retry import MOST_ATTEMPTS
from merchant_api.providers import carry_out, edit
from merchant_api.providers.provider import RefundRefused
from tests.fakes import stripe_api
from tests.house.sources import ROOT
from tests.jobs.refunds.conftest import KEY, ONE, PRICE, SELLER, asks, make_late, runs, tells
from tests.make.money import check_money, refunds_of, reread_payment, reread_refund
from tests.make.people import make_merchant
from tests.make.providers import API_KEY, back, make_provider


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
    stripe.wait_for(1, timeout=60)
    worker.kill()
    worker.wait()
    leased = reread_refund(row)
    assert (leased.state, leased.attempts, len(stripe.made)) == (RefundState.PENDING, 1, 1)

    assert runs(1) == Tally()
    assert runs(61) == ONE

    assert (reread_refund(row).state, reread_refund(row).attempts) == (RefundState.DONE, 2)
    assert stripe.made == [("pi_1", PRICE)]
    check_money(late.merchant_id)


WORKER = """
from jobs import carry_out_refunds
from merchant_api.app import create_app
from merchant_api.core.settings import load

with create_app(load(), "jobs").app_context():
    carry_out_refunds.run(lease_s=60)
"""


def test_what_a_worker_says_after_its_lease_ran_out_changes_nothing(late, stripe):
    row = asks(late)
    lease = in_transaction(lambda: carry_out.take(late.merchant_id, clock.now(), 60), of(late.merchant_id))
    assert runs(61) == ONE

    too_late = RefundRefused("too late to say so")
    is_ours = in_transaction(lambda: carry_out.record(lease, too_late, job("tests")), of(lease.merchant_id))

    assert (is_ours, reread_refund(row).state, len(stripe.made)) == (False, RefundState.DONE, 1)


def test_a_refund_that_kills_whoever_carries_it_out_is_given_up(late, stripe):
    row = asks(late)
    for hour in range(MOST_ATTEMPTS):
        with clock.clock.pinned(clock.now() + timedelta(hours=hour)):
            assert (
                in_transaction(lambda: carry_out.take(late.merchant_id, clock.now(), 60), of(late.merchant_id))
                is not None
            )

    assert runs(3600 * MOST_ATTEMPTS) == ONE

    assert (reread_refund(row).state, stripe.calls) == (RefundState.FAILED, [])
