"""On the way: picked up by the courier, delivered, or brought back undelivered."""

from uuid import UUID

from merchant_api.core.actor import Actor
from merchant_api.orders import move
from merchant_api.orders.confirm import goes_by_courier
from merchant_api.orders.errors import NoCourier
from merchant_api.orders.move import Locked
from merchant_api.orders.states import Cause, State, Step
from merchant_api.orders.steps import cancel_request
from merchant_api.orders.steps.cancel import end
from merchant_api.orders.view import OrderView, view
from merchant_api.stock import holds


def pick_up(merchant_id: UUID, order_id: UUID, actor: Actor) -> OrderView:
    """The courier has it. Raises WrongState, or NoCourier where nothing goes by courier."""
    locked = move.lock(merchant_id, order_id, actor)
    move.require(locked, Step.PICKUP)
    if not goes_by_courier(locked.lines):
        raise NoCourier
    locked.order.pickup_due_at = None
    _keep(locked, actor)
    return _moved(locked, Step.PICKUP, State.PICKED_UP, "order.picked_up", actor)


def deliver(merchant_id: UUID, order_id: UUID, actor: Actor) -> OrderView:
    """The customer has it; from `confirmed` only where nothing goes by courier. Raises WrongState."""
    locked = move.lock(merchant_id, order_id, actor)
    move.require(locked, Step.DELIVER)
    if locked.order.state is State.CONFIRMED and goes_by_courier(locked.lines):
        raise move.wrong_state(locked.order, Step.DELIVER)
    locked.order.ended_at = locked.at
    locked.order.pickup_due_at = None
    _keep(locked, actor)
    return _moved(locked, Step.DELIVER, State.DELIVERED, "order.delivered", actor)


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


def _keep(locked: Locked, actor: Actor) -> None:
    """What is on its way can't be cancelled: a wish that waits is refused by it."""
    if locked.order.cancel_requested:
        cancel_request.keep(locked, actor)


def _moved(locked: Locked, step: Step, state: State, event: str, actor: Actor) -> OrderView:
    order = locked.order
    move.enter(locked, step, state, actor)
    move.tell(locked, event, actor)
    move.write(order.merchant_id, [locked])
    holds.leave(order.merchant_id, order.id)
    return view(order, locked.lines, holds.of_orders(order.merchant_id, [order.id]))
