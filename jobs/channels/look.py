"""Levels of all channels are looked at, a page at a time, several shops at once; never within a transaction."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from jobs.channels.turns import turns
from jobs.sweep import Tally
from merchant_api.channels import dial, rounds
from merchant_api.channels.connector import PASS_S
from merchant_api.channels.faults import ShopFault
from merchant_api.channels.models import Channel
from merchant_api.channels.open import open_shop
from merchant_api.channels.run_models import ChannelRound
from merchant_api.channels.runs import look
from merchant_api.channels.runs.step import RunPage, RunStep
from merchant_api.channels.states import RoundKind
from merchant_api.core import clock
from merchant_api.core.db import in_transaction, session
from merchant_api.core.tenancy import ACROSS, of
from merchant_api.outbox import claim

NAME = "channel_looks"
LEASE_S = claim.lease_for(PASS_S)
AT_ONCE = 4
AGAIN_S = 60.0  # after a shop that could not be asked


@dataclass(frozen=True, slots=True)
class _Looked:
    row: ChannelRound
    page: RunPage | RunStep


def run(*, lease_s: float = LEASE_S) -> Tally:
    """Page after page of all looks that are due; the last is begun within 20 s."""
    return turns(NAME, AT_ONCE, lambda: in_transaction(partial(_take, lease_s), ACROSS), _turn, _leave)


def _take(lease_s: float) -> list[ChannelRound]:
    at = clock.now()
    return rounds.take(rounds.DUE.merchants(at, AT_ONCE), RoundKind.LOOK, at, lease_s, AT_ONCE)


def _turn(pool: ThreadPoolExecutor, leased: list[ChannelRound]) -> int:
    looks = [in_transaction(partial(_prepare, each), of(each.merchant_id)) for each in leased]
    answers = list(pool.map(_ask, looks))
    return sum(
        in_transaction(partial(_settle, each, answer), of(each.row.merchant_id))
        for each, answer in zip(looks, answers, strict=True)
    )


def _prepare(row: ChannelRound) -> _Looked:
    channel = session().get_one(Channel, (row.merchant_id, row.channel_id), populate_existing=True)
    session().expunge(channel)
    return _Looked(row, look.page(channel, open_shop(channel), row))


def _ask(looked: _Looked) -> object:
    if isinstance(looked.page, RunStep):
        return None
    try:
        return dial.asked(looked.page.ask)
    except ShopFault as fault:
        return fault


def _settle(looked: _Looked, answer: object) -> bool:
    if isinstance(answer, ShopFault):  # that a channel fails is shown by whoever sends levels or polls orders
        again = clock.now() + timedelta(seconds=max(AGAIN_S, answer.after_s))
        return rounds.record(looked.row, lease_token=None, due_at=again)
    if not rounds.record(looked.row, hints=[]):  # the row is ours until the commit, or nothing is settled
        return False
    step = looked.page if isinstance(looked.page, RunStep) else looked.page.settle(answer)
    due_at = clock.now() + timedelta(seconds=step.wait_s)
    return rounds.record(looked.row, lease_token=None, mark=dict(step.asked or {}), due_at=due_at)


def _leave(row: ChannelRound) -> None:
    """It could not be looked at: the lease runs out, and it is tried again."""
