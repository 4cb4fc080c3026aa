"""Carry refunds out by a provider's API: lease, commit, call, record; nothing is called while a transaction is open.

What a call brought is recorded under its lease. A worker that dies between the call and the record leaves a lease that
runs out; who takes it up finds the refund at the provider, by the same idempotency key or by our id in it.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from merchant_api.core import clock, installed
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.core.seal import Unsealable
from merchant_api.orders import move
from merchant_api.orders.money import payment_moves, refund_moves
from merchant_api.orders.payment_models import Payment, Refund
from merchant_api.orders.states import RefundState
from merchant_api.outbox import claim, finish, rescue
from merchant_api.outbox.retry import MOST_ATTEMPTS, wait_s
from merchant_api.providers import edit, kinds, sealed, unnamed
from merchant_api.providers.case import case_of
from merchant_api.providers.models import PaymentProvider
from merchant_api.providers.provider import Done, OnItsWay, Outcome, RefundCall, RefundLater, RefundRefused

WORN_OUT = rescue.WornOut(Refund)
ASK_AGAIN = timedelta(hours=6)  # what a provider takes days for is asked for, should no event tell of it


def merchants_due(at: datetime, limit: int) -> list[UUID]:
    """Merchants with a refund to be carried out."""
    return claim.merchants_due(Refund, at, limit)


def take(merchant_id: UUID, at: datetime, lease_s: float) -> Refund | None:
    """Lease the merchant's refund that is due the longest."""
    leased = claim.take(Refund, claim.ClaimPlan({merchant_id: 1}, 1, at, lease_s))
    return leased[0] if leased else None


def call_of(lease: Refund) -> RefundCall | RefundRefused:
    """The call that a leased refund needs, with the provider's key as it is now."""
    payment = session().get(Payment, (lease.merchant_id, lease.payment_id))
    provider = None if lease.provider_id is None else edit.find(lease.merchant_id, lease.provider_id)
    api_key = None if provider is None else _api_key(provider)
    if payment is None or payment.provider_reference is None or provider is None or api_key is None:
        return RefundRefused("the provider has ended, or has no API key that can be used")
    return RefundCall(
        kind=provider.kind,
        refund_id=lease.id,
        key=f"{lease.id}-{lease.round}",
        payment_reference=payment.provider_reference,
        amount=Money(lease.amount, payment.currency),
        whole=payment.provider_amount if lease.amount == payment.amount else None,
        may_be_known=lease.attempts > 1 or lease.round > 0,
        known_reference=lease.provider_reference,
        api_key=api_key,
        api_base=installed.settings().stripe_api,
    )


def ask(call: RefundCall) -> Outcome:
    """Call the provider; never in a transaction."""
    return kinds.of(call.kind).refund(call)


def record(lease: Refund, outcome: Outcome, actor: Actor) -> bool:
    """Record what came of a call; gives whether the lease was still ours. A superseded one changes nothing."""
    if isinstance(outcome, RefundLater) and lease.attempts < MOST_ATTEMPTS:
        wait = timedelta(seconds=max(wait_s(lease.attempts, random.random()), outcome.after_s))
        return finish.change(lease, due_at=clock.now() + wait, lease_token=None, answer=outcome.why)
    if isinstance(outcome, OnItsWay):
        taken_up = {"provider_reference": outcome.reference, "answer": "the provider has taken it up"}
        return finish.change(lease, due_at=clock.now() + ASK_AGAIN, lease_token=None, attempts=0, **taken_up)
    return _end(lease, outcome, actor)


def give_up(merchant_id: UUID, ids: Sequence[UUID], actor: Actor) -> int:
    """Fail those refunds, for the merchant to see; gives their number."""
    rows = select(Refund).where(Refund.merchant_id == merchant_id, Refund.id.in_(sorted(ids)))
    found = session().execute(rows.execution_options(populate_existing=True)).scalars().all()
    return sum(_end(row, RefundRefused("given up: whoever asked the provider never came back"), actor) for row in found)


def _end(lease: Refund, outcome: Done | RefundLater | RefundRefused, actor: Actor) -> bool:
    token = lease.lease_token
    locked, payment = payment_moves.lock(lease.merchant_id, lease.payment_id, actor)
    of_order = refund_moves.of_order(lease.merchant_id, payment.order_id)
    row = next(each for each in of_order if each.id == lease.id)
    if row.state is not RefundState.PENDING or row.lease_token != token:
        return False
    if not isinstance(outcome, RefundLater) and outcome.reference is not None and row.provider_id is not None:
        refund_moves.came_through(row, row.provider_id, outcome.reference)
    if isinstance(outcome, Done):
        refund_moves.done(locked, payment, row, actor)
    else:
        why = f"given up: {outcome.why}" if isinstance(outcome, RefundLater) else outcome.why
        refund_moves.failed(locked, payment, row, why, actor)
    if row.provider_id is not None:
        unnamed.settle(case_of(locked, payment, of_order, row.provider_id, actor))  # a total may say otherwise
    move.write(lease.merchant_id, [locked])
    return True


def _api_key(provider: PaymentProvider) -> str | None:
    try:
        return sealed.api_key_of(provider)
    except Unsealable:
        return None
