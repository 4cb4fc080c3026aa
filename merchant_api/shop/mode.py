"""What an order of a product meets now, and why; pure. Shown wherever stock is shown, so that 0 never puzzles."""

from dataclasses import dataclass
from enum import StrEnum

from merchant_api.catalog.models import Status, WhenShort
from merchant_api.core.sentences.sentence import Sentence, say


class Mode(StrEnum):
    """How the next order of one unit would go."""

    INSTANT = "instant"
    ON_REQUEST = "on_request"
    BACKORDER = "backorder"
    UNTRACKED = "untracked"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class ModeFacts:
    """What the mode depends on; `free` and `owed` in units."""

    status: Status
    is_tracked: bool
    when_short: WhenShort
    free: int
    owed: int


@dataclass(frozen=True, slots=True)
class ShownMode:
    """A mode and the sentence that explains it."""

    mode: Mode
    reason: Sentence


_CLOSED = {Status.DRAFT: say("mode.draft"), Status.ARCHIVED: say("mode.archived")}
_OWING = "mode.owing"
_SHORT = {
    WhenShort.ASK: (Mode.ON_REQUEST, say("mode.ask")),
    WhenShort.BACKORDER: (Mode.BACKORDER, say("mode.backorder")),
    WhenShort.REFUSE: (Mode.CLOSED, say("mode.sold_out")),
}


def mode_of(facts: ModeFacts) -> ShownMode:
    """The mode of a product, by its status first, then by what is available."""
    if facts.status in _CLOSED:
        return ShownMode(Mode.CLOSED, _CLOSED[facts.status])
    if not facts.is_tracked:
        return ShownMode(Mode.UNTRACKED, say("mode.untracked"))
    if facts.free > 0:
        return ShownMode(Mode.INSTANT, say("mode.instant", free=facts.free))
    mode, reason = _SHORT[facts.when_short]
    return ShownMode(mode, say(_OWING, said=reason, owed=facts.owed) if facts.owed else reason)


def without_debts(reason: Sentence) -> Sentence:
    """The reason of a mode without how many units are owed to others."""
    said = reason.figures.get("said")
    return said if reason.code == _OWING and isinstance(said, Sentence) else reason
