"""What being confirmed means: its holds may be settled, and the courier is asked once (DESIGN.md 2).

The courier is asked at once, or at `ready_at` where the merchant named one, or when nothing of the order is owed. Until
then `pickup_due_at` says when to look again, also where no courier comes: the customer is told when all has come in.
"""

from datetime import timedelta

from merchant_api.catalog.models import Fulfilment
from merchant_api.core.actor import Actor
from merchant_api.orders.move import Locked, enter, tell
from merchant_api.orders.states import State, Step
from merchant_api.stock import holds, short


def goes_by_courier(locked: Locked) -> bool:
    """Whether any line of which something is left is fulfilled by courier."""
    return any(line.fulfilment is Fulfilment.COURIER and line.kept for line in locked.lines)


def confirmed(locked: Locked, event: str, actor: Actor) -> None:
    """Follow up on an order that just entered `confirmed`, and tell of it by `event`."""
    order = locked.order
    order.confirmed_at = locked.at
    order.cancel_by = locked.at + timedelta(seconds=locked.cancel_window_s)
    order.sweep_at = None
    tell(locked, event, actor)
    holds.make_due(order.merchant_id, order.id)
    is_owed = short.is_owed(order.merchant_id, order.id)
    if not goes_by_courier(locked):
        order.pickup_due_at = locked.at if is_owed else None
        return
    due_at = max(order.ready_at or locked.at, locked.at)
    if is_owed or due_at > locked.at:
        order.pickup_due_at = due_at
    else:
        ask_courier(locked, actor)


def paid(locked: Locked, actor: Actor) -> None:
    """Confirm an order that awaits its payment: nothing is left to pay."""
    enter(locked, Step.PAY, State.CONFIRMED, actor)
    confirmed(locked, "order.paid", actor)


def ask_courier(locked: Locked, actor: Actor) -> None:
    """Ask for pickup, once."""
    enter(locked, Step.ASK_PICKUP, State.CONFIRMED, actor)
    locked.order.pickup_asked_at = locked.at
    locked.order.pickup_due_at = None
    tell(locked, "order.pickup_requested", actor)
