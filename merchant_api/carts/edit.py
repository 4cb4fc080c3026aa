"""Putting a line into a cart, changing it and taking it out, under the cart's lock; stock is looked at, not locked.

What would be refused at checkout does not enter. Wanting less of it is always possible, whatever became of stock,
limit or product meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from merchant_api.carts import find
from merchant_api.carts.check import check_seen, is_for_sale, judge, survey
from merchant_api.carts.errors import CartFull, NoSuchLine
from merchant_api.carts.find import CartView, Contents, Line
from merchant_api.carts.lock import LockedCart, lock_open
from merchant_api.carts.models import Cart, CartLine
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.errors import Conflict, Refusal
from merchant_api.orders.models import MOST_GUESTS, MOST_LINES
from merchant_api.orders.place.ground import Ground
from merchant_api.orders.place.limits import check_total
from merchant_api.orders.place.placement import LineWanted
from merchant_api.stock import places
from merchant_api.stock.errors import NoSuchPlace
from merchant_api.stock.models import Grade, Location

P = TypeVar("P", Location, Grade)


@dataclass(frozen=True, slots=True)
class CartLineAsked:
    """How many units of a product are wanted, for which guests beside oneself, and from where, by name."""

    quantity: int
    guests: Sequence[str] = ()
    location: str | None = None
    grade: str | None = None


def put(merchant_id: UUID, cart_id: UUID, product_id: UUID, wish: CartLineAsked, actor: Actor) -> CartView:
    """Add the line of a product, or set it anew.

    Raises NotFound, CheckedOut, CartExpired, CartFull, NoSuchPlace, NoSuchProduct, TooExpensive, and what placing
    would refuse of the line; where it wants less than before only what is not valid in itself.
    """
    locked = lock_open(merchant_id, cart_id, actor)
    lying = find.contents(merchant_id, cart_id, actor).lines
    wanted, names = _wanted(merchant_id, product_id, wish)
    others = [line for line in lying if line.row.product_id != product_id]
    before = next((line.row for line in lying if line.row.product_id == product_id), None)
    _check_room(others, wanted)
    ground = survey(merchant_id, [wanted, *(line.row.wanted for line in others)], actor)
    is_less = before is not None and _is_less(wanted, before.wanted)
    check_seen(wanted, ground, actor, is_new=before is None)
    _check_line(wanted, ground, actor, (Conflict,) if is_less else ())
    if not is_less:
        check_total(sum(_price(line, ground) for line in [wanted, *(line.row.wanted for line in others)]))
    _touch(locked)
    row = _set(locked, before, wanted, ground)
    session().flush()
    return find.on(ground, _sorted(locked.cart, [*others, Line(row, *names)]), actor)


def remove(merchant_id: UUID, cart_id: UUID, product_id: UUID, actor: Actor) -> CartView:
    """Take a product's line out; raises NotFound, NoSuchLine, CheckedOut, CartExpired."""
    locked = lock_open(merchant_id, cart_id, actor)
    lying = find.contents(merchant_id, cart_id, actor).lines
    others = [line for line in lying if line.row.product_id != product_id]
    if len(others) == len(lying):
        raise NoSuchLine
    _touch(locked)
    for line in lying:
        if line not in others:
            session().delete(line.row)
    session().flush()
    return find.shown(Contents(locked.cart, others), actor)


def _wanted(
    merchant_id: UUID, product_id: UUID, wish: CartLineAsked
) -> tuple[LineWanted, tuple[str | None, str | None]]:
    """The line as placing takes it, and the names that its places have, however they were asked for."""
    location_id, location = _place(Location, merchant_id, wish.location)
    grade_id, grade = _place(Grade, merchant_id, wish.grade)
    return LineWanted(product_id, wish.quantity, location_id, grade_id, guests=tuple(wish.guests)), (location, grade)


def _place(table: type[P], merchant_id: UUID, name: str | None) -> tuple[UUID | None, str | None]:
    if name is None:
        return None, None
    found = places.found(table, merchant_id, [name])
    if not found:
        raise NoSuchPlace(names=[name])
    return found[name].id, found[name].name


def _check_room(others: Sequence[Line], wanted: LineWanted) -> None:
    if len(others) >= MOST_LINES:
        raise CartFull(f"A cart has at most {MOST_LINES} lines.", most=MOST_LINES)
    if sum(len(line.row.guests or ()) for line in others) + len(wanted.guests) > MOST_GUESTS:
        raise CartFull(f"A cart has at most {MOST_GUESTS} guests.", most=MOST_GUESTS)


def _is_less(wanted: LineWanted, before: LineWanted) -> bool:
    """Whether nothing more is asked for than before, and from nowhere else; from anywhere is no more than a place."""
    is_as_wide = wanted.location_id in (None, before.location_id) and wanted.grade_id in (None, before.grade_id)
    return is_as_wide and wanted.quantity <= before.quantity


def _check_line(wanted: LineWanted, ground: Ground, actor: Actor, allowed: tuple[type[Refusal], ...]) -> None:
    """Raise what placing would say of the line, but for the allowed kinds."""
    (judged,) = judge([wanted], ground, actor)
    if judged.refusal is not None and not isinstance(judged.refusal, allowed):
        raise judged.refusal


def _price(line: LineWanted, ground: Ground) -> int:
    return ground.items[line.product_id].price * line.quantity


def _touch(locked: LockedCart) -> None:
    cart = locked.cart
    cart.version += 1
    cart.changed_at = locked.at
    cart.expires_at = locked.at + timedelta(seconds=locked.ttl_s)


def _set(locked: LockedCart, before: CartLine | None, wanted: LineWanted, ground: Ground) -> CartLine:
    """The line's row with what is wanted, and with what the product is called and costs while it is for sale."""
    cart, item = locked.cart, ground.items[wanted.product_id]
    row = before
    if row is None:
        row = CartLine(merchant_id=cart.merchant_id, cart_id=cart.id, product_id=item.product_id, number=cart.version)
        session().add(row)
    row.quantity, row.guests = wanted.quantity, list(wanted.guests) or None
    row.location_id, row.grade_id = wanted.location_id, wanted.grade_id
    if is_for_sale(item):
        row.sku, row.name, row.unit_price = item.sku, item.name, item.price
    return row


def _sorted(cart: Cart, lying: Sequence[Line]) -> Contents:
    return Contents(cart, sorted(lying, key=lambda line: line.row.number))
