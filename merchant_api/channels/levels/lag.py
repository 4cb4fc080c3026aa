"""How far behind a channel's shop is: now, and by the records of the last hour that arrived."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import extract, func, select

from merchant_api.channels.level_models import StackRecord
from merchant_api.channels.states import LevelState
from merchant_api.core import clock
from merchant_api.core.db import session

LOOKED_BACK = timedelta(hours=1)


def lag_s(merchant_id: UUID, channel_id: UUID) -> float:
    """For how long the shop has been behind, in seconds; 0 where nothing waits for it."""
    oldest = select(func.min(StackRecord.since)).where(
        StackRecord.merchant_id == merchant_id,
        StackRecord.channel_id == channel_id,
        StackRecord.state == LevelState.PENDING,
    )
    since = session().execute(oldest).scalar_one()
    return 0.0 if since is None else round(max(0.0, (clock.now() - since).total_seconds()), 3)


def p99_s(merchant_id: UUID, channel_id: UUID) -> float | None:
    """In how many seconds 99 of 100 levels arrived within the last hour; None where none did."""
    took = extract("epoch", StackRecord.ended_at - StackRecord.since)
    rows = select(func.percentile_cont(0.99).within_group(took)).where(
        StackRecord.merchant_id == merchant_id,
        StackRecord.channel_id == channel_id,
        StackRecord.state == LevelState.DONE,
        StackRecord.ended_at > clock.now() - LOOKED_BACK,
    )
    found = session().execute(rows).scalar_one()
    return None if found is None else round(max(0.0, float(found)), 3)
