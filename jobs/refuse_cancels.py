"""Wishes to cancel that nobody answered in time come to their end: the order stays as it is."""

from jobs.sweep import Duty, Tally, sweep
from merchant_api.orders import unheard

NAME = "refuse_cancels"
DUTY = Duty(NAME, unheard.merchants_due, unheard.due, unheard.run)


def run(*, limit: int = 100) -> Tally:
    """One sweep, at most `limit` rows of each merchant."""
    return sweep(DUTY, limit=limit)
