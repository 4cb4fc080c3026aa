"""Transfers: units go from one place to another, or to another grade; what is promised stays where it is held."""

from dataclasses import dataclass
from uuid import UUID

from merchant_api.core.actor import Actor
from merchant_api.stock import holds, places
from merchant_api.stock.adjust import Adjusted, check_tracked
from merchant_api.stock.errors import InsufficientStock, SamePlace
from merchant_api.stock.ledger import Change
from merchant_api.stock.lock import lock_products
from merchant_api.stock.places import Place
from merchant_api.stock.states import Reason


@dataclass(frozen=True, slots=True)
class Transfer:
    """Units of a product to be moved."""

    product_id: UUID
    source: Place
    target: Place
    quantity: int
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Transferred:
    """Both cells after a transfer."""

    source: Adjusted
    target: Adjusted


def transfer(merchant_id: UUID, wanted: Transfer, actor: Actor) -> Transferred:
    """Move available units; a change of grade alone is a regrade.

    Raises NoSuchProduct, NotTracked, NoSuchPlace, SamePlace, InsufficientStock, TooManyUnits.
    """
    check_tracked(merchant_id, wanted.product_id)
    source = places.key_of(merchant_id, wanted.product_id, wanted.source)
    target = places.key_of(merchant_id, wanted.product_id, wanted.target)
    if source == target:
        raise SamePlace(errors={"to": ["The units are there already."]})
    places.make_cells(merchant_id, [source, target])
    book = lock_products(merchant_id, [wanted.product_id])
    available = book.balances[source].available
    if available < wanted.quantity:
        raise InsufficientStock(f"{max(available, 0)} are available there.", available=available)
    owing = book.owing()
    reason = Reason.TRANSFER if source[1] != target[1] else Reason.REGRADE
    left = book.change(Change(source, reason, on_hand=-wanted.quantity, comment=wanted.comment), actor)
    reached = book.change(Change(target, reason, on_hand=wanted.quantity, comment=wanted.comment), actor)
    book.write()
    holds.wake(merchant_id, owing)
    return Transferred(Adjusted(source, left), Adjusted(target, reached))
