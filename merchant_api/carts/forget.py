"""Drop carts that became orders long ago. The orders stay."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select

from merchant_api.carts.models import Cart
from merchant_api.core.db import session
from merchant_api.core.ids import first_id


def tidy(merchant_id: UUID, before: datetime, limit: int = 1000) -> int:
    """Delete up to `limit` of a merchant's carts that were checked out before the instant. Call until it gives 0."""
    old = select(Cart.id).where(Cart.merchant_id == merchant_id, Cart.order_id < first_id(before)).limit(limit)
    gone = delete(Cart).where(Cart.merchant_id == merchant_id, Cart.id.in_(old)).returning(Cart.id)
    return len(session().execute(gone.execution_options(synchronize_session=False)).all())
