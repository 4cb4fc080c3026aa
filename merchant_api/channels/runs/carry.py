"""Runs are carried on a page at a time: leased, asked for without a transaction, and settled under the lease.

A process that dies leaves a lease that runs out, and whoever takes the run up goes on from its cursor. A shop that is
away makes the run wait, longer each time; it fails when it was tried as often as anything else, or when the shop
denies us.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from merchant_api.channels import connectors, dial
from merchant_api.channels.connector import WebShop
from merchant_api.channels.faults import ShopDenies, ShopFault, ShopOdd
from merchant_api.channels.models import Channel
from merchant_api.channels.open import open_shop
from merchant_api.channels.run_models import ChannelRun
from merchant_api.channels.runs import items, pull, push
from merchant_api.channels.runs.step import RunPage, RunStep, told
from merchant_api.channels.states import RunKind, RunState
from merchant_api.channels.told import readable
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.seal import Unsealable
from merchant_api.outbox import claim, finish
from merchant_api.outbox.retry import MOST_ATTEMPTS, wait_s

LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class Carried:
    """A leased run with its next page, or with the step that needs nobody asked."""

    run: ChannelRun
    page: RunPage | RunStep | ShopFault


def take(merchants: Sequence[UUID], at: datetime, lease_s: float, limit: int) -> list[ChannelRun]:
    """Lease runs of these merchants that are due; across merchants."""
    return claim.take(ChannelRun, claim.ClaimPlan(dict.fromkeys(merchants, limit), limit, at, lease_s))


def prepare(run: ChannelRun) -> Carried:
    """What is to be asked of the shop. Its channel may have ended meanwhile: then the run is over."""
    channel = session().get(Channel, (run.merchant_id, run.channel_id), populate_existing=True)
    if channel is None or channel.ended_at is not None:
        return Carried(run, RunStep(None, run.done, is_over=True))
    session().expunge(channel)
    if run.kind is RunKind.PUSH:
        return Carried(run, push.step(channel, run))
    try:
        shop = open_shop(channel)
    except Unsealable:
        return Carried(run, ShopDenies("No key of this installation opens the credentials: give them again."))
    return Carried(run, _page(channel, shop, run))


def _page(channel: Channel, shop: WebShop, run: ChannelRun) -> RunPage | RunStep:
    if run.kind is RunKind.IMPORT:
        return items.page(channel, shop, run)
    return pull.page(channel, shop, run, min(LARGEST_PAGE, connectors.of(channel.kind).abilities.most_read))


def ask(carried: Carried) -> Any:
    """Ask the shop; without a transaction. Gives its answer, or the ShopFault."""
    if isinstance(carried.page, RunStep | ShopFault):
        return carried.page
    try:
        return dial.asked(carried.page.ask)
    except ShopFault as fault:
        return fault


def settle(carried: Carried, answer: Any) -> bool:
    """Take the answer and say how far the run came, in one transaction; gives whether the lease was still ours."""
    run = carried.run
    if isinstance(answer, ShopFault):
        return _again(run, answer)
    if not finish.change(run, attempts=0):  # the row is ours until the commit, or nothing is settled
        return False
    step: RunStep = carried.page.settle(answer) if isinstance(carried.page, RunPage) else answer
    values: dict[str, Any] = {
        "cursor": step.cursor,
        "done": step.done,
        "of": step.of if step.of is not None else run.of,
        "problems": told(run.problems, step.problems),
        "changes": told(run.changes, step.changes),
        "asked": run.asked if step.asked is None else dict(step.asked),
        "lease_token": None,
        "due_at": clock.now() + timedelta(seconds=step.wait_s),
        "why": None,
    }
    if step.is_over:
        values |= {"state": RunState.DONE, "ended_at": clock.now()}
    return finish.change(run, **values)


def leave(run: ChannelRun) -> None:
    """A page that can't be settled is tried again when its lease ends, and fails its run after as many tries as any."""
    if run.attempts >= MOST_ATTEMPTS:
        why = "It could not be carried on: the log of the job process says why."
        finish.change(run, state=RunState.FAILED, ended_at=clock.now(), lease_token=None, why=why)


def _again(run: ChannelRun, fault: ShopFault) -> bool:
    if isinstance(fault, ShopDenies | ShopOdd) or run.attempts >= MOST_ATTEMPTS:
        ended = {"state": RunState.FAILED, "ended_at": clock.now()}
        return finish.change(run, lease_token=None, why=readable(str(fault)), **ended)
    wait = timedelta(seconds=max(wait_s(run.attempts, random.random()), fault.after_s))
    return finish.change(run, lease_token=None, why=readable(str(fault)), due_at=clock.now() + wait)
