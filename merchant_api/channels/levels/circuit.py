"""A channel that fails is left alone, tried again by itself with one call, and its merchant is told once of each turn.

It fails after three calls in a row without an answer, or at once where the shop denies us. Any answer makes it ready,
and all that waits for it is due then.
"""

import random
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from merchant_api.channels import standing
from merchant_api.channels.faults import ShopBusy, ShopDenies, ShopFault
from merchant_api.channels.levels import again
from merchant_api.channels.models import Channel
from merchant_api.channels.states import ChannelState
from merchant_api.channels.told import readable
from merchant_api.core.db import session


def reached(merchant_id: UUID, channel_id: UUID, at: datetime) -> None:
    """The shop answered."""
    channel = _locked(merchant_id, channel_id)
    if channel is None or (channel.state is ChannelState.READY and not channel.failures):
        return
    was_failing = channel.state is ChannelState.FAILING
    standing.at_rest(channel, ChannelState.READY, None)
    if was_failing:
        standing.wake(channel, at)
        standing.tell(channel, standing.READY)
    session().flush()


def failed(merchant_id: UUID, channel_id: UUID, fault: ShopFault, at: datetime) -> float:
    """A call failed as a whole; gives for how many seconds the channel is left alone. A busy shop is no failure."""
    if isinstance(fault, ShopBusy):
        return max(min(fault.after_s, again.LONGEST_STATED_S), again.FIRST_WAIT_S)
    channel = _locked(merchant_id, channel_id)
    if channel is None or channel.ended_at is not None:
        return again.FIRST_WAIT_S
    was_failing = channel.state is ChannelState.FAILING
    channel.failures += 1
    channel.failing_since = channel.failing_since or at
    channel.why = readable(str(fault))
    is_denied = isinstance(fault, ShopDenies)
    rest_s = again.DENIED_WAIT_S if is_denied else again.rest_s(channel.failures, random.random())
    if was_failing or is_denied or channel.failures >= again.FAILS_AFTER:
        channel.state, channel.retry_at = ChannelState.FAILING, at + timedelta(seconds=rest_s)
        if not was_failing:
            standing.tell(channel, standing.FAILING)
    session().flush()
    return rest_s


def _locked(merchant_id: UUID, channel_id: UUID) -> Channel | None:
    row = select(Channel).where(Channel.merchant_id == merchant_id, Channel.id == channel_id)
    found = row.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session().execute(found).scalar_one_or_none()
