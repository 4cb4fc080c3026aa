"""What the text of a quantity says, pure: whole units, nothing, or why it is neither.

A comma and a point are a decimal sign here and part thousands there. Where both readings are possible, as in 1.000,
nobody guesses; where the decimals are all zero, as in 12.0 and 12,00, there is nothing to guess.
"""

import re

from merchant_api.core.columns import LARGEST_QUANTITY

# Words that other systems write where there is no figure: Shopify's, and WooCommerce's for stock kept by the parent.
NO_FIGURE = ("", "not stocked", "parent")
_WHOLE = re.compile(r"[0-9]+(?:[.,]0*)?")
_BELOW_ZERO = re.compile(r"-[0-9][0-9.,]*")
_THREE = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")
_PARTED = re.compile(r"[0-9]{1,3}(?:[.,' \u00a0\u202f\u2019][0-9]{3})+(?:[.,][0-9]+)?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?")


def read(text: str) -> tuple[int | None, str | None]:
    """Units, or None where there is no figure; and the complaint about what is neither, beside 0 units."""
    if text.casefold() in NO_FIGURE:
        return None, None
    if _THREE.fullmatch(text):
        return 0, f"{text} may be thousands or have three decimals: write it in digits only"
    if not _WHOLE.fullmatch(text):
        return 0, _why_not(text)
    digits = re.split("[.,]", text)[0].lstrip("0") or "0"
    if len(digits) > len(str(LARGEST_QUANTITY)) or int(digits) > LARGEST_QUANTITY:
        return 0, f"above {LARGEST_QUANTITY:,}"
    return int(digits), None


def _why_not(text: str) -> str:
    if _BELOW_ZERO.fullmatch(text):
        return "below 0: what was sold before it was there can't be counted; write what lies there, or 0"
    if _PARTED.fullmatch(text):
        return "thousands are parted: write it in digits only"
    if text.startswith("="):
        return "a formula and not its value: open the file in a spreadsheet and save it"
    return "a day, not a whole number" if _DAY.fullmatch(text) else "not a whole number"
