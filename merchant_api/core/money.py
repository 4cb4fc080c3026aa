"""Money: integers in minor units with an ISO 4217 code; never a float."""

from dataclasses import dataclass

from babel.numbers import get_currency_precision, list_currencies

LARGEST = 10**15
_CURRENCIES = frozenset(list_currencies())


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` in minor units of `currency` (paisa of NPR, yen of JPY)."""

    amount: int
    currency: str


def is_currency(code: str) -> bool:
    """Whether the code is one of ISO 4217 as the CLDR lists them."""
    return code in _CURRENCIES


def precision(currency: str) -> int:
    """Digits after the point: 2 for NPR, 0 for JPY, 3 for KWD."""
    return int(get_currency_precision(currency))
