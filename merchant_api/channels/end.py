"""A channel ends: its row stays for the orders that came by it; secrets, listings and all that waits for it go."""

from uuid import UUID

from sqlalchemy import Update, delete, update

from merchant_api.channels import find, sealed, standing, switch
from merchant_api.channels.level_models import StackRecord
from merchant_api.channels.models import Channel, Listing
from merchant_api.channels.run_models import ChannelRun
from merchant_api.channels.states import LevelState, RunState
from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.log import log

_log = log(__name__)


def end(merchant_id: UUID, channel_id: UUID, actor: Actor) -> None:
    """End a channel: its shop is neither told nor asked any more. Raises NotFound."""
    row = find.locked(merchant_id, channel_id)
    sealed.forget(row)
    standing.rests(row)
    row.ended_at = row.changed_at = clock.now()
    session().flush()
    switch.follow(merchant_id, channel_id)
    _end_what_waits(row)
    gone = delete(Listing).where(Listing.merchant_id == merchant_id, Listing.channel_id == channel_id)
    session().execute(gone.execution_options(synchronize_session=False))
    _log.info("channel.ended", merchant=str(merchant_id), channel=str(channel_id), by=actor.id)


def skip_level(merchant_id: UUID, channel_id: UUID, product_id: UUID) -> None:
    """What waits for a listing that is none any more waits no more, and what is on its way is not recorded."""
    waits = _open_records(merchant_id, channel_id).where(StackRecord.product_id == product_id)
    session().execute(waits.execution_options(synchronize_session=False))


def _end_what_waits(row: Channel) -> None:
    runs = update(ChannelRun).where(
        ChannelRun.merchant_id == row.merchant_id,
        ChannelRun.channel_id == row.id,
        ChannelRun.state == RunState.PENDING,
    )
    stopped = runs.values(state=RunState.STOPPED, ended_at=row.ended_at, lease_token=None)
    for statement in (_open_records(row.merchant_id, row.id), stopped):
        session().execute(statement.execution_options(synchronize_session=False))


def _open_records(merchant_id: UUID, channel_id: UUID) -> Update:
    open_ones = update(StackRecord).where(
        StackRecord.merchant_id == merchant_id,
        StackRecord.channel_id == channel_id,
        StackRecord.state.in_((LevelState.PENDING, LevelState.HELD)),
    )
    return open_ones.values(state=LevelState.SKIPPED, ended_at=clock.now(), lease_token=None)
