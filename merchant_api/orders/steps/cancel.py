"""Cancel an order, whole or in part: what it holds is released, what was settled goes back, once (DESIGN.md 2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from merchant_api.core.actor import Actor, Role
from merchant_api.core.errors import Forbidden
from merchant_api.core.schema import rfc3339
from merchant_api.orders import move
from merchant_api.orders.errors import CancelWindowOver
from merchant_api.orders.move import Locked
from merchant_api.orders.relocate import relocate
from merchant_api.orders.states import Cause, State, Step
from merchant_api.orders.steps.reduce import Part, all_that_is_left, reduce
from merchant_api.orders.view import OrderView, view
from merchant_api.stock import holds
from merchant_api.stock.settle import sell
from merchant_api.stock.states import HoldState

_SIDES = {Role.CUSTOMER: "customer", Role.STAFF: "staff"}


@dataclass(frozen=True, slots=True)
class Cancel:
    """Why, whether units go back into stock (None: they do; only sellers choose), and which parts (none: all)."""

    reason: str
    restock: bool | None = None
    lines: Sequence[Part] = ()


def cancel(merchant_id: UUID, order_id: UUID, wish: Cancel, actor: Actor) -> OrderView:
    """Cancel before pickup. Customers: unconfirmed at any time, confirmed within the cancel window.

    Raises WrongState, CancelWindowOver, UnknownLine, MoreThanLeft, UnknownGuest, or Forbidden where a customer chooses
    `restock`.
    """
    locked = move.lock(merchant_id, order_id, actor)
    if actor.role is Role.CUSTOMER and wish.restock is not None:
        raise Forbidden("Only the merchant chooses whether goods go back into stock.")
    move.require(locked, Step.CANCEL)
    if actor.role is Role.CUSTOMER:
        _check_window(locked)
    if wish.lines and not all_that_is_left(locked, wish.lines):
        return reduce(locked, wish.lines, wish, actor)
    return end_whole(locked, wish, actor)


def end_whole(locked: Locked, wish: Cancel, actor: Actor) -> OrderView:
    """Cancel all that is left of a locked order that may be cancelled."""
    order, merchant_id = locked.order, locked.order.merchant_id
    book, held = holds.lock_for_orders(merchant_id, [order.id])
    if wish.restock is False:
        relocate(book, actor)  # what stays out may lie elsewhere, where the job has not looked yet
        held = holds.of_orders(merchant_id, [order.id])
        sell(book, held, actor)
        holds.release(book, [row for row in held if row.state is HoldState.OPEN], actor)
        holds.leave(merchant_id, order.id)
    else:
        holds.release(book, held, actor)
    book.write()
    end(locked, Step.CANCEL, wish.reason, actor)
    move.tell(locked, "order.cancelled", actor, reason=_SIDES.get(actor.role, "merchant"), note=wish.reason)
    move.write(merchant_id, [locked])
    return view(order, locked.lines, held)


def _check_window(locked: Locked) -> None:
    until = locked.order.cancel_by
    if locked.order.state is State.CONFIRMED and until is not None and locked.at >= until:
        raise CancelWindowOver(cancel_by=rfc3339(until))


def end(locked: Locked, step: Step, reason: Cause | str, actor: Actor, note: str | None = None) -> None:
    """Enter `cancelled` for a cause, or for a reason that somebody typed; the history keeps the note, or else that."""
    order = locked.order
    order.reason = str(reason)
    order.cause = reason if isinstance(reason, Cause) else None
    order.ended_at = locked.at
    order.sweep_at = None
    order.pickup_due_at = None
    order.cancel_respond_by = None
    move.enter(locked, step, State.CANCELLED, actor, note or str(reason))
