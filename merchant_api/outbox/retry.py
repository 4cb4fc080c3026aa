"""When a delivery or an event that could not be handled is tried again: a pure decision, chance passed in.

Waits double from 2 s up to 15 minutes, each drawn between half and the whole, so that what failed together does not
come back together. A wait that the receiver stated is kept. Nothing is tried once its moment has passed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from merchant_api.outbox.models import DeliveryState

MOST_ATTEMPTS = 12
FIRST_WAIT_S = 2.0
LONGEST_WAIT_S = 900.0


@dataclass(frozen=True, slots=True)
class Next:
    """What becomes of a delivery after an attempt: pending until `due_at`, or ended."""

    state: DeliveryState
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt that failed: the how-manieth, when, and the least wait that the receiver stated (seconds)."""

    attempts: int
    at: datetime
    expires_at: datetime
    stated_s: float | None = None


def after(tried: Tried, chance: float) -> Next:
    """`chance` lies between 0 and 1. Ends as failed after twelve attempts, as expired when the next would be late."""
    due_at = tried.at + timedelta(seconds=max(wait_s(tried.attempts, chance), tried.stated_s or 0.0))
    if tried.attempts >= MOST_ATTEMPTS:
        return Next(DeliveryState.FAILED, tried.at)
    if due_at >= tried.expires_at:
        return Next(DeliveryState.EXPIRED, tried.at)
    return Next(DeliveryState.PENDING, due_at)


def wait_s(attempts: int, chance: float) -> float:
    """Seconds to wait after so many attempts."""
    longest = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** min(attempts - 1, 20))
    return longest * (0.5 + chance / 2)
