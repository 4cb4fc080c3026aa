"""Opening a cart: each person has one open at a merchant, which the database keeps where two open it at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from merchant_api.accounts.models import Merchant
from merchant_api.accounts.people import id_of
from merchant_api.carts import find
from merchant_api.carts.find import CartView, Contents
from merchant_api.carts.models import Cart
from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.errors import Unavailable
from merchant_api.core.ids import new_id

LOOKS = 3  # a rival opens, checks out or lets expire between our look and our row once in a blue moon


@dataclass(frozen=True, slots=True)
class Opened:
    """The person's cart, and whether it was made for this call."""

    view: CartView
    is_new: bool


def open_cart(merchant_id: UUID, actor: Actor) -> Opened:
    """Give the person's open cart, or a new one where there is none or it has expired; raises Forbidden for keys."""
    person_id = id_of(actor)
    for _ in range(LOOKS):
        at = clock.now()
        found = find.open_one(merchant_id, actor)
        if found is not None and found.cart.expires_at > at:
            return Opened(find.shown(found, actor), is_new=False)
        if found is not None:
            _drop_expired(found.cart, at)
        made = _add(merchant_id, person_id, at)
        if made is not None:
            return Opened(find.shown(Contents(made, []), actor), is_new=True)
    raise Unavailable(retry_after=1)


def _drop_expired(row: Cart, at: datetime) -> None:
    gone = delete(Cart).where(
        Cart.merchant_id == row.merchant_id, Cart.id == row.id, Cart.order_id.is_(None), Cart.expires_at <= at
    )
    session().execute(gone.execution_options(synchronize_session=False))
    session().expunge(row)


def _add(merchant_id: UUID, person_id: UUID, at: datetime) -> Cart | None:
    kept = session().execute(select(Merchant.cart_ttl_s).where(Merchant.id == merchant_id)).scalar_one()
    row = insert(Cart).values(
        merchant_id=merchant_id,
        id=new_id(),
        person_id=person_id,
        version=0,
        created_at=at,
        changed_at=at,
        expires_at=at + timedelta(seconds=kept),
        order_id=None,
    )
    once = row.on_conflict_do_nothing(
        index_elements=["merchant_id", "person_id"], index_where=Cart.order_id.is_(None)
    ).returning(Cart)
    return session().execute(once).scalar_one_or_none()
