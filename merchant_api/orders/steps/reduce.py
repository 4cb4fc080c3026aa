"""Cancel a part of an order: some units of some lines end, the others go on as they are (DESIGN.md 2).

Of a line the merchant's word goes first, then what is held, the newest promise first, then what was settled. Its total
falls with it, and what was paid beyond that is owed back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from merchant_api.core.actor import Actor
from merchant_api.orders import move, registrations
from merchant_api.orders.confirm import paid
from merchant_api.orders.errors import MoreThanLeft, UnknownGuest, UnknownLine
from merchant_api.orders.models import OrderLine
from merchant_api.orders.move import Locked
from merchant_api.orders.relocate import relocate
from merchant_api.orders.states import State, Step
from merchant_api.orders.view import OrderView, view
from merchant_api.stock import holds, settle
from merchant_api.stock.holds import UnitsBack
from merchant_api.stock.ledger import Book, Change
from merchant_api.stock.models import Hold
from merchant_api.stock.states import HoldState, Reason


@dataclass(frozen=True, slots=True)
class Part:
    """Units of a line that end. `guests` are the names of those who stay out, as many as units; else the last ones."""

    line: int
    quantity: int
    guests: Sequence[str] | None = None


class CancelAsked(Protocol):
    """Why, and whether the units go back into stock (None: they do)."""

    @property
    def reason(self) -> str: ...
    @property
    def restock(self) -> bool | None: ...


def all_that_is_left(locked: Locked, parts: Sequence[Part]) -> bool:
    """Whether the parts are everything that is left of the order; raises UnknownLine, MoreThanLeft."""
    wanted = {part.line: part for part in parts}
    unknown = set(wanted) - {line.line for line in locked.lines}
    if unknown or len(wanted) < len(parts):
        raise UnknownLine(errors={"lines": [f"Name each of this order's lines once at most: {sorted(unknown) or ''}"]})
    short = [_short(line, wanted[line.line]) for line in locked.lines if _is_short(line, wanted.get(line.line))]
    if short:
        raise MoreThanLeft(lines=short)
    return all(line.kept == (wanted[line.line].quantity if line.line in wanted else 0) for line in locked.lines)


def reduce(locked: Locked, parts: Sequence[Part], wish: CancelAsked, actor: Actor) -> OrderView:
    """Cancel the parts of a locked order that may be cancelled; raises UnknownGuest."""
    order = locked.order
    lines = {line.line: line for line in locked.lines}
    book, held = holds.lock_for_orders(order.merchant_id, [order.id])
    if wish.restock is False:  # what stays out may lie elsewhere, where the job has not looked yet
        relocate(book, actor)
        held = holds.of_orders(order.merchant_id, [order.id])
    gone: list[UnitsBack] = []
    for part in parts:
        gone += _taken(lines[part.line], part, held)
    lost = _lost(book, gone) if wish.restock is False else []
    holds.give_back(book, gone, actor)
    for each in lost:
        _write_off(book, each, locked, actor)
    book.write()
    gone_whole = [lines[part.line].product_id for part in parts if not lines[part.line].kept]
    registrations.drop(order.merchant_id, order.id, gone_whole)
    _entered(locked, parts, wish, actor)
    return view(order, locked.lines, held)


def _is_short(line: OrderLine, part: Part | None) -> bool:
    return part is not None and part.quantity > line.kept


def _short(line: OrderLine, part: Part) -> dict[str, object]:
    return {"line": line.line, "sku": line.sku, "wanted": part.quantity, "left": line.kept}


def _taken(line: OrderLine, part: Part, held: Iterable[Hold]) -> list[UnitsBack]:
    """Note on the line what ends of it, and give the units of its holds that do."""
    _stay_out(line, part)
    spoken = min(line.promised, part.quantity)
    line.promised -= spoken
    line.cancelled += part.quantity
    left = part.quantity - spoken
    given = []
    for state in (HoldState.OPEN, HoldState.SETTLED):
        for row in sorted(held, key=lambda row: row.id, reverse=True):
            units = min(row.units, left)
            if row.line == line.line and row.state is state and units:
                given.append(UnitsBack(row, units))
                left -= units
    return given


def _stay_out(line: OrderLine, part: Part) -> None:
    """The guests that are left; one who cancels all units of a line stays out himself."""
    if line.guests is None:
        if part.guests is not None:
            raise UnknownGuest(errors={"guests": ["This line has no guests."]})
        return
    guests = list(line.guests)
    if part.quantity == line.kept:
        guests = []
    elif part.guests is None:
        guests = guests[: len(guests) - part.quantity]
    else:
        guests = _without(guests, part)
    line.guests = guests


def _without(guests: list[str], part: Part) -> list[str]:
    left = list(guests)
    for name in part.guests or ():
        if name not in left:
            raise UnknownGuest(errors={"guests": [f"Nobody called {name} comes along."]})
        left.remove(name)
    if len(part.guests or ()) != part.quantity:
        raise UnknownGuest(errors={"guests": ["Name as many guests as units end."]})
    return left


def _lost(book: Book, gone: Sequence[UnitsBack]) -> list[UnitsBack]:
    """Of units that shall not go back into stock those that are there; what was only promised was never there."""
    waiting = [each.hold for each in gone if each.hold.state is HoldState.OPEN]
    there = settle.coverable(book, waiting)
    return [each for each in gone if each.hold.state is HoldState.SETTLED or each.hold.id in there]


def _write_off(book: Book, lost: UnitsBack, locked: Locked, actor: Actor) -> None:
    comment = f"Cancelled from order {locked.order.code}, not put back into stock"
    cell, order_id = lost.hold.cell, locked.order.id
    book.change(Change(cell, Reason.LOST, on_hand=-lost.units, comment=comment, order_id=order_id), actor)


def _entered(locked: Locked, parts: Sequence[Part], wish: CancelAsked, actor: Actor) -> None:
    order = locked.order
    lines = {line.line: line for line in locked.lines}
    order.total -= sum(lines[part.line].unit_price * part.quantity for part in parts)
    said = ", ".join(f"{part.quantity} × {lines[part.line].sku}" for part in parts)
    move.enter(locked, Step.REDUCE, order.state, actor, f"{said}: {wish.reason}")
    move.tell(locked, "order.reduced", actor, note=wish.reason)
    if order.pickup_due_at is not None:
        order.pickup_due_at = max(order.ready_at or locked.at, locked.at)  # perhaps nothing of it is owed any more
    if order.state is State.AWAITING_PAYMENT and not order.left_to_pay:
        paid(locked, actor)  # what was left to pay is cancelled
    move.write(order.merchant_id, [locked])
