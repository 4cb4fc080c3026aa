"""Orders that were not paid in time are cancelled, and what they held goes back."""

from jobs.sweep import Duty, Tally, sweep
from merchant_api.orders import overdue

NAME = "expire_payments"
DUTY = Duty(NAME, overdue.merchants_due, overdue.due, overdue.run)


def run(*, limit: int = 100) -> Tally:
    """One sweep, at most `limit` rows of each merchant."""
    return sweep(DUTY, limit=limit)
