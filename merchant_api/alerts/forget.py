"""Drop notifications that are old."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from merchant_api.alerts.models import Notification
from merchant_api.core.db import session
from merchant_api.core.ids import first_id


def tidy(merchant_id: UUID, before: datetime, limit: int = 1000) -> int:
    """Delete up to `limit` of a merchant's notifications made before the instant. Call until it gives 0."""
    old = select(Notification.id).where(Notification.merchant_id == merchant_id, Notification.id < first_id(before))
    gone = delete(Notification).where(Notification.merchant_id == merchant_id, Notification.id.in_(old.limit(limit)))
    return len(session().execute(gone.returning(Notification.id)).all())
