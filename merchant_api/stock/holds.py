"""Holds: units promised to an order line. They are made, settled, released and restored under the cell's lock only.

A unit goes back at most once, whatever the path: what went back of a hold only grows and is never more than it held
(a trigger and a CHECK), and the ledger takes each number of units that have gone back once (a unique index).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm.attributes import set_committed_value

from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.ids import first_of_many
from merchant_api.stock.ledger import Book, CellKey, Change
from merchant_api.stock.lock import lock_products
from merchant_api.stock.models import Cell, Hold
from merchant_api.stock.states import HoldState, Reason

OWED_AGAIN_S = 1800  # a hold that on_hand does not cover is looked at again after this long, or when stock comes in


class HoldMoved(RuntimeError):
    """A hold changed though its cell was locked: a bug, never a user's fault."""


@dataclass(frozen=True, slots=True)
class UnitsWanted:
    """Units to hold for a line."""

    order_id: UUID
    line: int
    cell: CellKey
    quantity: int


@dataclass(frozen=True, slots=True)
class UnitsBack:
    """Units of a hold that go back, at most what is left of it."""

    hold: Hold
    units: int


def hold(
    book: Book, wanted: UnitsWanted, actor: Actor, settle_at: datetime | None, hold_id: UUID | None = None
) -> Hold:
    """Enter a hold into the book and give its row, to be added by the caller; `hold_id` says how old it is."""
    row = Hold(
        merchant_id=book.merchant_id,
        id=hold_id or first_of_many(),
        order_id=wanted.order_id,
        line=wanted.line,
        product_id=wanted.cell[0],
        location_id=wanted.cell[1],
        grade_id=wanted.cell[2],
        quantity=wanted.quantity,
        state=HoldState.OPEN,
        settle_at=settle_at,
        back=0,
        is_by_hand=False,
    )
    change = Change(wanted.cell, Reason.HELD, held=wanted.quantity, order_id=wanted.order_id, hold_id=row.id)
    book.change(change, actor)
    return row


def of_orders(merchant_id: UUID, order_ids: Iterable[UUID]) -> Sequence[Hold]:
    """The holds of some orders as they are under the locks that the caller has, oldest first."""
    rows = select(Hold).where(Hold.merchant_id == merchant_id, Hold.order_id.in_(sorted(order_ids))).order_by(Hold.id)
    return session().execute(rows.execution_options(populate_existing=True)).scalars().all()


def lock_for_orders(
    merchant_id: UUID, order_ids: Iterable[UUID], products: Iterable[UUID] = ()
) -> tuple[Book, Sequence[Hold]]:
    """Lock every cell of the products that the orders hold, and of `products`, then read the holds.

    The caller holds the orders' locks, so no other products are held meanwhile; settling may change states and move
    units to other places until the cells are locked.
    """
    ids = list(order_ids)
    book = lock_products(merchant_id, {row.product_id for row in of_orders(merchant_id, ids)} | set(products))
    return book, of_orders(merchant_id, ids)


def by_id(merchant_id: UUID, ids: Iterable[UUID]) -> Sequence[Hold]:
    """Some holds as they are now, oldest first."""
    return session().execute(_some(merchant_id, ids)).scalars().all()


def lock_by_id(merchant_id: UUID, ids: Iterable[UUID]) -> Sequence[Hold]:
    """Some holds under their locks, oldest first, for who has locked their cells and changes them one after another."""
    return session().execute(_some(merchant_id, ids).with_for_update(key_share=True)).scalars().all()


def _some(merchant_id: UUID, ids: Iterable[UUID]) -> Select[Hold]:
    rows = select(Hold).where(Hold.merchant_id == merchant_id, Hold.id.in_(sorted(ids))).order_by(Hold.id)
    return rows.execution_options(populate_existing=True)


def settle(book: Book, held: Iterable[Hold], actor: Actor) -> list[Hold]:
    """Turn whole open holds into decrements, oldest first, only as far as on_hand covers them; gives the settled."""
    settled = []
    for row in held:
        if row.state is HoldState.OPEN and book.balances[row.cell].on_hand >= row.units:
            _sell(book, row, actor)
            settled.append(row)
    _write([UnitsBack(row, 0) for row in settled], HoldState.SETTLED)
    return settled


def release(book: Book, held: Iterable[Hold], actor: Actor) -> None:
    """Give back all that is left of holds: open ones are released, settled ones restored, once."""
    give_back(book, [UnitsBack(row, row.units) for row in held if row.state in _GIVING_BACK], actor)


def give_back(book: Book, given: Iterable[UnitsBack], actor: Actor, reason: Reason | None = None) -> None:
    """Give back units of holds: of open ones held -= n, of settled ones on_hand += n and used -= n.

    `reason` is why settled units go back, when they were not cancelled. Who waits for one of the products is woken.
    """
    rows = list(given)
    owing = book.owing() & {each.hold.product_id for each in rows}
    for each in rows:
        _enter_back(book, each, actor, reason)
    for leaves, enters in _GIVING_BACK.items():
        _write_back([each for each in rows if each.hold.state is leaves], leaves, enters)
    wake(book.merchant_id, owing)


def looked_at(merchant_id: UUID, ids: Iterable[UUID]) -> None:
    """Say that these have been looked at: their products' holds lie where their units are."""
    _set(merchant_id, and_(Hold.id.in_(sorted(ids)), Hold.move_at.is_not(None)), move_at=None)


def give_up(book: Book, given: Sequence[UnitsBack], actor: Actor) -> None:
    """Release units of open holds that are held elsewhere in the same transaction; nobody is woken by it."""
    for each in given:
        _enter_back(book, each, actor, None)
    _write_back(given, HoldState.OPEN, HoldState.RELEASED)


def make_due(merchant_id: UUID, order_id: UUID) -> None:
    """Say that an order's open holds may be settled now: the order is confirmed."""
    _set(merchant_id, and_(Hold.order_id == order_id, Hold.state == HoldState.OPEN), settle_at=clock.now())


def leave(merchant_id: UUID, order_id: UUID) -> None:
    """Say that an order's units have left the shelf: picked up, handed over, or gone for good.

    Some may not be settled yet. The caller holds the order's lock.
    """
    is_taken = Hold.state.in_([HoldState.OPEN, HoldState.SETTLED])
    _set(merchant_id, and_(Hold.order_id == order_id, is_taken, Hold.left_at.is_(None)), left_at=clock.now())


def postpone(merchant_id: UUID, held: Iterable[Hold]) -> None:
    """Look again later at due holds that on_hand did not cover (a backorder that is owed)."""
    ids = [row.id for row in held]
    _set(merchant_id, Hold.id.in_(ids), settle_at=clock.now() + timedelta(seconds=OWED_AGAIN_S))


def wake(merchant_id: UUID, products: Iterable[UUID]) -> None:
    """Say that holds which wait for these products may be settled now, wherever units came in or were given up.

    Nothing is due of a hold that is not confirmed yet: the oldest of them stands for its product, whose holds may find
    their units elsewhere.
    """
    wanted = sorted(set(products))
    if not wanted:
        return
    theirs = Hold.product_id.in_(wanted)
    _set(merchant_id, and_(theirs, _waits()), settle_at=clock.now())
    _set(merchant_id, Hold.id.in_(_oldest_unconfirmed(merchant_id).where(theirs)), move_at=clock.now())


def wake_all(merchant_id: UUID) -> None:
    """Say that whatever waits may be settled now: so many cells changed that looking at each hold again is cheaper.

    It waits for nobody, for others may wait for it in a circle: who has one of the holds locked has locked its cell,
    which then did not change, or is picking it up.
    """
    waiting = _wanted(merchant_id, _waits()).with_for_update(key_share=True, skip_locked=True)
    _set_locked(merchant_id, waiting, settle_at=clock.now())
    owing = select(Cell.product_id).where(Cell.merchant_id == merchant_id, Cell.held > Cell.on_hand)
    oldest = Hold.id.in_(_oldest_unconfirmed(merchant_id).where(Hold.product_id.in_(owing)))
    lacking = _wanted(merchant_id, oldest).with_for_update(key_share=True, skip_locked=True)
    _set_locked(merchant_id, lacking, move_at=clock.now())


def _oldest_unconfirmed(merchant_id: UUID) -> Select[UUID]:
    """Of each product the oldest open hold that is not confirmed; to be narrowed to some products."""
    rows = select(Hold.id).where(Hold.merchant_id == merchant_id, Hold.state == HoldState.OPEN)
    return rows.where(Hold.settle_at.is_(None)).ext(distinct_on(Hold.product_id)).order_by(Hold.product_id, Hold.id)


def _waits() -> ColumnElement[bool]:
    return and_(Hold.state == HoldState.OPEN, Hold.settle_at > clock.now())


def _set(merchant_id: UUID, which: ColumnElement[bool], **values: Any) -> Sequence[UUID]:
    """Set columns of a merchant's holds and give their ids.

    They are locked in the order of their ids first: not everyone who changes holds has locked their cells, and no two
    may wait in a circle.
    """
    return _set_locked(merchant_id, _wanted(merchant_id, which).with_for_update(key_share=True), **values)


def _wanted(merchant_id: UUID, which: ColumnElement[bool]) -> Select[UUID]:
    return select(Hold.id).where(Hold.merchant_id == merchant_id, which).order_by(Hold.id)


def _set_locked(merchant_id: UUID, wanted: Select[UUID], **values: Any) -> Sequence[UUID]:
    locked = func.array(select(wanted.cte("locked").c.id).scalar_subquery())  # an array: always found by the key
    changing = update(Hold).where(Hold.merchant_id == merchant_id, Hold.id == func.any(locked)).values(values)
    rows = changing.returning(Hold.id).execution_options(synchronize_session=False)
    return session().execute(rows).scalars().all()


_GIVING_BACK = {HoldState.SETTLED: HoldState.RESTORED, HoldState.OPEN: HoldState.RELEASED}


def _sell(book: Book, row: Hold, actor: Actor) -> None:
    change = Change(row.cell, Reason.SOLD, -row.units, -row.units, row.units, order_id=row.order_id, hold_id=row.id)
    book.change(change, actor)


def _enter_back(book: Book, given: UnitsBack, actor: Actor, reason: Reason | None) -> None:
    row, units = given.hold, given.units
    is_open = row.state is HoldState.OPEN
    change = Change(
        row.cell,
        Reason.RELEASED if is_open else reason or Reason.CANCELLED,
        on_hand=0 if is_open else units,
        held=-units if is_open else 0,
        used=0 if is_open else -units,
        order_id=row.order_id,
        hold_id=row.id,
        hold_back=row.back + units,
    )
    book.change(change, actor)


def _write_back(given: Sequence[UnitsBack], leaves: HoldState, enters: HoldState) -> None:
    """Those whose units are all back enter the next state."""
    whole = [each for each in given if each.units == each.hold.units]
    _write([each for each in given if each.units < each.hold.units], leaves)
    _write(whole, enters)


def _write(given: Sequence[UnitsBack], state: HoldState) -> None:
    """One statement for any number of holds of a merchant; the rows at hand follow."""
    if not given:
        return
    rows = [each.hold for each in given]
    back = {each.hold.id: each.hold.back + each.units for each in given}
    which = and_(Hold.id.in_(list(back)), Hold.state == rows[0].state)
    written = _set(rows[0].merchant_id, which, state=state, back=case(back, value=Hold.id))
    if len(written) != len(back):
        raise HoldMoved(f"{len(written)} of {len(back)} holds became {state}")
    for row in rows:
        set_committed_value(row, "state", state)
        set_committed_value(row, "back", back[row.id])
