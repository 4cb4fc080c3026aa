"""Rows that were claimed as often as may be and never came to an end: they fail, in sight, and stand in nobody's way.

A row whose lease ran out is due again by itself. One that kills whoever works on it would go on for ever; it is
counted by its claims, and given up here, in two kinds, as the jobs want them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, text, update

from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.outbox import claim
from merchant_api.outbox.models import Delivery, DeliveryState, Event, EventState, Leased
from merchant_api.outbox.retry import MOST_ATTEMPTS

Kind = type[Leased]


@dataclass(frozen=True, slots=True)
class WornOut:
    """Rows of a leased table whose last lease ran out."""

    model: Kind

    def merchants(self, at: datetime, limit: int) -> list[UUID]:
        """Merchants with rows that are due, worn out or not."""
        return claim.merchants_due(self.model, at, limit)

    def ids(self, merchant_id: UUID, at: datetime, limit: int) -> list[UUID]:
        """Ids of rows whose last lease ran out, the longest ago first."""
        rows = select(self.model.id).where(_is_worn_out(self.model, merchant_id, at))
        return list(session().execute(rows.order_by(self.model.due_at).limit(limit)).scalars())


def give_up_events(merchant_id: UUID, ids: Sequence[UUID]) -> int:
    """Fail the events; gives their number."""
    return _give_up(Event, merchant_id, ids, state=EventState.FAILED)


def give_up_deliveries(merchant_id: UUID, ids: Sequence[UUID]) -> int:
    """Fail the deliveries; gives their number."""
    return _give_up(Delivery, merchant_id, ids, state=DeliveryState.FAILED, ended_at=clock.now())


def _give_up(model: Kind, merchant_id: UUID, ids: Sequence[UUID], **values: Any) -> int:
    given_up = (
        update(model)
        .where(_is_worn_out(model, merchant_id, clock.now()), model.id.in_(ids))
        .values(lease_token=None, **values)
        .returning(model.id)
        .execution_options(synchronize_session=False)
    )
    return len(session().execute(given_up).all())


def _is_worn_out(model: Kind, merchant_id: UUID, at: datetime) -> ColumnElement[bool]:
    return and_(
        model.merchant_id == merchant_id,
        text("state = 'pending'"),
        model.due_at <= at,
        model.attempts >= MOST_ATTEMPTS,
    )
