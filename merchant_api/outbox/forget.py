"""Drop what is finished and old: events, deliveries and attempts. Nothing points at them (DESIGN.md 4.9)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from merchant_api.core.db import session
from merchant_api.core.ids import first_id
from merchant_api.outbox.models import Attempt, Delivery, DeliveryState, Event, EventState

AT_ONCE = 1000
UNFINISHED = (EventState.PENDING, EventState.NOTED)


def tidy(merchant_id: UUID, before: datetime, limit: int = AT_ONCE) -> int:
    """Delete up to `limit` of each kind made before the instant, if they came to an end. Call until it gives 0."""
    return _events(merchant_id, before, limit) + _deliveries(merchant_id, before, limit)


def _events(merchant_id: UUID, before: datetime, limit: int) -> int:
    old = select(Event.id).where(
        Event.merchant_id == merchant_id, Event.id < first_id(before), Event.state.not_in(UNFINISHED)
    )
    gone = delete(Event).where(Event.merchant_id == merchant_id, Event.id.in_(old.limit(limit)))
    return len(session().execute(gone.returning(Event.id)).all())


def _deliveries(merchant_id: UUID, before: datetime, limit: int) -> int:
    old = select(Delivery.id).where(
        Delivery.merchant_id == merchant_id, Delivery.id < first_id(before), Delivery.state != DeliveryState.PENDING
    )
    ids = session().execute(old.limit(limit)).scalars().all()
    if ids:
        session().execute(delete(Attempt).where(Attempt.merchant_id == merchant_id, Attempt.delivery_id.in_(ids)))
        session().execute(delete(Delivery).where(Delivery.merchant_id == merchant_id, Delivery.id.in_(ids)))
    return len(ids)
