"""The life of a session, what a count can be, and how wide a promotion reaches (DESIGN.md 3)."""

from enum import StrEnum


class SessionState(StrEnum):
    """A session is counted into, then sold from, then history; it never goes back."""

    STAGED = "staged"
    LIVE = "live"
    CLOSED = "closed"


class CountKind(StrEnum):
    """A new total, a change of the total by a direction and an amount, or the withdrawal of an earlier row."""

    COUNT = "count"
    INCREASE = "increase"
    DECREASE = "decrease"
    WITHDRAWAL = "withdrawal"


class Scope(StrEnum):
    """Cells that were not counted stay as they are (`partial`) or become 0 (`full`)."""

    PARTIAL = "partial"
    FULL = "full"


class Moved(StrEnum):
    """What shall happen to what moved since the count: by default it is added; it can be left out."""

    IGNORE = "ignore"
