"""What runs how often. Deadlines are kept to the second; all of it may run in any number of processes."""

from functools import partial

from jobs import (
    ask_pickup,
    carry_out_refunds,
    expire_carts,
    expire_payments,
    expire_requests,
    match_payments,
    refuse_cancels,
    rescue,
    settle_stock,
    tidy,
)
from jobs.clock import Entry
from jobs.run import Runner


def entries(runner: Runner) -> list[Entry]:
    """The scheduled jobs; fan-out and delivery are loops."""
    table = (
        (expire_requests, 1.0, 0.0),
        (expire_payments, 1.0, 0.2),
        (settle_stock, 1.0, 0.4),
        (ask_pickup, 2.0, 0.6),
        (refuse_cancels, 1.0, 0.8),
        (match_payments, 1.0, 0.3),
        (carry_out_refunds, 2.0, 0.8),
        (rescue, 5.0, 1.0),
        (expire_carts, 60.0, 5.0),
        (tidy, 3600.0, 30.0),
    )
    return [
        Entry(job.NAME, partial(runner.once, job.NAME, job.run), every_s, offset_s) for job, every_s, offset_s in table
    ]
