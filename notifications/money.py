"""Money in words: minor units with the digits of ISO 4217, as they are stored; the CLDR's are for rounding in shops.

This leaf does not know the domain's `core/money.py`; a test compares the two for every currency.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from babel.numbers import format_currency, get_currency_precision, list_currencies
from iso4217 import Currency

CENTS = "0.00"  # as the languages' patterns have them


@cache
def digits_of(currency: str) -> int | None:
    """Digits after the point; of what ISO 4217 lists no more, those of the CLDR; None for what is no currency."""
    if currency in _listed():
        return _listed()[currency]
    return int(get_currency_precision(currency)) if currency in list_currencies() else None


def worded(money: object, pattern: str, language: str) -> str | None:
    """A sum as people read it; nothing for one without amount or with a currency that there is not."""
    if not isinstance(money, Mapping):
        return None
    amount, currency = money.get("amount"), money.get("currency")
    if not isinstance(amount, int) or not isinstance(currency, str):
        return None
    digits = digits_of(currency)
    if digits is None:
        return None
    exact = pattern.replace(CENTS, f"0.{'0' * digits}" if digits else "0")
    value = Decimal(amount).scaleb(-digits)
    shown: str = format_currency(value, currency, exact, language, currency_digits=False)
    return shown.replace("\xa0", " ")


@cache
def _listed() -> dict[str, int]:
    return {each.code: each.exponent for each in Currency if each.exponent is not None}
