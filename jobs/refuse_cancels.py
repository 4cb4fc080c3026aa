"""Wishes to cancel that nobody answered in time come to their end: the order stays as it is."""

from jobs.sweep import Duty, Tally, sweep
from merchant_api.orders.due import refuse_cancels

NAME = "refuse_cancels"
DUTY = Duty(NAME, refuse_cancels.merchants_due, refuse_cancels.due, refuse_cancels.run)


def run(*, limit: int = 100) -> Tally:
    """One sweep, at most `limit` rows of each merchant."""
    return sweep(DUTY, limit=limit)
