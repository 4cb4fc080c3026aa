"""Record what became of leased rows, under the lease's token: a superseded token changes nothing.

Every function gives what it changed. It changed nothing when the lease ran out and another worker claimed the row,
or when the row was ended meanwhile; then the outcome is dropped, as the other's is the one that counts.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text, tuple_, update

from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.outbox.models import Delivery, DeliveryState, Event, EventState, Leased
from merchant_api.outbox.retry import MOST_ATTEMPTS


def done(merchant_id: UUID, events: Sequence[Event]) -> set[UUID]:
    """A merchant's events of one claim are fanned out; gives the ids of those that were still ours."""
    changed = (
        update(Event)
        .where(Event.merchant_id == merchant_id, Event.id.in_([event.id for event in events]))
        .where(Event.lease_token == events[0].lease_token, Event.state == EventState.PENDING)
        .values(state=EventState.DONE, lease_token=None)
        .returning(Event.id)
        .execution_options(synchronize_session=False)
    )
    return set(session().execute(changed).scalars())


def event_again(event: Event, due_at: datetime) -> bool:
    """The event could not be fanned out: once more at `due_at`, or failed if that was its last attempt."""
    if event.attempts >= MOST_ATTEMPTS:
        return change(event, state=EventState.FAILED, lease_token=None)
    return change(event, due_at=due_at, lease_token=None)


def end(rows: Sequence[Delivery], state: DeliveryState) -> int:
    """The deliveries end untried: their moment has passed, or their device is gone; gives their number."""
    return _settle(rows, state=state, ended_at=clock.now())


def hand_back(rows: Sequence[Leased], due_at: datetime) -> int:
    """Rows of a table were claimed but not tried: they wait on, and the attempt does not count; gives their number."""
    return _settle(rows, due_at=due_at)


def _settle(rows: Sequence[Leased], **values: Any) -> int:
    if not rows:
        return 0
    model = type(rows[0])
    leases = [(each.merchant_id, each.id, each.lease_token) for each in rows]
    changed = (
        update(model)
        .where(model.merchant_id.in_({each.merchant_id for each in rows}))
        .where(tuple_(model.merchant_id, model.id, model.lease_token).in_(leases))
        .where(text("state = 'pending'"))
        .values(lease_token=None, attempts=model.attempts - 1, **values)
        .returning(model.id)
        .execution_options(synchronize_session=False)
    )
    return len(session().execute(changed).all())


def change(row: Leased, **values: Any) -> bool:
    """Set columns of a leased row that is still pending, among them `lease_token=None` when the lease ends."""
    model = type(row)
    changed = (
        update(model)
        .where(model.merchant_id == row.merchant_id, model.id == row.id)
        .where(model.lease_token == row.lease_token, text("state = 'pending'"))
        .values(values)
        .returning(model.id)
        .execution_options(synchronize_session=False)
    )
    return session().execute(changed).scalar_one_or_none() is not None
