"""A cart becomes an order, through the same code as `POST /orders`, once.

The cart is locked before the cells and marked in the transaction that writes the order. Checking out again, or twice
at once, gives the same order.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update

from merchant_api.accounts.models import Terms
from merchant_api.carts import find
from merchant_api.carts.errors import CartChanged, CartEmpty, CartExpired
from merchant_api.carts.find import CartStanding, Contents
from merchant_api.carts.lock import lock_open
from merchant_api.carts.models import Cart, CartLine
from merchant_api.carts.seen import SeenCart, worse
from merchant_api.core import replay, tenancy
from merchant_api.core.actor import Actor
from merchant_api.core.answer import Answer
from merchant_api.core.db import in_transaction, session
from merchant_api.core.errors import Refusal
from merchant_api.core.money import Money
from merchant_api.core.replay import Claim
from merchant_api.orders import find as orders
from merchant_api.orders.errors import OverLimit, ProductNotForSale
from merchant_api.orders.models import Order, Origin
from merchant_api.orders.place.call import LineAsked, OrderAsked
from merchant_api.orders.place.one import place_one
from merchant_api.orders.place.placement import Around, Placed, Replayed
from merchant_api.orders.states import OriginKind, Verdict
from merchant_api.orders.view import OrderView
from merchant_api.stock.errors import InsufficientStock

Render = Callable[[OrderView, int], Answer]
OF_LINES = (InsufficientStock, OverLimit, ProductNotForSale)


@dataclass(frozen=True, slots=True)
class Checkout:
    """How the order shall be, and what the customer saw of the cart."""

    payment_terms: Terms | None = None
    note: str | None = None
    deliver_to: Mapping[str, Any] | None = None
    seen: SeenCart | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The order that the cart has become before."""

    answer: Answer


def check_out(
    merchant_id: UUID, cart_id: UUID, asked: Checkout, actor: Actor, claim: Claim | None, render: Render
) -> Placed | Replayed | Known:
    """Place the cart's lines as an order, or give the order that it has become.

    Raises NotFound, CartExpired, CartEmpty, CartChanged, and whatever placing refuses.
    """
    found = find.contents(merchant_id, cart_id, actor)
    if found.cart.order_id is not None:
        return _known(merchant_id, found.cart.order_id, actor, claim, render)
    order, ending = _order(found, asked), around(found.cart, asked.seen, actor)
    try:
        return place_one(merchant_id, order, actor, claim, lambda shown: render(shown, 201), ending)
    except Refusal as refusal:
        found = find.contents(merchant_id, cart_id, actor)
        if found.cart.order_id is not None:  # a rival was faster
            return _known(merchant_id, found.cart.order_id, actor, claim, render)
        if asked.seen is not None and isinstance(refusal, OF_LINES):
            now = find.shown(found, actor)
            _compare(asked.seen, now.total, {line.row.product_id: line.judged.verdict for line in now.lines})
        raise


def _order(found: Contents, asked: Checkout) -> OrderAsked:
    """The call that would place the same order without a cart; raises CartExpired, CartEmpty."""
    if find.standing(found.cart) is CartStanding.EXPIRED:
        raise CartExpired
    lines = [
        LineAsked(line.row.product_id, line.row.quantity, line.location, line.grade, guests=line.row.guests or ())
        for line in found.lines
    ]
    if not lines:
        raise CartEmpty
    origin = Origin(OriginKind.CART)
    return OrderAsked(lines, asked.payment_terms, note=asked.note, deliver_to=asked.deliver_to, origin=origin)


def around(row: Cart, seen: SeenCart | None, actor: Actor) -> Around:
    """How a cart becomes the order of its placement; CartChanged where it is another than it was, or than was seen."""
    merchant_id, cart_id, version = row.merchant_id, row.id, row.version

    def begin() -> None:
        if lock_open(merchant_id, cart_id, actor).cart.version != version:
            raise CartChanged("The cart was changed while it was being checked out.", changes=[])

    def agrees(shown: OrderView) -> None:
        if seen is not None:
            _compare(seen, shown.order.total_money, {line.row.product_id: line.row.verdict for line in shown.lines})

    def finish(shown: OrderView) -> None:
        _become(merchant_id, cart_id, shown.order)

    return Around(cart_id, begin, agrees, finish)


def _compare(seen: SeenCart, total: Money, verdicts: Mapping[UUID, Verdict]) -> None:
    """Raise CartChanged where something became worse."""
    changes = worse(seen, total, verdicts)
    if changes:
        raise CartChanged(changes=changes)


def _become(merchant_id: UUID, cart_id: UUID, order: Order) -> None:
    """Mark the locked cart as the order that it is; the lines are the order's now."""
    marked = update(Cart).where(Cart.merchant_id == merchant_id, Cart.id == cart_id)
    session().execute(
        marked.values(order_id=order.id, version=Cart.version + 1, changed_at=order.placed_at).execution_options(
            synchronize_session=False
        )
    )
    gone = delete(CartLine).where(CartLine.merchant_id == merchant_id, CartLine.cart_id == cart_id)
    session().execute(gone.execution_options(synchronize_session=False))


def _known(merchant_id: UUID, order_id: UUID, actor: Actor, claim: Claim | None, render: Render) -> Replayed | Known:
    """The order as it is now; kept under the call's key, so that the same call gets the same bytes again."""

    def work() -> Replayed | Known:
        stored = None if claim is None else replay.take(claim)
        if stored is not None:
            return Replayed(stored)
        answer = render(orders.order(merchant_id, order_id, actor), 200)
        if claim is not None:
            replay.keep(claim, answer)
        return Known(answer)

    return in_transaction(work, tenancy.of(merchant_id))
