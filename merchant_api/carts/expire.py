"""Carts that were left alone: for a day they say that they have expired, then they go. No stock waits for this."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select

from merchant_api.carts.models import Cart
from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.due import Due

TOLD_FOR = timedelta(days=1)  # so that who comes back late is told what happened, and not that there is no such cart
DUE = Due(Cart, "ix_carts_open", later=TOLD_FOR)


def run(merchant_id: UUID, ids: Sequence[UUID], _actor: Actor) -> int:
    """Delete those that are still open and expired, with their lines; those that somebody holds wait for next time."""
    expired = (
        select(Cart.id)
        .where(Cart.merchant_id == merchant_id, Cart.id.in_(sorted(ids)), Cart.order_id.is_(None))
        .where(Cart.expires_at <= clock.now() - TOLD_FOR)
        .order_by(Cart.id)
        .with_for_update(skip_locked=True)
    )
    locked = session().execute(expired).scalars().all()
    if locked:
        gone = delete(Cart).where(Cart.merchant_id == merchant_id, Cart.id.in_(locked))
        session().execute(gone.execution_options(synchronize_session=False))
    return len(locked)
