"""Numbers of JSON: whole is what has no fraction, however it is spelt, so that 1, 1.0 and 1e0 are one number.

That is what `integer` means to JSON Schema (2020-12, 6.1.1), and so to whoever reads our description. It is decided on
the text: a fraction too small for a float to keep is still a fraction.
"""

import math
import re
from decimal import Decimal

from merchant_api.core.errors import Malformed

LONGEST_WHOLE, LONGEST = 40, 400
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")


class BadNumber(Malformed):
    """The JSON holds a number that is not finite or far too long."""

    code = "bad_number"


def whole(text: str) -> int:
    """A number that is written without a fraction or an exponent; raises BadNumber."""
    if len(text) > LONGEST_WHOLE:
        raise BadNumber
    return int(text)


def fraction_or_whole(text: str) -> int | float:
    """A number that is written with a fraction or an exponent, as an int where it is whole; raises BadNumber."""
    value = float(text)
    if len(text) > LONGEST or not math.isfinite(value):
        raise BadNumber
    if abs(value) >= 10**LONGEST_WHOLE or not value.is_integer():
        return value
    if value == 0:  # a zero may have any exponent, and so may what is too small for a float
        return value if re.search("[1-9]", re.split("[eE]", text)[0]) else 0
    exact = Decimal(text)
    return int(exact) if exact == int(exact) else value


def number(text: str) -> int | float:
    """The number that a text spells as JSON does; raises ValueError for any other text, BadNumber."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return fraction_or_whole(text) if set(text) & set(".eE") else whole(text)
