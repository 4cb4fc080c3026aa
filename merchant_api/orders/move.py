"""The one way an order moves: lock, look at the clock, check, then state, history and event together.

Its first step too: placing draws up an order that stands nowhere yet and enters it by the same door.

The clock is read after the lock is held, so that an answer which waited behind a rival is tested against the instant
at which it really acts (facts: a condition in one UPDATE accepted orders past their deadline).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Table, Uuid, and_, bindparam, select, text

from merchant_api.accounts.models import Merchant
from merchant_api.core import clock, metrics, reader, rows
from merchant_api.core.actor import Actor, Role
from merchant_api.core.db import after_commit, session
from merchant_api.core.errors import NotFound
from merchant_api.core.schema import rfc3339
from merchant_api.orders import buyers, registrations
from merchant_api.orders.deadlines import Windows
from merchant_api.orders.errors import WrongState
from merchant_api.orders.merchant import SELECTED, shop_of, windows_of
from merchant_api.orders.models import Order, OrderHistory, OrderLine
from merchant_api.orders.payload import Shop, payload
from merchant_api.orders.proven import proves
from merchant_api.orders.states import ENDED_UNDELIVERED, MOVES, State, Step, can
from merchant_api.outbox.models import Event
from merchant_api.outbox.record import Happening

MUTABLE = (
    "state",
    "seq",
    "paid",
    "parked",
    "parked_sum",
    "pay_by",
    "sweep_at",
    "answered_at",
    "answered_by",
    "answer_note",
    "confirmed_at",
    "cancel_by",
    "ready_at",
    "pickup_due_at",
    "pickup_asked_at",
    "ended_at",
    "reason",
    "cause",
    "total",
    "returned_value",
    "refunded",
    "disputes",
    "disputed",
    "cancel_asked_at",
    "cancel_respond_by",
)
_PARTS = (
    rows.update_part(cast("Table", Order.__table__), "orders", "id", MUTABLE),
    rows.insert_part(cast("Table", OrderHistory.__table__), "history"),
    rows.insert_part(cast("Table", Event.__table__), "events"),
)
_WRITE = text(f"WITH {', '.join(_PARTS)} SELECT count(*) FROM orders").bindparams(  # noqa: S608 - our own tables
    bindparam("merchant_id", type_=Uuid())
)
_WRITE_AND_FORGET = text(  # and the registrations of orders that ended undelivered
    f"WITH {', '.join(_PARTS)}, {registrations.GONE_SQL} SELECT count(*) FROM orders"  # noqa: S608 - our own tables
).bindparams(bindparam("merchant_id", type_=Uuid()), registrations.ENDED)


@dataclass(slots=True)
class Locked:
    """An order under its lock: the row (a plain value, written by `write`), its lines, and the instant of the lock.

    Or a new one that nobody else knows yet, which placing writes.
    """

    order: Order
    lines: list[OrderLine]
    shop: Shop
    windows: Windows
    at: datetime
    was_requested: bool = False
    was_cancel_requested: bool = False
    proved: bool = False
    history: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)


def lock(merchant_id: UUID, order_id: UUID, actor: Actor) -> Locked:
    """Lock one order; NotFound also for another customer's."""
    found = lock_many(merchant_id, Order.id == order_id)
    if not found or (actor.role is Role.CUSTOMER and found[0].order.customer_id != actor.person_id):
        raise NotFound
    return found[0]


def lock_many(merchant_id: UUID, which: ColumnElement[bool], limit: int | None = None) -> list[Locked]:
    """Lock a merchant's orders in the order of their ids. With a limit, those that others hold are left out."""
    statement = (
        select(Order, *SELECTED)
        .join(Merchant, Merchant.id == Order.merchant_id)
        .where(Order.merchant_id == merchant_id, which)
        .order_by(Order.id)
        .limit(limit)
        .with_for_update(of=Order, key_share=True, skip_locked=limit is not None)
        .execution_options(populate_existing=True)
    )
    found = session().execute(statement).all()
    lines = _lines(merchant_id, [row[0].id for row in found])
    return [_locked(row, lines) for row in found]


def lock_free(merchant_id: UUID, ids: Iterable[UUID]) -> set[UUID]:
    """Lock those of some orders that nobody else has locked, for who has locked their cells: it waits for nobody."""
    wanted = select(Order.id).where(Order.merchant_id == merchant_id, Order.id.in_(sorted(ids))).order_by(Order.id)
    return set(session().execute(wanted.with_for_update(key_share=True, skip_locked=True)).scalars())


def _lines(merchant_id: UUID, ids: Sequence[UUID]) -> dict[UUID, list[OrderLine]]:
    if not ids:
        return {}
    by_order: dict[UUID, list[OrderLine]] = {}
    wanted: Select[OrderLine] = select(OrderLine).where(
        and_(OrderLine.merchant_id == merchant_id, OrderLine.order_id.in_(ids))
    )
    for line in session().execute(wanted.order_by(OrderLine.order_id, OrderLine.line)).scalars():
        by_order.setdefault(line.order_id, []).append(line)
    return by_order


def _locked(row: Row[Any], lines: dict[UUID, list[OrderLine]]) -> Locked:
    order: Order = row[0]
    session().expunge(order)  # a plain value from here on: `write` is the only writer of its columns
    return Locked(
        order=order,
        lines=lines.get(order.id, []),
        shop=shop_of(row),
        windows=windows_of(row),
        at=clock.now(),
        was_requested=order.state is State.REQUESTED,
        was_cancel_requested=order.cancel_requested,
        proved=proves(order),
    )


def require(locked: Locked, step: Step) -> None:
    """Raise WrongState unless the step is possible now."""
    if not can(step, locked.order.state):
        raise wrong_state(locked.order, step)


def wrong_state(order: Order, step: Step) -> WrongState:
    """The refusal of a step, telling who did what and when."""
    last = _last_move(order)
    return WrongState(
        f"This order is {order.state.value.replace('_', ' ')}: {step.value.replace('_', ' ')} is not possible.",
        state=order.state.value,
        step=step.value,
        last_step=last.step.value,
        by=reader.stamp(last.actor),
        at=rfc3339(last.happened_at),
        answered_by=reader.stamp(order.answered_by),
        answered_at=None if order.answered_at is None else rfc3339(order.answered_at),
    )


def _last_move(order: Order) -> OrderHistory:
    statement = select(OrderHistory).where(
        OrderHistory.merchant_id == order.merchant_id,
        OrderHistory.order_id == order.id,
        OrderHistory.seq == order.seq,
    )
    return session().execute(statement).scalar_one()


def enter(locked: Locked, step: Step, state: State, actor: Actor, note: str | None = None) -> None:
    """Take a step: the state and its row of history. An order without history stands nowhere: it can only be placed."""
    order = locked.order
    may_leave = can(step, order.state) if order.seq else step is Step.PLACE
    if not (may_leave and state in MOVES[step].enters):
        raise AssertionError(f"{step} from {order.state} to {state}")
    order.state = state
    order.seq += 1
    locked.history.append(_history_row(order, step, actor, note, locked.at))


def _history_row(order: Order, step: Step, actor: Actor, note: str | None, at: datetime) -> dict[str, Any]:
    return {
        "merchant_id": order.merchant_id,
        "order_id": order.id,
        "seq": order.seq,
        "state": order.state,
        "step": step,
        "actor": actor.stamp(),
        "note": note,
        "happened_at": at,
    }


def tell(locked: Locked, type_: str, actor: Actor, **more: object) -> None:
    """Add an event with the order's payload as it is now; `more` adds or replaces members."""
    said = payload(locked.order, locked.lines, locked.shop, actor)
    was = {"was_requested": locked.was_requested, "was_cancel_requested": locked.was_cancel_requested}
    said |= was | more
    locked.events.append(Happening(locked.order.merchant_id, type_, locked.order.id, said).values())


def write(merchant_id: UUID, moved: Iterable[Locked]) -> None:
    """Write moved orders, their history and events in one statement.

    Orders that ended undelivered lose their registrations in it: whoever was registered may register again. What they
    prove of their customers follows.
    """
    all_moved = list(moved)
    given = {
        "merchant_id": merchant_id,
        "orders": rows.array(_changed(locked.order) for locked in all_moved),
        "history": rows.array(row for locked in all_moved for row in locked.history),
        "events": rows.array(event for locked in all_moved for event in locked.events),
    }
    session().flush()
    if ended := [locked.order.id for locked in all_moved if _ends_registrations(locked)]:
        written = session().execute(_WRITE_AND_FORGET, given | {"ended": ended}).scalar_one()
    else:
        written = session().execute(_WRITE, given).scalar_one()
    if written != len(all_moved):
        raise AssertionError(f"{written} of {len(all_moved)} orders written")
    changed = [locked for locked in all_moved if proves(locked.order) is not locked.proved]
    buyers.gain(merchant_id, {each.order.customer_id for each in changed if not each.proved})
    buyers.look_again(merchant_id, {each.order.customer_id for each in changed if each.proved})
    steps = [(row["step"], row["state"]) for locked in all_moved for row in locked.history]
    after_commit(lambda: _count(steps))


def _count(steps: Iterable[tuple[str, str]]) -> None:
    for step, state in steps:
        metrics.orders_moved.labels(step, state).inc()


def _ends_registrations(locked: Locked) -> bool:
    return locked.order.state in ENDED_UNDELIVERED and any(map(registrations.is_registration, locked.lines))


def _changed(order: Order) -> dict[str, Any]:
    return {"id": order.id} | {column: getattr(order, column) for column in MUTABLE}
