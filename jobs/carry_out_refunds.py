"""Refunds that a provider's API carries out: lease, commit, call, record under the lease, one after the other.

One refund of a merchant at a time, so that a merchant with many lets the others pass. What fails without a word keeps
its lease until it runs out, and is given up after as many leases as anything else.
"""

import time
from uuid import UUID

from jobs.sweep import Duty, Tally, in_halves, sweep
from merchant_api.core import clock
from merchant_api.core.actor import job
from merchant_api.core.db import in_transaction
from merchant_api.core.tenancy import ACROSS, of
from merchant_api.orders.payment_models import Refund
from merchant_api.outbox import claim
from merchant_api.providers import carry_out
from merchant_api.providers.provider import REFUNDED_WITHIN_S, RefundRefused

NAME = "carry_out_refunds"
DUTY = Duty(NAME, carry_out.WORN_OUT, carry_out.give_up)
LEASE_S = claim.lease_for(REFUNDED_WITHIN_S)
LONGEST_RUN_S = 20.0


def run(*, limit: int = 100, lease_s: float = LEASE_S) -> Tally:
    """What was given up, then round after round one refund of each merchant; the last call is begun within 20 s."""
    tally, until = sweep(DUTY, limit=limit), time.monotonic() + LONGEST_RUN_S
    while True:
        merchants = in_transaction(lambda: carry_out.merchants_due(clock.now(), limit), ACROSS)
        turn = sum((_one_of(each, lease_s) for each in merchants if time.monotonic() < until), Tally())
        tally += turn
        if turn == Tally():
            return tally


def _one_of(merchant_id: UUID, lease_s: float) -> Tally:
    lease = in_transaction(lambda: carry_out.take(merchant_id, clock.now(), lease_s), of(merchant_id))
    return Tally() if lease is None else in_halves(NAME, [lease], _carry_out, _leave)


def _carry_out(leases: list[Refund]) -> int:
    (lease,) = leases
    call = in_transaction(lambda: carry_out.call_of(lease), of(lease.merchant_id))
    outcome = call if isinstance(call, RefundRefused) else carry_out.ask(call)
    return in_transaction(lambda: carry_out.record(lease, outcome, job(NAME)), of(lease.merchant_id))


def _leave(lease: Refund) -> None:
    """It could not be recorded: the lease runs out, and it is tried again."""
