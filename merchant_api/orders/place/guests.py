"""Guests of registrations, pure: a seat for oneself and one for each guest, all on one line (DESIGN.md, features C2).

How many guests are allowed is the product's limit, as for merchandise; whether there are seats is routing's.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from merchant_api.core.errors import Invalid
from merchant_api.orders.errors import GuestsMismatch, NotARegistration, RegistrationSplit
from merchant_api.orders.place.ground import Item
from merchant_api.orders.place.placement import LineWanted


def check_guests(lines: Sequence[LineWanted], items: Sequence[Item]) -> None:
    """Raises NotARegistration, RegistrationSplit or GuestsMismatch, naming each line that is wrong."""
    times = Counter(item.product_id for item in items)
    numbered = list(enumerate(zip(lines, items, strict=True)))
    goods = [n for n, (line, item) in numbered if line.guests and not item.is_registration]
    split = [n for n, (_, item) in numbered if item.is_registration and times[item.product_id] > 1]
    wrong = [n for n, (line, item) in numbered if item.is_registration and line.quantity != 1 + len(line.guests)]
    if goods:
        raise _refusal(NotARegistration, goods, "guests", "Guests come to registrations.")
    if split:
        raise _refusal(RegistrationSplit, split, "product_id", "Stands on another line too.")
    if wrong:
        raise _refusal(GuestsMismatch, wrong, "quantity", "Is not 1 and the number of guests.")


def _refusal(kind: type[Invalid], numbers: Sequence[int], field: str, sentence: str) -> Invalid:
    errors: dict[str, Any] = {str(number): {field: [sentence]} for number in numbers}
    return kind(errors={"lines": errors})
