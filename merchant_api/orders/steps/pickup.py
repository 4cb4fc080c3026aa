"""On the way: picked up by the courier, delivered, or brought back undelivered.

What is still owed to the order does not leave unless somebody says that it was there (DESIGN.md 2, settling).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from merchant_api.core.actor import Actor
from merchant_api.orders import move
from merchant_api.orders.confirm import goes_by_courier
from merchant_api.orders.errors import NoCourier, StillOwed
from merchant_api.orders.move import Locked
from merchant_api.orders.relocate import relocate
from merchant_api.orders.states import Cause, State, Step
from merchant_api.orders.steps import cancel_request
from merchant_api.orders.steps.cancel import end
from merchant_api.orders.view import OrderView, view
from merchant_api.stock import hand_over, holds
from merchant_api.stock.models import Hold


@dataclass(frozen=True, slots=True)
class HandOver:
    """Whether what the books still owe to the order was there all the same, and left with it."""

    also_owed: bool | None = None


def pick_up(merchant_id: UUID, order_id: UUID, said: HandOver, actor: Actor) -> OrderView:
    """The courier has it. Raises WrongState, StillOwed, TooManyUnits, or NoCourier where nothing goes by courier."""
    locked = move.lock(merchant_id, order_id, actor)
    move.require(locked, Step.PICKUP)
    if not goes_by_courier(locked.lines):
        raise NoCourier
    held = _leave(locked, said, actor)
    locked.order.pickup_due_at = None
    return _moved(locked, Step.PICKUP, State.PICKED_UP, held, actor)


def deliver(merchant_id: UUID, order_id: UUID, said: HandOver, actor: Actor) -> OrderView:
    """The customer has it; from `confirmed` only where nothing goes by courier.

    Raises WrongState; StillOwed and TooManyUnits where no courier had it before.
    """
    locked = move.lock(merchant_id, order_id, actor)
    move.require(locked, Step.DELIVER)
    if locked.order.state is State.PICKED_UP:
        held = holds.of_orders(merchant_id, [order_id])
    elif goes_by_courier(locked.lines):
        raise move.wrong_state(locked.order, Step.DELIVER)
    else:
        held = _leave(locked, said, actor)
    locked.order.ended_at = locked.at
    locked.order.pickup_due_at = None
    return _moved(locked, Step.DELIVER, State.DELIVERED, held, actor)


def fail(merchant_id: UUID, order_id: UUID, reason: str, actor: Actor) -> OrderView:
    """It could not be delivered and came back: the units go back into stock, once. Raises WrongState."""
    locked = move.lock(merchant_id, order_id, actor)
    move.require(locked, Step.FAIL)
    book, held = holds.lock_for_orders(merchant_id, [order_id])
    holds.release(book, held, actor)
    book.write()
    end(locked, Step.FAIL, Cause.UNDELIVERED, actor, reason)
    move.tell(locked, "order.undelivered", actor, note=reason)
    move.write(merchant_id, [locked])
    return view(locked.order, locked.lines, held)


_TOLD = {State.PICKED_UP: "order.picked_up", State.DELIVERED: "order.delivered"}


def _leave(locked: Locked, said: HandOver, actor: Actor) -> Sequence[Hold]:
    """Its units leave the shelf; gives its holds."""
    order = locked.order
    leaving = hand_over.look(order.merchant_id, order.id)
    if leaving.lacks:  # it may lie elsewhere, where the job has not looked yet
        relocate(leaving.book, actor)
        leaving = hand_over.of(leaving.book, holds.of_orders(order.merchant_id, [order.id]))
    if leaving.owed and not said.also_owed:
        lines = {line.line: line for line in locked.lines}
        owed = [{"line": n, "sku": lines[n].sku, "owed": units} for n, units in sorted(leaving.owed.items())]
        raise StillOwed(lines=owed)
    hand_over.hand_over(leaving, actor)
    return leaving.held


def _moved(locked: Locked, step: Step, state: State, held: Sequence[Hold], actor: Actor) -> OrderView:
    """What is on its way can't be cancelled: a wish that waits is refused by it."""
    if locked.order.cancel_requested:
        cancel_request.keep(locked, actor)
    move.enter(locked, step, state, actor)
    move.tell(locked, _TOLD[state], actor)
    move.write(locked.order.merchant_id, [locked])
    return view(locked.order, locked.lines, held)
