"""Returns after delivery: what comes back goes into stock, into another grade, or is written off; once (DESIGN.md 2).

A unit that was sold from stock goes back through its hold, so that no path gives it back twice. One that was only the
merchant's word has no hold: the line's own count of what came back sees to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.core.money import Money
from merchant_api.core.paging import Page, Window, newest_first
from merchant_api.orders import find, move
from merchant_api.orders.errors import MoreThanDelivered, UnknownLine
from merchant_api.orders.models import OrderLine
from merchant_api.orders.move import Locked
from merchant_api.orders.return_models import Return
from merchant_api.orders.states import Condition, State, Step
from merchant_api.orders.view import OrderView, view
from merchant_api.stock import hand_over, holds, places
from merchant_api.stock.holds import UnitsBack
from merchant_api.stock.ledger import Book, CellKey
from merchant_api.stock.models import Hold
from merchant_api.stock.places import Place
from merchant_api.stock.prefer import preferred_cells
from merchant_api.stock.put_back import Coming, put_back


@dataclass(frozen=True, slots=True)
class Back:
    """Units of a line that came back. Without a place: to where they came from, or written off if damaged."""

    line: int
    quantity: int
    condition: Condition
    location: str | None = None
    grade: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class ReturnView:
    """A row of a return with the names of its place and its worth."""

    row: Return
    location: str | None
    grade: str | None
    value: Money


@dataclass(frozen=True, slots=True)
class Returned:
    """The order after a return, and the rows of it."""

    shown: OrderView
    items: Sequence[ReturnView]


@dataclass(frozen=True, slots=True)
class _Stock:
    """What a return works on, under its locks: the book, the order's holds, where loose units lie."""

    book: Book
    held: Sequence[Hold]
    homes: dict[UUID, CellKey]


def give_back(merchant_id: UUID, order_id: UUID, wanted: Sequence[Back], actor: Actor) -> Returned:
    """Take units of a delivered order back; raises WrongState, UnknownLine, MoreThanDelivered, NoSuchPlace."""
    locked = move.lock(merchant_id, order_id, actor)
    move.require(locked, Step.RETURN)
    lines = _checked(locked, wanted)
    targets = [_target(merchant_id, lines[each.line], each) for each in wanted]
    stock = _lock(locked, [lines[each.line] for each in wanted], targets, actor)
    rows = [
        row
        for each, target in zip(wanted, targets, strict=True)
        for row in _taken(locked, lines[each.line], each, target, stock, actor)
    ]
    stock.book.write()
    session().add_all(rows)
    _entered(locked, rows, actor)
    shown = view(locked.order, locked.lines, stock.held)
    return Returned(shown, _views(merchant_id, rows, locked.order.currency))


def of_order(merchant_id: UUID, order_id: UUID, at: Window, actor: Actor) -> Page[ReturnView]:
    """What came back of an order, newest first; raises NotFound."""
    currency = find.order(merchant_id, order_id, actor).order.currency
    rows = select(Return).where(Return.merchant_id == merchant_id, Return.order_id == order_id)
    page: Page[Return] = newest_first(rows, Return.id, at)
    return Page(_views(merchant_id, page.items, currency), page.next)


def _checked(locked: Locked, wanted: Sequence[Back]) -> dict[int, OrderLine]:
    lines = {line.line: line for line in locked.lines}
    units: dict[int, int] = {}
    for each in wanted:
        if each.line not in lines:
            raise UnknownLine(errors={"lines": [f"This order has no line {each.line}."]})
        units[each.line] = units.get(each.line, 0) + each.quantity
    left = {n: lines[n].kept - lines[n].returned for n in units}
    short = [
        {"line": n, "sku": lines[n].sku, "wanted": wished, "left": left[n]}
        for n, wished in units.items()
        if wished > left[n]
    ]
    if short:
        raise MoreThanDelivered(lines=short)
    return lines


def _target(merchant_id: UUID, line: OrderLine, back: Back) -> CellKey | None:
    if not line.is_tracked or (back.location is None and back.grade is None):
        return None
    place = Place(back.location or places.DEFAULT, back.grade or places.DEFAULT)
    return places.key_of(merchant_id, line.product_id, place)


def _lock(locked: Locked, lines: Sequence[OrderLine], targets: Sequence[CellKey | None], actor: Actor) -> _Stock:
    """Lock every cell of the products, and settle what of them left with the order before leaving settled it."""
    merchant_id, order_id = locked.order.merchant_id, locked.order.id
    named = [cell for cell in targets if cell is not None]
    if named:
        places.make_cells(merchant_id, named)
    products = {line.product_id for line in lines if line.is_tracked}
    homes: dict[UUID, CellKey] = {}
    for cell in preferred_cells(merchant_id, products):
        homes.setdefault(cell[0], cell)
    book, held = holds.lock_for_orders(merchant_id, [order_id], products)
    theirs = [row for row in held if row.product_id in products]
    hand_over.settle_all(hand_over.of(book, theirs), actor)
    return _Stock(book, held, homes)


def _taken(
    locked: Locked, line: OrderLine, back: Back, target: CellKey | None, stock: _Stock, actor: Actor
) -> list[Return]:
    line.returned += back.quantity
    lies: dict[CellKey | None, int] = {None: back.quantity}
    if line.is_tracked:
        given = _given(line, back.quantity, stock.held)
        coming = Coming(
            order_id=line.order_id,
            held=given,
            loose=back.quantity - sum(each.units for each in given),
            home=stock.homes[line.product_id],
            target=target,
            is_resellable=back.condition is Condition.RESELLABLE,
            comment=back.note,
        )
        lies = put_back(stock.book, coming, actor)
    return [_row(locked, line, back, cell, units, actor) for cell, units in lies.items()]


def _given(line: OrderLine, quantity: int, held: Sequence[Hold]) -> list[UnitsBack]:
    given, left = [], quantity
    for row in held:
        units = min(row.units, left)
        if row.line == line.line and units:
            given.append(UnitsBack(row, units))
            left -= units
    return given


def _row(locked: Locked, line: OrderLine, back: Back, cell: CellKey | None, units: int, actor: Actor) -> Return:
    return Return(
        merchant_id=line.merchant_id,
        id=new_id(),
        order_id=line.order_id,
        line=line.line,
        quantity=units,
        condition=back.condition,
        location_id=None if cell is None else cell[1],
        grade_id=None if cell is None else cell[2],
        value=line.unit_price * units,
        note=back.note,
        actor=actor.stamp(),
        returned_at=locked.at,
    )


def _entered(locked: Locked, rows: Sequence[Return], actor: Actor) -> None:
    order = locked.order
    worth = sum(row.value for row in rows)
    order.returned_value += worth
    skus = {line.line: line.sku for line in locked.lines}
    said = ", ".join(f"{row.quantity} × {skus[row.line]} {row.condition.value}" for row in rows)
    move.enter(locked, Step.RETURN, State.DELIVERED, actor, said)
    move.tell(locked, "order.returned", actor, amount={"amount": worth, "currency": order.currency})
    move.write(order.merchant_id, [locked])


def _views(merchant_id: UUID, rows: Sequence[Return], currency: str) -> list[ReturnView]:
    named = places.names(merchant_id) if any(row.location_id for row in rows) else {}
    return [
        ReturnView(
            row,
            None if row.location_id is None else named[row.location_id],
            None if row.grade_id is None else named[row.grade_id],
            Money(row.value, currency),
        )
        for row in rows
    ]
