"""Runs with channels, a page at a time each, several shops asked at once; never within a transaction."""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from jobs.sweep import Tally, in_halves
from merchant_api.channels.connector import PASS_S
from merchant_api.channels.run_models import ChannelRun
from merchant_api.channels.runs import carry
from merchant_api.channels.runs.carry import Carried
from merchant_api.core import clock
from merchant_api.core.db import in_transaction
from merchant_api.core.tenancy import ACROSS, of
from merchant_api.outbox import claim

NAME = "channel_runs"
LEASE_S = claim.lease_for(PASS_S)
AT_ONCE = 8
LONGEST_RUN_S = 20.0


def run(*, lease_s: float = LEASE_S) -> Tally:
    """Page after page of all runs that are due; the last is begun within 20 s."""
    tally, until = Tally(), time.monotonic() + LONGEST_RUN_S
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="run") as pool:
        while time.monotonic() < until:
            leased = in_transaction(partial(_take, lease_s), ACROSS)
            turn = in_halves(NAME, leased, partial(_turn, pool), _leave)
            tally += turn
            if not turn.done:
                break
    return tally


def _take(lease_s: float) -> list[ChannelRun]:
    at = clock.now()
    return carry.take(claim.merchants_due(ChannelRun, at, AT_ONCE), at, lease_s, AT_ONCE)


def _turn(pool: ThreadPoolExecutor, leased: list[ChannelRun]) -> int:
    carried = [in_transaction(partial(carry.prepare, each), of(each.merchant_id)) for each in leased]
    answers = list(pool.map(carry.ask, carried))
    return sum(_settle(*each) for each in zip(carried, answers, strict=True))


def _settle(carried: Carried, answer: object) -> bool:
    return in_transaction(partial(carry.settle, carried, answer), of(carried.run.merchant_id))


def _leave(row: ChannelRun) -> None:
    in_transaction(partial(carry.leave, row), of(row.merchant_id))
