"""The life of a hold, and the reasons that a ledger row can have (DESIGN.md 3)."""

from enum import StrEnum


class HoldState(StrEnum):
    """A hold is open until it is settled (sold) or released; what was settled may be restored once."""

    OPEN = "open"
    SETTLED = "settled"
    RELEASED = "released"
    RESTORED = "restored"


HOLD_MOVES: dict[HoldState, frozenset[HoldState]] = {
    HoldState.OPEN: frozenset({HoldState.SETTLED, HoldState.RELEASED}),
    HoldState.SETTLED: frozenset({HoldState.RESTORED}),
    HoldState.RELEASED: frozenset(),
    HoldState.RESTORED: frozenset(),
}


class Reason(StrEnum):
    """Why a figure changed."""

    OPENING = "opening"
    COUNT = "count"
    CORRECTION = "correction"
    DAMAGED = "damaged"
    LOST = "lost"
    RECEIVED = "received"
    RETURNED = "returned"
    SOLD = "sold"
    HELD = "held"
    RELEASED = "released"
    CANCELLED = "cancelled"
    TRANSFER = "transfer"
    REGRADE = "regrade"
    PROMOTION = "promotion"
    CHANNEL_IMPORT = "channel_import"
    OTHER = "other"


BY_HAND = frozenset(
    {
        Reason.OPENING,
        Reason.COUNT,
        Reason.CORRECTION,
        Reason.DAMAGED,
        Reason.LOST,
        Reason.RECEIVED,
        Reason.RETURNED,
        Reason.OTHER,
    }
)
