"""Claim what waits for a channel, under a lease, and pack it: the newest levels, read under the locks of their records.

Channel by channel, so that none stands behind another's backlog; zeros first and apart from all others. What is no
longer kept in step ends here. A record whose lease ran out is due again by itself, and attempts never end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, select, text, update

from merchant_api.channels.level_models import StackRecord
from merchant_api.channels.models import Channel
from merchant_api.channels.shop_levels import ItemRef
from merchant_api.channels.shown import PARAMETERS, SHOWN_SQL, given
from merchant_api.channels.states import ChannelState, LevelState
from merchant_api.core.db import session
from merchant_api.core.due import Due
from merchant_api.core.ids import new_id

DUE = Due(StackRecord, "ix_levels_due")
NOT_KEPT = "Not sent: the product, the listing, the channel or the merchant is not kept in step any more."
_PACK = text(
    f"""
    WITH {SHOWN_SQL}
    UPDATE levels SET level = shown.level, sent_version = levels.version
    FROM shown JOIN listings ON listings.merchant_id = :merchant_id AND listings.channel_id = shown.channel_id
        AND listings.product_id = shown.product_id
    WHERE levels.merchant_id = :merchant_id AND levels.id = ANY(:ids) AND levels.channel_id = shown.channel_id
        AND levels.product_id = shown.product_id AND shown.is_live
    RETURNING levels.id, levels.lease_token, levels.product_id, levels.level, levels.attempts,
        listings.shop_id, listings.shop_location,
        CASE WHEN listings.read_at > listings.acknowledged_at THEN listings.shop_level
            ELSE coalesce(shown.expected, listings.shop_level) END AS known, shown.is_unsure, listings.sold
    """  # noqa: S608 - parts of one statement, all constants
).bindparams(*PARAMETERS, bindparam("ids", type_=ARRAY(Uuid)))


@dataclass(frozen=True, slots=True)
class PackedLevel:
    """A level that can be sent: of which record, under which lease, to which item; tried so often, this time too.

    `is_unsure`: orders of the shop came in since, so what it sells is read first. `sold` is what the
    listing had sold when the level was read: of what came in since the acknowledgement knows nothing.
    """

    id: UUID
    token: UUID
    product_id: UUID
    level: int
    attempts: int
    ref: ItemRef
    known: int | None
    is_unsure: bool = False
    sold: int = 0


def channels_due(at: datetime, limit: int) -> list[Channel]:
    """Channels for which levels wait and that are not left alone; detached. Looks over all merchants."""
    merchants = DUE.merchants(at, limit)
    if not merchants:
        return []
    waits = select(StackRecord.id).where(
        StackRecord.merchant_id == Channel.merchant_id,
        StackRecord.channel_id == Channel.id,
        StackRecord.state == LevelState.PENDING,
        StackRecord.due_at <= at,
    )
    rows = select(Channel).where(
        Channel.merchant_id.in_(merchants), waits.exists(), Channel.retry_at.is_(None) | (Channel.retry_at <= at)
    )
    found = list(session().execute(rows, execution_options={"populate_existing": True}).scalars())
    for channel in found:
        session().expunge(channel)
    return found


def take_probe(channel: Channel, at: datetime, lease_s: float) -> bool:
    """Whether it is ours to try the channel that fails with one call, which nobody else does meanwhile."""
    ours = (
        update(Channel)
        .where(Channel.merchant_id == channel.merchant_id, Channel.id == channel.id)
        .where(Channel.state == ChannelState.FAILING, Channel.retry_at <= at)
        .values(retry_at=at + timedelta(seconds=lease_s))
        .returning(Channel.id)
        .execution_options(synchronize_session=False)
    )
    return session().execute(ours).scalar_one_or_none() is not None


def take(channel: Channel, at: datetime, lease_s: float, limit: int, *, are_zeros: bool) -> list[UUID]:
    """Lease records of a channel, the longest due first, zeros or all others; what a rival has is passed over."""
    mine = (
        select(StackRecord.id)
        .where(StackRecord.merchant_id == channel.merchant_id, StackRecord.channel_id == channel.id)
        .where(StackRecord.state == text("'pending'"), StackRecord.due_at <= at)
        .where(text("(level > 0) = :are_others").bindparams(are_others=not are_zeros))
        .order_by(StackRecord.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("mine")
        .prefix_with("MATERIALIZED")
    )
    leased = (
        update(StackRecord)
        .where(StackRecord.merchant_id == channel.merchant_id, StackRecord.id == mine.c.id)
        .values(lease_token=new_id(), due_at=at + timedelta(seconds=lease_s), attempts=StackRecord.attempts + 1)
        .returning(StackRecord.id)
        .execution_options(synchronize_session=False)
    )
    return list(session().execute(leased).scalars())


def pack(channel: Channel, ids: Sequence[UUID], at: datetime) -> list[PackedLevel]:
    """Give records that were just taken the levels of this moment; what is not kept in step any more is skipped."""
    if not ids:
        return []
    products = select(StackRecord.product_id).where(
        StackRecord.merchant_id == channel.merchant_id, StackRecord.id.in_(ids)
    )
    wanted = given(channel.merchant_id, channel.id, session().execute(products).scalars().all())
    rows: Any = session().execute(_PACK, {**wanted, "ids": list(ids)}).all()
    packed = [
        PackedLevel(
            row.id,
            row.lease_token,
            row.product_id,
            row.level,
            row.attempts,
            ItemRef(row.shop_id, row.shop_location),
            row.known,
            row.is_unsure,
            row.sold,
        )
        for row in rows
    ]
    left = set(ids) - {each.id for each in packed}
    if left:
        ended = update(StackRecord).where(StackRecord.merchant_id == channel.merchant_id, StackRecord.id.in_(left))
        values = {"state": LevelState.SKIPPED, "ended_at": at, "lease_token": None, "text": NOT_KEPT, "status": None}
        session().execute(ended.values(values).execution_options(synchronize_session=False))
    return packed
