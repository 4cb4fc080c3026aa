"""Money: integers in minor units with an ISO 4217 code; never a float.

Which currencies there are, and their digits, is today's list of ISO 4217, which the package `iso4217` carries as it is
published. The CLDR's digits say how people round in shops (RSD: none), so it is asked only for codes that the list has
no more: who had such a currency goes on as before (docs/money.md).
"""

from dataclasses import dataclass
from functools import cache

from babel.numbers import get_currency_precision, list_currencies
from iso4217 import Currency, raw_xml

LARGEST = 10**15
UNITS_OF_ACCOUNT = frozenset({"UYW", "XAD"})  # nobody pays with them either, though the list marks them as no funds


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` in minor units of `currency` (paisa of NPR, yen of JPY)."""

    amount: int
    currency: str


@dataclass(frozen=True, slots=True)
class Payable:
    """A currency of today that people pay with: its code, its digits after the point and its English name."""

    code: str
    digits: int
    name: str


@cache
def payable() -> dict[str, Payable]:
    """Every currency that people can pay with today, by its code: no funds, metals, units of account or test codes."""
    nothing_to_pay_with = UNITS_OF_ACCOUNT | _funds()
    return {
        each.code: Payable(each.code, each.exponent, each.currency_name)
        for each in sorted(Currency, key=lambda each: each.code)
        if each.exponent is not None and each.code not in nothing_to_pay_with
    }


def is_payable(code: str) -> bool:
    """Whether people can pay with it today: what a merchant may choose."""
    return code in payable()


def is_currency(code: str) -> bool:
    """Whether it is a currency, or was one: merchants who have one that is withdrawn go on with it."""
    return code in payable() or code in _ever()


@cache
def precision(currency: str) -> int:
    """Digits after the point: 2 for NPR and RSD, 0 for JPY, 3 for KWD and IQD."""
    if currency in payable():
        return payable()[currency].digits
    return int(get_currency_precision(currency))


def _funds() -> set[str | None]:
    """What the list marks as a fund, as CLF and CHE; the package reads the mark, and does not hand it on."""
    entries = raw_xml.iterfind("CcyTbl/CcyNtry")
    return {entry.findtext("Ccy") for entry in entries if entry.find("CcyNm[@IsFund]") is not None}


@cache
def _ever() -> frozenset[str]:
    return frozenset(list_currencies())
