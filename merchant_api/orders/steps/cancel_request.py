"""A customer's wish to cancel after the window: the merchant grants or refuses it before a deadline (DESIGN.md 2).

It is a flag on the confirmed order, which goes on meanwhile. Silence refuses it, so does a pickup; an order has one.
"""

from dataclasses import dataclass
from uuid import UUID

from merchant_api.core.actor import Actor, Role
from merchant_api.core.errors import Forbidden
from merchant_api.core.schema import rfc3339
from merchant_api.orders import deadlines, move
from merchant_api.orders.errors import AskedBefore, NothingAsked, StillInWindow, TooLate
from merchant_api.orders.move import Locked
from merchant_api.orders.states import State, Step
from merchant_api.orders.steps.cancel import Cancel, end_whole
from merchant_api.orders.view import OrderView, view
from merchant_api.stock import holds


@dataclass(frozen=True, slots=True)
class Grant:
    """Yes; `restock` false leaves the units out of stock."""

    restock: bool | None = None


def ask(merchant_id: UUID, order_id: UUID, reason: str, actor: Actor) -> OrderView:
    """Ask to cancel a confirmed order; the merchant's windows give the deadline.

    Raises WrongState, StillInWindow while the customer can cancel by himself, AskedBefore, and Forbidden for sellers,
    who cancel.
    """
    locked = move.lock(merchant_id, order_id, actor)
    if actor.role is not Role.CUSTOMER:
        raise Forbidden("Who sells cancels; only customers ask.")
    move.require(locked, Step.ASK_CANCEL)
    order = locked.order
    if order.cancel_by is not None and locked.at < order.cancel_by:
        raise StillInWindow(cancel_by=rfc3339(order.cancel_by))
    if order.cancel_asked_at is not None:
        raise AskedBefore(asked_at=rfc3339(order.cancel_asked_at), cancel_requested=order.cancel_requested)
    order.cancel_asked_at = locked.at
    order.cancel_respond_by = deadlines.cancel_respond_by(locked.windows, locked.at)
    move.enter(locked, Step.ASK_CANCEL, State.CONFIRMED, actor, reason)
    move.tell(locked, "order.cancel_requested", actor, note=reason)
    return _shown(locked)


def grant(merchant_id: UUID, order_id: UUID, answer: Grant, actor: Actor) -> OrderView:
    """Cancel it, as the customer asked; raises WrongState, NothingAsked, TooLate."""
    locked = _asked(merchant_id, order_id, Step.CANCEL, actor)
    return end_whole(locked, Cancel("the customer asked to cancel", answer.restock), actor)


def refuse(merchant_id: UUID, order_id: UUID, note: str | None, actor: Actor) -> OrderView:
    """Keep the order as it is; raises WrongState, NothingAsked, TooLate."""
    locked = _asked(merchant_id, order_id, Step.KEEP, actor)
    keep(locked, actor, note)
    return _shown(locked)


def keep(locked: Locked, actor: Actor, note: str | None = None) -> None:
    """End a wish that waits: the order stays."""
    locked.order.cancel_respond_by = None
    move.enter(locked, Step.KEEP, State.CONFIRMED, actor, note)
    move.tell(locked, "order.cancel_refused", actor, note=note)


def _asked(merchant_id: UUID, order_id: UUID, step: Step, actor: Actor) -> Locked:
    locked = move.lock(merchant_id, order_id, actor)
    move.require(locked, step)
    respond_by = locked.order.cancel_respond_by
    if respond_by is None:
        raise NothingAsked
    if locked.at >= respond_by:
        raise TooLate(cancel_respond_by=rfc3339(respond_by))
    return locked


def _shown(locked: Locked) -> OrderView:
    order = locked.order
    move.write(order.merchant_id, [locked])
    return view(order, locked.lines, holds.of_orders(order.merchant_id, [order.id]))
