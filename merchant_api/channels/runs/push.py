"""All levels of a channel are sent again, whatever the shop is thought to sell: through the web stack, like any other.

The run puts them there, and is over when none of them waits any more. Stopped, what the shop sells already is skipped.
"""

from datetime import datetime

from sqlalchemy import func, select, update

from merchant_api.channels import mark
from merchant_api.channels.level_models import StackRecord
from merchant_api.channels.models import Channel, Listing
from merchant_api.channels.run_models import ChannelRun
from merchant_api.channels.runs.step import RunStep
from merchant_api.channels.states import LevelState
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.schema import rfc3339

WAIT_S = 1.0


def step(channel: Channel, run: ChannelRun) -> RunStep:
    """Put all levels into the stack, or look how many still wait; asks nobody."""
    if run.of is None:
        number = mark.mark(channel.merchant_id, channel_id=channel.id, is_forced=True)
        asked = {**run.asked, "marked_at": rfc3339(clock.now())}
        return RunStep(None, 0, is_over=number == 0, of=number, asked=asked, wait_s=WAIT_S)
    waiting = session().execute(
        select(func.count()).where(
            StackRecord.merchant_id == channel.merchant_id,
            StackRecord.channel_id == channel.id,
            StackRecord.state == LevelState.PENDING,
            StackRecord.since <= datetime.fromisoformat(run.asked["marked_at"]),
        )
    )
    left = min(waiting.scalar_one(), run.of)
    return RunStep(None, run.of - left, is_over=left == 0, of=run.of, wait_s=WAIT_S)


def skip_the_rest(channel: Channel) -> int:
    """Leave out what waits and would change nothing in the shop; gives how many."""
    skipping = (
        update(StackRecord)
        .where(StackRecord.merchant_id == channel.merchant_id, StackRecord.channel_id == channel.id)
        .where(StackRecord.state == LevelState.PENDING, StackRecord.lease_token.is_(None))
        .where(
            Listing.merchant_id == StackRecord.merchant_id,
            Listing.channel_id == StackRecord.channel_id,
            Listing.product_id == StackRecord.product_id,
            Listing.acknowledged == StackRecord.level,
            Listing.sold == Listing.sold_then,  # else it has to be read: a level may have crossed a sale
        )
        .values(state=LevelState.SKIPPED, ended_at=clock.now())
        .returning(StackRecord.id)
        .execution_options(synchronize_session=False)
    )
    return len(session().execute(skipping).all())
