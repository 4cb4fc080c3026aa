"""What was noted is gathered: many events at once, done by whoever carries out what follows in the same transaction.

No lease, as nothing is sent: an event is done under the lock of its row, and what a rival holds is passed over.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select, update

from merchant_api.core.db import session
from merchant_api.core.due import Due
from merchant_api.outbox.models import Event, EventState

DUE = Due(Event, "ix_events_noted")


def gather(merchant_id: UUID, ids: Iterable[UUID]) -> Sequence[Event]:
    """Those of the merchant's noted events that nobody else has, done from now on."""
    mine = (
        select(Event.id)
        .where(Event.merchant_id == merchant_id, Event.id.in_(list(ids)), Event.state == EventState.NOTED)
        .with_for_update(skip_locked=True)
        .cte("mine")
        .prefix_with("MATERIALIZED")
    )
    gathered = (
        update(Event)
        .where(Event.merchant_id == merchant_id, Event.id == mine.c.id)
        .values(state=EventState.DONE)
        .returning(Event)
        .execution_options(synchronize_session=False)
    )
    return session().execute(gathered).scalars().all()
