"""Orders that were not paid in time are cancelled, and what they held goes back."""

from jobs.sweep import Duty, Tally, sweep
from merchant_api.orders.due import expire_payments

NAME = "expire_payments"
DUTY = Duty(NAME, expire_payments.merchants_due, expire_payments.due, expire_payments.run)


def run(*, limit: int = 100) -> Tally:
    """One sweep, at most `limit` rows of each merchant."""
    return sweep(DUTY, limit=limit)
