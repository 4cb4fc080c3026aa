"""A refund by Stripe's API beside what Stripe tells meanwhile: a running total, or a dispute of the same payment."""

from merchant_api.orders.states import PaymentState, RefundState
from tests.jobs.refunds.conftest import ONE, PRICE, asks, order_of, runs, tells
from tests.make.money import check_money, reread_payment, reread_refund
from tests.make.providers import charge, dispute


def test_a_total_that_comes_before_the_answer_is_the_same_money(late, stripe, provider, fresh):
    row = asks(late)

    def tell_beforehand():
        with fresh.app_context():
            tells(provider, "charge.refunded", charge("pi_1", PRICE, PRICE))

    stripe.when_called = tell_beforehand

    assert runs() == ONE

    assert (reread_refund(row).state, reread_payment(late).refunded) == (RefundState.DONE, PRICE)
    check_money(late.merchant_id)


def test_what_stripe_refuses_because_it_went_back_already_is_in_the_total(late, stripe, provider):
    row = asks(late)
    tells(provider, "charge.refunded", charge("pi_1", PRICE, PRICE))
    stripe.paid["pi_1"] = 0

    runs()

    assert (reread_refund(row).state, reread_payment(late).refunded) == (RefundState.FAILED, PRICE)
    assert order_of(late).refund_due is False
    check_money(late.merchant_id)


def test_what_a_bank_disputes_stripe_does_not_give_back(late, stripe, provider):
    row = asks(late)
    stripe.disputed.add("pi_1")
    tells(provider, "charge.dispute.created", dispute("du_1", "pi_1", PRICE))

    runs()

    assert reread_refund(row).answer.startswith("Stripe answered 400 charge_disputed")
    assert (reread_payment(late).state, reread_payment(late).refunded) == (PaymentState.DISPUTED, 0)
    check_money(late.merchant_id)
