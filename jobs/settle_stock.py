"""Holds of confirmed orders become decrements within seconds."""

from jobs.sweep import Duty, Tally, sweep
from merchant_api.stock import settle

NAME = "settle_stock"
DUTY = Duty(NAME, settle.merchants_due, settle.due, settle.settle)


def run(*, limit: int = 100) -> Tally:
    """One sweep, at most `limit` rows of each merchant."""
    return sweep(DUTY, limit=limit)
