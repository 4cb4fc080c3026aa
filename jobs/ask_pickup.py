"""Confirmed orders of which nothing is owed ask for a courier, once."""

from jobs.sweep import Duty, Tally, sweep
from merchant_api.orders.due import ask_pickup

NAME = "ask_pickup"
DUTY = Duty(NAME, ask_pickup.merchants_due, ask_pickup.due, ask_pickup.run)


def run(*, limit: int = 100) -> Tally:
    """One sweep, at most `limit` rows of each merchant."""
    return sweep(DUTY, limit=limit)
