"""Carts with lines in them, looked at and checked out, by the real verbs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from merchant_api.carts import checkout, edit, find
from merchant_api.carts.checkout import Checkout, Known
from merchant_api.carts.edit import CartLineAsked
from merchant_api.carts.find import CartView
from merchant_api.carts.models import Cart
from merchant_api.carts.open import open_cart
from merchant_api.carts.seen import SeenCart, SeenLine
from merchant_api.catalog.models import Product
from merchant_api.core.actor import Actor, Role
from merchant_api.core.answer import Answer
from merchant_api.core.db import session
from merchant_api.orders.place.placement import Placed, Replayed
from merchant_api.orders.view import OrderView
from tests.make.people import make_actor, make_person


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
        shown = edit.put(cart.merchant_id, cart.id, product.id, CartLineAsked(units, **more), actor)
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


def check_out(cart: Cart, actor: Actor, **asked: Any) -> Placed | Replayed | Known:
    """Check out as the endpoint does, answers being ids; a refusal leaves nothing behind."""
    session().rollback()
    try:
        return checkout.check_out(cart.merchant_id, cart.id, Checkout(**asked), actor, None, by_id)
    except BaseException:
        session().rollback()
        raise


def by_id(shown: OrderView, status: int) -> Answer:
    """An order as an answer: its id."""
    return Answer(status, str(shown.order.id).encode())


def saw(view: CartView) -> SeenCart:
    """What a customer who looked at the cart would send."""
    return SeenCart(view.total, [SeenLine(line.row.product_id, line.judged.verdict) for line in view.lines])


def newcomer(name: str) -> Actor:
    """Somebody who has ordered nothing yet anywhere."""
    return replace(make_actor(Role.CUSTOMER, person=make_person(name)), is_known=False)
