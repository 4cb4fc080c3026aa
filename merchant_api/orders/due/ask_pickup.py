"""Ask the courier for confirmed orders whose moment has come: `ready_at` is reached and nothing is owed any more.

Who waited for a backorder is told that it has come in, also where no courier is asked.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import and_

from merchant_api.core.actor import Actor
from merchant_api.core.due import Due
from merchant_api.orders import move
from merchant_api.orders.confirm import ask_courier, goes_by_courier
from merchant_api.orders.models import Order
from merchant_api.orders.move import Locked
from merchant_api.orders.states import State, Verdict
from merchant_api.stock import holds
from merchant_api.stock.states import HoldState

DUE = Due(Order, "ix_orders_pickup_due")
AGAIN_S = 15  # how soon an order that is still owed something is looked at again


def run(merchant_id: UUID, ids: Sequence[UUID], actor: Actor) -> int:
    """Ask for those of which nothing is owed; look at the others again soon. Gives how many had all they wait for."""
    which = and_(Order.id.in_(sorted(ids)), Order.state == State.CONFIRMED, Order.pickup_due_at.is_not(None))
    locked = move.lock_many(merchant_id, which, limit=len(ids))
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
