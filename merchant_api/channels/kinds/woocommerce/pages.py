"""Rows in the order of their ids, a page at a time, from where a page ended.

A row that is deleted meanwhile moves all that follow one place up, so that the next page would begin one row too late.
A page therefore begins with the last row of the one before; where it does not, it is looked for further up.
"""

from collections.abc import Callable
from dataclasses import dataclass

from merchant_api.channels.kinds.woocommerce.rest import Row

Fetch = Callable[[int, int], list[Row]]  # rows from an offset on, and at most so many


@dataclass(frozen=True, slots=True)
class Walked:
    """New rows, the offset behind them, the last id that was seen, and whether there is nothing more."""

    rows: list[Row]
    offset: int
    last_id: int
    is_end: bool


def walk(fetch: Fetch, offset: int, last_id: int, size: int) -> Walked:
    """The next rows after `last_id`, which was `offset` rows from the beginning."""
    at = max(offset - 1, 0)
    while True:
        rows = fetch(at, size)
        if at > 0 and (not rows or rows[0]["id"] > last_id):
            at = max(at - size, 0)
            continue
        new = [row for row in rows if row["id"] > last_id]
        at += len(rows)
        # Rows that the account may not read are left out of a page: only an empty answer, or none but the row
        # that was known, says for sure that there is nothing more.
        if new or not rows or len(rows) < size:
            is_end = not new
            return Walked(new, at, new[-1]["id"] if new else last_id, is_end)
        at -= 1
