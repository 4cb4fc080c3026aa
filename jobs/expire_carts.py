"""Carts that nobody came back to are cleared away."""

from jobs.sweep import Duty, Tally, sweep
from merchant_api.carts import expire

NAME = "expire_carts"
DUTY = Duty(NAME, expire.merchants_due, expire.due, expire.run)


def run(*, limit: int = 100) -> Tally:
    """One sweep, at most `limit` rows of each merchant."""
    return sweep(DUTY, limit=limit)
