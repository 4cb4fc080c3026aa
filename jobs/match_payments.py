"""Events of payment providers that came before what they are about are tried again until it is there."""

from jobs.sweep import Duty, Tally, sweep
from merchant_api.providers import match

NAME = "match_payments"
DUTY = Duty(NAME, match.merchants_due, match.due, match.run)


def run(*, limit: int = 1) -> Tally:
    """One sweep. One event at a time: each locks an order, and two could wait for each other."""
    return sweep(DUTY, limit=limit)
