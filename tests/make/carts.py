"""Carts with lines in them, by the real verbs."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from merchant_api.carts import edit, find
from merchant_api.carts.edit import Wish
from merchant_api.carts.find import CartView
from merchant_api.carts.models import Cart
from merchant_api.carts.open import open_cart
from merchant_api.catalog.models import Product
from merchant_api.core.actor import Actor
from merchant_api.core.db import session


def make_cart(lines: Sequence[tuple[Product, int]], actor: Actor) -> Cart:
    """The actor's cart at the merchant of the products, with some units of each."""
    merchant_id = lines[0][0].merchant_id
    cart = open_cart(merchant_id, actor).view.cart
    for product, units in lines:
        put(cart, product, units, actor)
    session().commit()
    return cart


def put(cart: Cart, product: Product, units: int, actor: Actor, **more: object) -> CartView:
    """Put a line into a cart; a refusal leaves nothing behind."""
    try:
        shown = edit.put(cart.merchant_id, cart.id, product.id, Wish(units, **more), actor)
    except BaseException:
        session().rollback()
        raise
    session().commit()
    return shown


def made_at(row_id: UUID) -> datetime:
    """The instant in an id, which is later than the clock's where a test before had pinned it to a later one."""
    return datetime.fromtimestamp((row_id.int >> 80) / 1000, UTC)


def look_at(cart: Cart, actor: Actor) -> CartView:
    """The cart as it is shown now."""
    session().rollback()
    return find.cart(cart.merchant_id, cart.id, actor)
