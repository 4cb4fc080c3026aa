"""Drop records of the web stack that came to an end and are old; nothing points at them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from merchant_api.channels.level_models import StackRecord
from merchant_api.core.db import session


def tidy(merchant_id: UUID, before: datetime, limit: int) -> int:
    """Delete up to `limit` that ended before the instant. Call until it gives 0."""
    old = select(StackRecord.id).where(StackRecord.merchant_id == merchant_id, StackRecord.ended_at < before)
    gone = delete(StackRecord).where(StackRecord.merchant_id == merchant_id, StackRecord.id.in_(old.limit(limit)))
    return len(session().execute(gone.returning(StackRecord.id)).all())
