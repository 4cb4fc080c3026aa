"""Rings that are over, for requests and wishes to cancel: nobody is rung any more, what was shown is taken back.

A request may end in the very moment in which it is fanned out. So who fans it out shares the lock on the order's row
until the deliveries are committed: either the end is seen, or whoever ends it finds the deliveries.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select, update

from merchant_api.alerts.hears import CANCEL_REQUESTED, REQUESTED
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.orders.models import Order
from merchant_api.orders.states import State
from merchant_api.outbox.models import Audience, Delivery, DeliveryState, Medium

_WAITS = {REQUESTED: Order.state == State.REQUESTED, CANCEL_REQUESTED: Order.cancel_respond_by.is_not(None)}

_CALLED_OFF = (Medium.PUSH, Medium.MAIL)


def still_open(merchant_id: UUID, ring: str, order_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the orders that still wait for the answer a ring asks for, and will until this transaction ends."""
    ids = set(order_ids)
    if not ids:
        return set()
    waiting = select(Order.id).where(Order.merchant_id == merchant_id, Order.id.in_(ids), _WAITS[ring])
    return set(session().execute(waiting.order_by(Order.id).with_for_update(read=True)).scalars())


def call_off(merchant_id: UUID, ring: str, order_ids: Iterable[UUID]) -> list[Delivery]:
    """End what is still to be sent of these rings; gives the pushes by which members were told, or may be.

    A mail is ended as a push is, but nobody can take it back; a webhook tells what happened, and goes on.
    """
    ids = set(order_ids)
    if not ids:
        return []
    instant = clock.now()
    of_these = (
        Delivery.merchant_id == merchant_id,
        Delivery.order_id.in_(ids),
        Delivery.event_type == ring,
        Delivery.medium.in_(_CALLED_OFF),
    )
    waits = update(Delivery).where(*of_these, Delivery.state == DeliveryState.PENDING)
    waits = waits.execution_options(synchronize_session=False)
    session().execute(waits.where(Delivery.lease_token.is_(None)).values(state=DeliveryState.EXPIRED, ended_at=instant))
    # In flight: it may arrive, so it is taken back as well; but it is not tried again.
    session().execute(waits.values(expires_at=instant))
    told = select(Delivery).where(*of_these, Delivery.state.in_((DeliveryState.PENDING, DeliveryState.SENT)))
    told = told.where(Delivery.audience == Audience.MERCHANT, Delivery.medium == Medium.PUSH)
    return list(session().execute(told).scalars())
