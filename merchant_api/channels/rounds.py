"""What is done with channels again and again: which rounds are due, leased to one process, and when they come next.

A round that a killed process had is due again when its lease ends; who comes back late changes nothing, as its token is
not the one in the row any more.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from merchant_api.channels.run_models import ChannelRound
from merchant_api.channels.states import RoundKind
from merchant_api.core.db import session
from merchant_api.core.due import Due
from merchant_api.core.ids import new_id

DUE = Due(ChannelRound, "ix_channel_rounds_due")


def take(merchant_ids: Sequence[UUID], kind: RoundKind, at: datetime, lease_s: float, limit: int) -> list[ChannelRound]:
    """Lease due rounds of a kind of these merchants, the longest due first; they are detached. Across merchants."""
    mine = (
        select(ChannelRound.merchant_id, ChannelRound.id)
        .where(ChannelRound.merchant_id.in_(merchant_ids), ChannelRound.is_on, ChannelRound.kind == kind)
        .where(ChannelRound.due_at <= at)
        .order_by(ChannelRound.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("mine")
        .prefix_with("MATERIALIZED")
    )
    leased = (
        update(ChannelRound)
        .where(ChannelRound.merchant_id == mine.c.merchant_id, ChannelRound.id == mine.c.id)
        .where(ChannelRound.merchant_id.in_(merchant_ids))
        .values(lease_token=new_id(), due_at=at + timedelta(seconds=lease_s))
        .returning(ChannelRound)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    rows = list(session().execute(leased).scalars()) if merchant_ids else []
    for row in rows:
        session().expunge(row)
    return rows


def record(row: ChannelRound, **values: Any) -> bool:
    """Set columns of a leased round, `lease_token=None` and `due_at` among them when it ends; False if it was lost."""
    changed = (
        update(ChannelRound)
        .where(ChannelRound.merchant_id == row.merchant_id, ChannelRound.id == row.id)
        .where(ChannelRound.lease_token == row.lease_token)
        .values(values)
        .returning(ChannelRound.id)
        .execution_options(synchronize_session=False)
    )
    return session().execute(changed).scalar_one_or_none() is not None
