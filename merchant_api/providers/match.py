"""Apply a provider's events, at once and again until what they are about is there; the one writer of their state.

An event that finds nothing waits, longer each time, for 72 hours; then, or when it contradicts what is here, it is
unmatched: listed, and assigned to an order by somebody. So nothing is lost, whatever the order of arrival.
"""

import random
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from merchant_api.core import clock
from merchant_api.core.actor import Actor, Role
from merchant_api.core.db import session
from merchant_api.core.due import Due
from merchant_api.core.errors import NotFound
from merchant_api.outbox.retry import wait_s
from merchant_api.providers import disputes, money_back, money_in
from merchant_api.providers.errors import DoesNotFit, NotWaiting
from merchant_api.providers.events import Disputed, PaymentSucceeded
from merchant_api.providers.facts import from_facts
from merchant_api.providers.models import PaymentEvent, PaymentProvider
from merchant_api.providers.result import Applied, Result, UnmatchedReason, Waits
from merchant_api.providers.states import ProviderEventState

DUE = Due(PaymentEvent, "ix_payment_events_due")
PATIENCE = timedelta(hours=72)
_WANTS_PAYMENT = (UnmatchedReason.NO_SUCH_PAYMENT.value, UnmatchedReason.NAMES_NO_ORDER.value)


def run(merchant_id: UUID, ids: Sequence[UUID], _actor: Actor) -> int:
    """Try those that still wait once more; gives how many were tried.

    Each locks an order: given one by one, in transactions of their own, they never wait for each other in a circle.
    """
    rows = (
        select(PaymentEvent, PaymentProvider)
        .join(
            PaymentProvider,
            (PaymentProvider.merchant_id == merchant_id) & (PaymentProvider.id == PaymentEvent.provider_id),
        )
        .where(PaymentEvent.merchant_id == merchant_id, PaymentEvent.id.in_(sorted(ids)))
        .where(PaymentEvent.state == ProviderEventState.WAITING)
        .order_by(PaymentEvent.id)
        .with_for_update(of=PaymentEvent, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    found = session().execute(rows).all()
    for event, provider in found:
        apply(provider, event)
    return len(found)


def apply(provider: PaymentProvider, event: PaymentEvent) -> None:
    """Apply an event that waits, or let it wait on; the caller holds its row."""
    event.attempts += 1
    result = _tried(provider, event, actor_of(provider))
    now = clock.now()
    if isinstance(result, Waits) and now < event.received_at + PATIENCE:
        event.reason = result.why.value
        event.due_at = now + timedelta(seconds=wait_s(event.attempts, random.random()))
        return
    _end(event, result)


def assign(merchant_id: UUID, event_id: UUID, order_id: UUID, actor: Actor) -> PaymentEvent:
    """Say which order the money of an event is for, and apply it. Raises NotFound, NotWaiting or DoesNotFit."""
    rows = select(PaymentEvent).where(PaymentEvent.merchant_id == merchant_id, PaymentEvent.id == event_id)
    event = session().execute(rows.with_for_update().execution_options(populate_existing=True)).scalar_one_or_none()
    if event is None:
        raise NotFound
    if event.state is ProviderEventState.APPLIED:
        raise NotWaiting(payment_id=str(event.payment_id))
    if "paid_at" not in event.facts:
        raise DoesNotFit("It tells of money that went back: its payment names the order.", reason=event.reason)
    event.facts = event.facts | {"order_id": str(order_id)}
    provider = session().get(PaymentProvider, (merchant_id, event.provider_id))
    if provider is None:
        raise NotFound
    result = _tried(provider, event, actor)
    if not isinstance(result, Applied):
        raise DoesNotFit(reason=result.why.value)
    _end(event, result)
    return event


def actor_of(provider: PaymentProvider) -> Actor:
    """Who records what a provider tells."""
    return Actor(Role.INTEGRATION, str(provider.id), provider.name, merchant_id=provider.merchant_id)


def _tried(provider: PaymentProvider, event: PaymentEvent, actor: Actor) -> Result:
    happened = from_facts(event.event_id, event.type, event.facts)
    if isinstance(happened, PaymentSucceeded):
        return money_in.apply(provider, happened, actor)
    if isinstance(happened, Disputed):
        return disputes.apply(provider, happened, actor)
    return money_back.apply(provider, happened, actor)


def _end(event: PaymentEvent, result: Result) -> None:
    event.ended_at = clock.now()
    if isinstance(result, Applied):
        event.state, event.payment_id, event.reason = ProviderEventState.APPLIED, result.payment_id, None
        if "paid_at" in event.facts:
            _wake(event)
    else:
        event.state, event.reason = ProviderEventState.UNMATCHED, result.why.value


def _wake(event: PaymentEvent) -> None:
    """What waited for this payment, or gave up waiting, is tried at once."""
    woken = (
        update(PaymentEvent)
        .where(PaymentEvent.merchant_id == event.merchant_id, PaymentEvent.provider_id == event.provider_id)
        .where(PaymentEvent.subject == event.subject, PaymentEvent.state != ProviderEventState.APPLIED)
        .where(PaymentEvent.id != event.id, PaymentEvent.reason.in_(_WANTS_PAYMENT))
        .values(state=ProviderEventState.WAITING, due_at=clock.now(), ended_at=None)
        .execution_options(synchronize_session=False)
    )
    session().execute(woken)
