"""Runs with channels, a page at a time each, several shops asked at once; never within a transaction."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from jobs.channels.turns import turns
from jobs.sweep import Tally
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


def run(*, lease_s: float = LEASE_S) -> Tally:
    """Page after page of all runs that are due; the last is begun within 20 s."""
    return turns(NAME, AT_ONCE, lambda: in_transaction(partial(_take, lease_s), ACROSS), _turn, _leave)


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
