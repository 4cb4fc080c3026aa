"""Endpoints of carts: for people who shop for themselves, never for API keys."""

from uuid import UUID

from flask import Blueprint

from merchant_api.carts import checkout, edit, find
from merchant_api.carts.errors import CartChanged
from merchant_api.carts.find import CartView
from merchant_api.carts.open import open_cart
from merchant_api.carts.schemas import CartLineIn, CartOut, CheckoutIn
from merchant_api.core.actor import Actor
from merchant_api.core.answer import Answer, Answered, Reply, rendered
from merchant_api.core.endpoint import endpoint
from merchant_api.core.replay import Claim
from merchant_api.orders.place.one import answered
from merchant_api.orders.schemas import OrderOut
from merchant_api.orders.view import OrderView

carts = Blueprint("carts", __name__)
LINE = "/<uuid:cart_id>/lines/<uuid:product_id>"


@endpoint(
    carts, "POST", "", needs="orders.place", for_people=True, reply=CartOut, status=201, also=(200,), limit="cart"
)
def open_my_cart(merchant_id: UUID, actor: Actor) -> Reply:
    """The caller's cart at this merchant: 200 the open one, 201 a new one."""
    opened = open_cart(merchant_id, actor)
    return Reply(opened.view, status=201 if opened.is_new else 200)


@endpoint(carts, "GET", "/<uuid:cart_id>", needs="orders.place", for_people=True, reply=CartOut)
def get_cart(merchant_id: UUID, cart_id: UUID, actor: Actor) -> CartView:
    """The cart on live stock: what each line would meet now."""
    return find.cart(merchant_id, cart_id, actor)


@endpoint(carts, "PUT", LINE, needs="orders.place", for_people=True, body=CartLineIn, reply=CartOut, limit="cart")
def put_line(merchant_id: UUID, cart_id: UUID, product_id: UUID, body: edit.CartLineAsked, actor: Actor) -> CartView:
    """Add a product or change its line; what would be refused does not enter, less is always possible."""
    return edit.put(merchant_id, cart_id, product_id, body, actor)


@endpoint(carts, "DELETE", LINE, needs="orders.place", for_people=True, reply=CartOut, limit="cart")
def remove_line(merchant_id: UUID, cart_id: UUID, product_id: UUID, actor: Actor) -> CartView:
    """Take a product out."""
    return edit.remove(merchant_id, cart_id, product_id, actor)


@endpoint(
    carts,
    "POST",
    "/<uuid:cart_id>/checkout",
    needs="orders.place",
    for_people=True,
    body=CheckoutIn,
    reply=OrderOut,
    status=201,
    also=(200,),
    opens_own=True,
    limit="place",
)
def check_out_cart(
    merchant_id: UUID, cart_id: UUID, body: checkout.Checkout, actor: Actor, claim: Claim | None
) -> Answered:
    """Order what is in the cart: 201 the order, 200 the same order again."""
    try:
        result = checkout.check_out(merchant_id, cart_id, body, actor, claim, _render)
    except CartChanged as changed:
        changed.members["cart"] = CartOut().dump(find.cart(merchant_id, cart_id, actor))
        raise
    return Answered(result.answer) if isinstance(result, checkout.Known) else answered(result)


def _render(shown: OrderView, status: int) -> Answer:
    return rendered(Reply(shown), OrderOut, status)
