"""What runs how often. Deadlines are kept to the second; all of it may run in any number of processes.

What falls due by the index of its table and is done by one verb is a row here; what is more than that has a file.
"""

from dataclasses import dataclass
from functools import partial

from jobs import carry_out_refunds, rescue, tidy
from jobs.channels import look, poll, runs
from jobs.clock import Entry
from jobs.run import Runner
from jobs.sweep import Duty, Tally, Work, sweep
from merchant_api.carts import expire as expire_carts
from merchant_api.core.due import Due
from merchant_api.orders.due import ask_pickup, expire_payments, expire_requests, refuse_cancels, settle_stock
from merchant_api.providers import match as match_payments
from merchant_api.stock import settle


@dataclass(frozen=True, slots=True)
class Routine:
    """Work that falls due, and how often it is looked for; `limit` is the most rows of a merchant at a time."""

    name: str
    due: Due
    work: Work
    every_s: float
    offset_s: float
    limit: int = 100
    then: Work | None = None

    def run(self, limit: int | None = None) -> Tally:
        """One sweep."""
        return sweep(Duty(self.name, self.due, self.work, self.then), limit=limit or self.limit)


ROUTINES = (
    Routine("expire_requests", expire_requests.DUE, expire_requests.run, 1.0, 0.0),
    Routine("expire_payments", expire_payments.DUE, expire_payments.run, 1.0, 0.2),
    # One at a time: each event locks an order, and two in a transaction could wait for each other.
    Routine("match_payments", match_payments.DUE, match_payments.run, 1.0, 0.3, limit=1),
    # What nothing is due of yet; settling moves before it settles.
    Routine("move_stock", settle_stock.TO_MOVE, settle_stock.run, 1.0, 0.35, then=ask_pickup.after_settling),
    Routine("settle_stock", settle.DUE, settle_stock.run, 1.0, 0.4, then=ask_pickup.after_settling),
    Routine("ask_pickup", ask_pickup.DUE, ask_pickup.run, 1.0, 0.6),
    Routine("refuse_cancels", refuse_cancels.DUE, refuse_cancels.run, 1.0, 0.8),
    Routine("expire_carts", expire_carts.DUE, expire_carts.run, 60.0, 5.0),
)
FILES = (
    (carry_out_refunds, 2.0, 0.8),
    (poll, 1.0, 0.9),
    (runs, 1.0, 0.5),
    (look, 5.0, 2.5),
    (rescue, 5.0, 1.0),
    (tidy, 3600.0, 30.0),
)


def entries(runner: Runner) -> list[Entry]:
    """The scheduled jobs; fan-out and delivery are loops."""
    rows = [(each.name, each.run, each.every_s, each.offset_s) for each in ROUTINES]
    files = [(job.NAME, job.run, every_s, offset_s) for job, every_s, offset_s in FILES]
    return [
        Entry(name, partial(runner.once, name, run), every_s, offset_s) for name, run, every_s, offset_s in rows + files
    ]


def routine(name: str) -> Routine:
    """The row of that name; KeyError if there is none."""
    return {each.name: each for each in ROUTINES}[name]
