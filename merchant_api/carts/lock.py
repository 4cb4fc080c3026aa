"""The lock on a cart's row. It comes before every other lock of its transaction but the key's: cells come last."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from merchant_api.accounts.models import Merchant
from merchant_api.carts.errors import CartExpired, CheckedOut
from merchant_api.carts.models import Cart
from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class LockedCart:
    """An open cart under its lock, how many seconds carts are kept, and the instant of the lock."""

    cart: Cart
    ttl_s: int
    at: datetime


def lock_open(merchant_id: UUID, cart_id: UUID, actor: Actor) -> LockedCart:
    """Lock the actor's open cart `FOR NO KEY UPDATE`, then read the clock.

    Raises NotFound, also for another person's, CheckedOut, CartExpired.
    """
    statement = (
        select(Cart, Merchant.cart_ttl_s)
        .join(Merchant, Merchant.id == Cart.merchant_id)
        .where(Cart.merchant_id == merchant_id, Cart.id == cart_id, Cart.person_id == actor.person_id)
        .with_for_update(of=Cart, key_share=True)
        .execution_options(populate_existing=True)
    )
    found = session().execute(statement).one_or_none()
    if found is None:
        raise NotFound
    cart, ttl_s, at = found[0], found[1], clock.now()
    if cart.order_id is not None:
        raise CheckedOut(order_id=str(cart.order_id))
    if cart.expires_at <= at:
        raise CartExpired
    return LockedCart(cart, ttl_s, at)
