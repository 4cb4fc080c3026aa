"""Drop old events of providers: those that were applied, and those that nobody could place for a year.

Money and refunds stay, under the provider's names for them, so that an event that comes again changes nothing.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select

from merchant_api.core.db import session
from merchant_api.core.ids import first_id
from merchant_api.providers.models import PaymentEvent
from merchant_api.providers.states import ProviderEventState

UNMATCHED_LONGER = timedelta(days=275)


def tidy(merchant_id: UUID, before: datetime, limit: int) -> int:
    """Delete up to `limit` events of each kind received before the instant. Call until it gives 0."""
    longer = before - UNMATCHED_LONGER
    return _drop(merchant_id, ProviderEventState.APPLIED, before, limit) + _drop(
        merchant_id, ProviderEventState.UNMATCHED, longer, limit
    )


def _drop(merchant_id: UUID, state: ProviderEventState, before: datetime, limit: int) -> int:
    old = select(PaymentEvent.id).where(
        PaymentEvent.merchant_id == merchant_id, PaymentEvent.id < first_id(before), PaymentEvent.state == state
    )
    gone = delete(PaymentEvent).where(PaymentEvent.merchant_id == merchant_id, PaymentEvent.id.in_(old.limit(limit)))
    return len(session().execute(gone.returning(PaymentEvent.id)).all())
