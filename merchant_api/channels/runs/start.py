"""A run begins, is watched, and is stopped; one at a time of a channel."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from merchant_api.channels import connectors
from merchant_api.channels import find as channels
from merchant_api.channels.run_models import ChannelRun
from merchant_api.channels.runs import listed, push
from merchant_api.channels.runs.errors import NothingToRead, NotPrimary, NotSynchronised, RunOver, RunRunning
from merchant_api.channels.states import RunKind, RunState
from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound
from merchant_api.core.ids import new_id
from merchant_api.core.paging import Page, Window, newest_first


@dataclass(frozen=True, slots=True)
class RunAsked:
    """Whether what would change is changed; else it is only told."""

    apply: bool = False


def start(merchant_id: UUID, channel_id: UUID, kind: RunKind, asked: RunAsked, actor: Actor) -> ChannelRun:
    """Begin a run, which a job carries out. Raises NotFound, RunRunning, NotPrimary, NothingToRead,
    NotSynchronised.
    """
    channel = channels.one(merchant_id, channel_id)
    abilities = connectors.of(channel.kind).abilities
    if kind is not RunKind.PUSH and not abilities.has_items:
        raise NothingToRead
    if kind is RunKind.IMPORT and not channel.is_primary:
        raise NotPrimary
    if kind is RunKind.PULL and listed.is_resting(channel):
        raise NotSynchronised
    at = clock.now()
    row = insert(ChannelRun).values(
        merchant_id=merchant_id,
        id=new_id(),
        channel_id=channel_id,
        kind=kind,
        state=RunState.PENDING,
        asked={"apply": asked.apply or kind is RunKind.PUSH},
        done=0,
        problems=[],
        changes=[],
        attempts=0,
        due_at=at,
        started_by=actor.stamp(),
        created_at=at,
    )
    made = session().execute(row.on_conflict_do_nothing().returning(ChannelRun)).scalar_one_or_none()
    if made is None:
        raise RunRunning
    return made


def find(merchant_id: UUID, channel_id: UUID, run_id: UUID) -> ChannelRun:
    """A run as it is now. Raises NotFound."""
    row = select(ChannelRun).where(
        ChannelRun.merchant_id == merchant_id, ChannelRun.channel_id == channel_id, ChannelRun.id == run_id
    )
    found = session().execute(row).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


def page(merchant_id: UUID, channel_id: UUID, at: Window) -> Page[ChannelRun]:
    """The runs of a channel, newest first. Raises NotFound."""
    channels.one(merchant_id, channel_id)
    rows = select(ChannelRun).where(ChannelRun.merchant_id == merchant_id, ChannelRun.channel_id == channel_id)
    return newest_first(rows, ChannelRun.id, at)


def stop(merchant_id: UUID, channel_id: UUID, run_id: UUID) -> ChannelRun:
    """No page more; what was done stays done. Raises NotFound, RunOver."""
    run = find(merchant_id, channel_id, run_id)
    locking = select(ChannelRun).where(ChannelRun.merchant_id == merchant_id, ChannelRun.id == run.id)
    locked = session().execute(locking.with_for_update().execution_options(populate_existing=True)).scalar_one()
    if locked.state is not RunState.PENDING:
        raise RunOver
    locked.state, locked.ended_at, locked.lease_token = RunState.STOPPED, clock.now(), None
    if locked.kind is RunKind.PUSH:
        push.skip_the_rest(channels.one(merchant_id, channel_id))
    return locked
