"""Requests that nobody answered in time come to their end: expired, and never called declined."""

from jobs.sweep import Duty, Tally, sweep
from merchant_api.orders.due import expire_requests

NAME = "expire_requests"
DUTY = Duty(NAME, expire_requests.merchants_due, expire_requests.due, expire_requests.run)


def run(*, limit: int = 100) -> Tally:
    """One sweep, at most `limit` rows of each merchant."""
    return sweep(DUTY, limit=limit)
