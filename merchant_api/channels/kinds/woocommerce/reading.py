"""Values as WooCommerce writes them: numbers that may be strings, stamps without a zone, text with entities.

Totals are strings with as many decimals as the shop's setting says when they are read: what counts is the number.
"""

import html
import math
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from merchant_api.core.money import LARGEST, Money, precision

STAMP = "%Y-%m-%dT%H:%M:%S"


def number(value: Any) -> Decimal | None:
    """A number, or a string of one; None for all else, true and false too."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        read = Decimal(value)
    except InvalidOperation:
        return None
    return read if read.is_finite() and abs(read) < LARGEST else None


def whole(value: Any) -> int | None:
    """A number, rounded down: of two and a half units two can be sold."""
    read = number(value)
    return None if read is None else math.floor(read)


def at_least(value: Any) -> int:
    """A number of units, rounded up: who was sold one and a half gets no less; 0 where there is none."""
    read = number(value)
    return 0 if read is None else math.ceil(read)


def is_broken(value: Any) -> bool:
    """Whether it is a number with a fraction."""
    read = number(value)
    return read is not None and read != read.to_integral_value()


def money(value: Any, currency: str) -> Money | None:
    """An amount in minor units of its currency, half rounded up; None where it is no number."""
    read = number(value)
    if read is None:
        return None
    amount = int(read.scaleb(precision(currency)).quantize(Decimal(1), ROUND_HALF_UP))
    return Money(amount, currency) if abs(amount) < LARGEST else None


def unit_price(total: Any, quantity: Any, currency: str) -> Money | None:
    """What one unit of a line cost, by its total: its `price` is a float with the noise of one."""
    whole_total, units = number(total), number(quantity)
    return money(whole_total / units, currency) if whole_total is not None and units else None


def stamp(value: Any) -> datetime | None:
    """A `..._gmt` stamp, which names no zone and is UTC."""
    try:
        read = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def written(instant: datetime) -> str:
    """An instant as the shop writes it; whoever asks by it adds the Z, without which it is the shop's local time."""
    return instant.astimezone(UTC).strftime(STAMP)


def plain(value: Any) -> str:
    """Text as people read it: names are kept with entities (`&amp;`)."""
    return html.unescape(value).strip() if isinstance(value, str) else ""


def is_id(value: Any) -> bool:
    """Whether it is an id: a positive integer."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
