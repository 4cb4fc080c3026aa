"""Amounts at Stripe and here: exact, or known not to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merchant_api.core.money import Money
from merchant_api.providers.stripe_amounts import from_stripe, to_stripe

CURRENCIES = ["NPR", "INR", "USD", "EUR", "JPY", "KRW", "VND", "UGX", "ISK", "HUF", "TWD"]
CURRENCIES += ["RSD", "LBP", "XAF", "CLP"]  # in none of them Stripe refuses an amount that we can have


@pytest.mark.parametrize(
    ("amount", "currency", "ours"),
    [
        (300_000, "npr", 300_000),  # two decimals at both
        (1099, "usd", 1099),
        (500, "jpy", 500),  # no decimals at both
        (25_000, "vnd", 25_000),
        (5120, "kwd", 5120),  # three at both
        (500, "ugx", 5),  # Stripe counts hundredths of what has none
        (500, "isk", 5),
        (1045, "huf", 1045),  # no decimals in payouts only
        (1045, "twd", 1045),
        (9950, "rsd", 9950),  # ISO 4217, which we follow, has para; the CLDR has none
        (300, "lbp", 300),
        (5, "mga", 500),  # none at Stripe, two in ISO 4217
    ],
)
def test_an_amount_that_is_exact_here(amount, currency, ours):
    figure = from_stripe(amount, currency)

    assert (figure.money, figure.is_exact) == (Money(ours, currency.upper()), True)
    assert to_stripe(figure.money) == figure.provider_amount == amount


@pytest.mark.parametrize(("amount", "currency", "down"), [(1050, "isk", 10), (501, "isk", 5), (99, "ugx", 0)])
def test_an_amount_that_is_no_whole_number_here_says_so_and_is_rounded_down(amount, currency, down):
    figure = from_stripe(amount, currency)

    assert (figure.money.amount, figure.is_exact, figure.provider_amount) == (down, False, amount)


@pytest.mark.parametrize(("amount", "currency"), [(5125, "KWD"), (1, "BHD"), (550, "MGA"), (1, "MGA")])
def test_what_stripe_takes_in_larger_steps_than_ours_is_refused_before_it_is_sent(amount, currency):
    with pytest.raises(ValueError, match="no amount that Stripe takes"):
        to_stripe(Money(amount, currency))


def test_a_currency_that_nobody_here_knows_has_two_decimals():
    assert from_stripe(1234, "zzz").money == Money(1234, "ZZZ")


@given(st.integers(0, 10**12), st.sampled_from(CURRENCIES))
def test_what_is_ours_goes_there_and_comes_back_unchanged(amount, currency):
    figure = from_stripe(to_stripe(Money(amount, currency)), currency.lower())

    assert (figure.money, figure.is_exact) == (Money(amount, currency), True)


@given(st.integers(0, 10**12), st.sampled_from(CURRENCIES))
def test_what_is_exact_here_is_what_it_was_there(amount, currency):
    figure = from_stripe(amount, currency)

    assert not figure.is_exact or to_stripe(figure.money) == amount
