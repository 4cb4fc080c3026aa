"""Figures of Medusa: quantities are numerics that may hold fractions, money is in major units, exact only in `raw_`."""

from collections.abc import Mapping
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from merchant_api.channels.faults import ShopAway
from merchant_api.core.money import Money, precision


def read_figure(row: Mapping[str, Any], name: str) -> Decimal:
    """A figure as it is kept: `raw_name` where it is told, else `name`, else 0."""
    raw = row.get(f"raw_{name}")
    value = raw.get("value") if isinstance(raw, Mapping) else row.get(name)
    try:
        figure = Decimal(str(value or 0))
    except InvalidOperation:
        raise ShopAway(f"The shop's {name} is no number.", str(value)) from None
    if not figure.is_finite():
        raise ShopAway(f"The shop's {name} is no number.", str(value))
    return figure


def whole_units(figure: Decimal) -> int:
    """Units that can be sold of it: what is left over is not one."""
    return int(figure.to_integral_value(ROUND_FLOOR))


def to_money(major: Decimal, currency: str) -> Money:
    """An amount in minor units of the currency, as ISO 4217 counts them."""
    minor = major.scaleb(precision(currency)).to_integral_value(ROUND_HALF_UP)
    return Money(int(minor), currency)
