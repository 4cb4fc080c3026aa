"""What an order of a product meets now, and why; pure. Shown wherever stock is shown, so that 0 never puzzles."""

from dataclasses import dataclass
from enum import StrEnum

from merchant_api.catalog.models import Status, WhenShort


class Mode(StrEnum):
    """How the next order of one unit would go."""

    INSTANT = "instant"
    ON_REQUEST = "on_request"
    BACKORDER = "backorder"
    UNTRACKED = "untracked"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the mode depends on; `free` and `owed` in units."""

    status: Status
    is_tracked: bool
    when_short: WhenShort
    free: int
    owed: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A mode and the sentence that explains it."""

    mode: Mode
    reason: str


_CLOSED = {Status.DRAFT: "Draft: takes no orders", Status.ARCHIVED: "Archived: takes no orders"}
_SHORT = {
    WhenShort.ASK: (Mode.ON_REQUEST, "None in stock: the merchant is asked"),
    WhenShort.BACKORDER: (Mode.BACKORDER, "None in stock: ordered now, delivered when it comes in"),
    WhenShort.REFUSE: (Mode.CLOSED, "Sold out"),
}


def mode_of(facts: Facts) -> Shown:
    """The mode of a product, by its status first, then by what is available."""
    if facts.status in _CLOSED:
        return Shown(Mode.CLOSED, _CLOSED[facts.status])
    if not facts.is_tracked:
        return Shown(Mode.UNTRACKED, "Stock is not counted: every order is taken")
    if facts.free > 0:
        return Shown(Mode.INSTANT, f"{facts.free} available")
    mode, reason = _SHORT[facts.when_short]
    return Shown(mode, f"{reason}; {facts.owed} owed" if facts.owed else reason)
