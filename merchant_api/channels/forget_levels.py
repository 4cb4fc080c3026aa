"""Forgetting what shops were known to sell, where another item or another shop stands behind a listing now.

What is on its way is let go as well: its lease is taken, so that no acknowledgement of the item before comes in late.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from merchant_api.channels.level_models import StackRecord
from merchant_api.channels.models import Listing
from merchant_api.channels.states import LevelState
from merchant_api.core import clock
from merchant_api.core.db import session

NOTHING: dict[str, Any] = dict.fromkeys(
    (
        *("acknowledged", "acknowledged_at", "shop_level", "read_at", "fault", "why"),
        *("drift_ours", "drift_theirs", "drift_since"),
    )
)


def of_channel(merchant_id: UUID, channel_id: UUID, product_id: UUID | None = None) -> None:
    """Forget it of all listings of a channel, or of one; `mark` puts their levels on the stack again."""
    known = update(Listing).where(Listing.merchant_id == merchant_id, Listing.channel_id == channel_id)
    waits = update(StackRecord).where(
        StackRecord.merchant_id == merchant_id,
        StackRecord.channel_id == channel_id,
    )
    if product_id is not None:
        known, waits = known.where(Listing.product_id == product_id), waits.where(StackRecord.product_id == product_id)
    faulty = select(Listing.product_id).where(
        Listing.merchant_id == merchant_id, Listing.channel_id == channel_id, Listing.fault.is_not(None)
    )
    held = waits.where(StackRecord.state == LevelState.HELD, StackRecord.product_id.in_(faulty))
    waits = waits.where(StackRecord.state == LevelState.PENDING)
    anew = {"lease_token": None, "sent_version": None, "version": StackRecord.version + 1, "due_at": clock.now()}
    for statement in (
        held.values(state=LevelState.PENDING),  # for the fault of the item, not by a person
        waits.values(**anew, attempts=0, status=None, text=None, tried_at=None),
        known.values(**NOTHING, sold_then=Listing.sold),
    ):
        session().execute(statement.execution_options(synchronize_session=False))
