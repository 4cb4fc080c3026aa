"""What being confirmed means: its holds may be settled, and the courier is asked once (DESIGN.md 2).

The courier is asked at once, or at `ready_at` where the merchant named one, or when nothing of the order is owed. Until
then `pickup_due_at` says when to look again, also where no courier comes: the customer is told when all has come in.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from merchant_api.catalog.models import Fulfilment
from merchant_api.core.actor import Actor
from merchant_api.orders import deadlines
from merchant_api.orders.deadlines import Windows
from merchant_api.orders.models import Order, OrderLine
from merchant_api.orders.move import Locked, enter, tell
from merchant_api.orders.states import State, Step
from merchant_api.stock import holds, short


def goes_by_courier(lines: Iterable[OrderLine]) -> bool:
    """Whether any line of which something is left is fulfilled by courier."""
    return any(line.fulfilment is Fulfilment.COURIER and line.kept for line in lines)


def stand_unpaid(order: Order, at: datetime, windows: Windows) -> None:
    """The deadlines of an order that just entered `awaiting_payment`; pure."""
    order.pay_by = deadlines.pay_by(windows, at)
    order.sweep_at = deadlines.sweep_at(windows, order.pay_by)


def stand_confirmed(order: Order, at: datetime, windows: Windows, *, is_owed: bool, by_courier: bool) -> bool:
    """What an order gets that just entered `confirmed`, and whether its courier is to be asked now; pure."""
    order.confirmed_at = at
    order.cancel_by = deadlines.cancel_by(windows, at)
    order.sweep_at = None
    if not by_courier:
        order.pickup_due_at = at if is_owed else None
        return False
    due_at = max(order.ready_at or at, at)
    asks_courier = not is_owed and due_at == at
    order.pickup_due_at = None if asks_courier else due_at
    return asks_courier


def confirmed(locked: Locked, event: str, actor: Actor, payment: Mapping[str, object] | None = None) -> None:
    """Follow up on an order that just entered `confirmed`, and tell of it by `event`, and of the payment behind it."""
    order = locked.order
    holds.make_due(order.merchant_id, order.id)
    is_owed = short.is_owed(order.merchant_id, order.id)
    by_courier = goes_by_courier(locked.lines)
    asks_courier = stand_confirmed(order, locked.at, locked.windows, is_owed=is_owed, by_courier=by_courier)
    tell(locked, event, actor, **({} if payment is None else {"payment": payment}))
    if asks_courier:
        ask_courier(locked, actor)


def paid(locked: Locked, actor: Actor, payment: Mapping[str, object] | None = None) -> None:
    """Confirm an order that awaits its payment: nothing is left to pay. `payment` is told where one came."""
    enter(locked, Step.PAY, State.CONFIRMED, actor)
    confirmed(locked, "order.paid", actor, payment)


def ask_courier(locked: Locked, actor: Actor) -> None:
    """Ask for pickup, once, and tell of it."""
    enter_asked(locked, actor)
    tell(locked, "order.pickup_requested", actor)


def enter_asked(locked: Locked, actor: Actor) -> None:
    """The step of asking for pickup, told by the caller."""
    enter(locked, Step.ASK_PICKUP, State.CONFIRMED, actor)
    locked.order.pickup_asked_at = locked.at
    locked.order.pickup_due_at = None
