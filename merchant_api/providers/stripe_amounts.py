"""Amounts at Stripe and here, pure: Stripe has a smallest unit of its own for some currencies.

https://docs.stripe.com/currencies: 15 currencies have no decimals, 5 have three, all others two. That is not ISO 4217,
which we follow: ISK and UGX have none there (an amount is 100 for one króna), MGA has two. HUF and TWD have none in
payouts only. Of the five with three, Stripe takes only multiples of ten.
"""

from merchant_api.core.money import Money, precision
from merchant_api.providers.events import Figure

ZERO_DECIMAL = frozenset(
    "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split()  # noqa: SIM905 - as the page lists them
)
THREE_DECIMAL = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
STEP_OF_THREE = 10


def digits(currency: str) -> int:
    """Digits after the point in Stripe's amounts."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def from_stripe(amount: int, currency: str) -> Figure:
    """An amount of Stripe in our minor units, rounded down where it is no whole number of them."""
    code = currency.upper()
    units, rest = divmod(amount * _power(precision(code)), _power(digits(code)))
    return Figure(Money(units, code), amount, is_exact=rest == 0)


def to_stripe(money: Money) -> int:
    """Our money in Stripe's smallest unit; ValueError where Stripe takes no such amount."""
    units, rest = divmod(money.amount * _power(digits(money.currency)), _power(precision(money.currency)))
    if rest or (money.currency in THREE_DECIMAL and units % STEP_OF_THREE):
        raise ValueError(f"{money.amount} of {money.currency} is no amount that Stripe takes")
    return units


def _power(exponent: int) -> int:
    return int(10**exponent)
