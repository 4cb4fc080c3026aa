"""Ask the courier for confirmed orders whose moment has come: `ready_at` is reached and nothing is owed any more.

Who waited for a backorder is told that it has come in, also where no courier is asked. Settling says which orders may
have got the last unit that they waited for; looking again every now and then is for what it did not live to say.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update

from merchant_api.core import clock
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.core.due import Due
from merchant_api.orders import move
from merchant_api.orders.confirm import ask_courier, goes_by_courier
from merchant_api.orders.models import Order
from merchant_api.orders.move import Locked
from merchant_api.orders.states import State, Verdict
from merchant_api.stock import holds
from merchant_api.stock.models import Hold
from merchant_api.stock.states import HoldState

DUE = Due(Order, "ix_orders_pickup_due")
AGAIN_S = 15  # how soon an order that is still owed something is looked at again


def run(merchant_id: UUID, ids: Sequence[UUID], actor: Actor) -> int:
    """Ask for those that are ready and of which nothing is owed; look at the others again soon.

    Gives how many had all they wait for.
    """
    return _ask(merchant_id, Order.id.in_(sorted(ids)), len(ids), actor)


def after_settling(merchant_id: UUID, hold_ids: Sequence[UUID], actor: Actor) -> int:
    """The same for the orders of these holds, which settling has just looked at."""
    theirs = select(Hold.order_id).where(Hold.merchant_id == merchant_id, Hold.id.in_(sorted(hold_ids)))
    return _ask(merchant_id, Order.id.in_(theirs), None, actor)  # waits: nobody would come again soon


def soon(merchant_id: UUID, hold_ids: Sequence[UUID]) -> None:
    """Look at the orders of these holds in the next run: they were moved with others and may have all they wait for.

    The caller has locked the orders.
    """
    theirs = select(Hold.order_id).where(Hold.merchant_id == merchant_id, Hold.id.in_(sorted(hold_ids)))
    waits = and_(Order.pickup_due_at > clock.now(), _is_ready())
    rows = update(Order).where(Order.merchant_id == merchant_id, Order.id.in_(theirs), waits)
    session().execute(rows.values(pickup_due_at=clock.now()).execution_options(synchronize_session=False))


def _is_ready() -> ColumnElement[bool]:
    return or_(Order.ready_at.is_(None), Order.ready_at <= clock.now())


def _ask(merchant_id: UUID, those: ColumnElement[bool], most: int | None, actor: Actor) -> int:
    which = and_(
        those,
        Order.state == State.CONFIRMED,
        Order.pickup_due_at.is_not(None),
        _is_ready(),
    )
    locked = move.lock_many(merchant_id, which, limit=most)
    if not locked:
        return 0
    held = holds.of_orders(merchant_id, [each.order.id for each in locked])
    owed = {hold.order_id for hold in held if hold.state is HoldState.OPEN}
    for each in locked:
        if each.order.id in owed:
            each.order.pickup_due_at = each.at + timedelta(seconds=AGAIN_S)
        else:
            _come_in(each, actor)
    move.write(merchant_id, locked)
    return sum(each.order.id not in owed for each in locked)


def _come_in(locked: Locked, actor: Actor) -> None:
    locked.order.pickup_due_at = None
    if any(line.verdict is Verdict.BACKORDER and line.kept for line in locked.lines):
        move.tell(locked, "order.in_stock", actor)
    if goes_by_courier(locked.lines):
        ask_courier(locked, actor)
