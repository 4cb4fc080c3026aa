"""What a new order tells: its first rows of history and its first events."""

from collections.abc import Iterable
from typing import Any

from merchant_api.core.actor import Actor
from merchant_api.orders.models import Order, OrderLine
from merchant_api.orders.move import history_row
from merchant_api.orders.payload import Shop, payload
from merchant_api.orders.place.limits import Over
from merchant_api.orders.place.placement import Placement
from merchant_api.orders.states import State, Step
from merchant_api.outbox.record import Happening

_FIRST_EVENT = {
    State.REQUESTED: "order.requested",
    State.AWAITING_PAYMENT: "order.awaiting_payment",
    State.CONFIRMED: "order.confirmed",
}


def first_history(
    order: Order, lines: list[OrderLine], placement: Placement, over: Iterable[Over]
) -> list[dict[str, Any]]:
    """The rows of history of placing, and of asking the courier where that happened at once.

    The first one says what nobody but a seller may do: limits that were passed, prices that were set.
    """
    steps: list[tuple[Step, str | None]] = [(Step.PLACE, _exemptions(lines, placement, over))]
    if order.pickup_asked_at is not None:
        steps.append((Step.ASK_PICKUP, None))
    history = []
    for step, note in steps:
        order.seq += 1
        history.append(history_row(order, step, placement.actor, note, order.placed_at))
    return history


def _exemptions(lines: list[OrderLine], placement: Placement, over: Iterable[Over]) -> str | None:
    said = [f"{each.item.sku}: {each.wanted} ordered over the limit of {each.item.max_quantity}" for each in over]
    said += [
        f"{line.sku} sold at {line.unit_price} in minor units"
        for line in lines
        if placement.lines[line.line].unit_price is not None
    ]
    return "; ".join(said) or None


def first_events(order: Order, lines: list[OrderLine], shop: Shop, actor: Actor) -> list[dict[str, Any]]:
    """The events of placing, with their payload frozen."""
    types = [_FIRST_EVENT[order.state]]
    if order.pickup_asked_at is not None:
        types.append("order.pickup_requested")
    said = payload(order, lines, shop, actor) | {"was_requested": False, "was_cancel_requested": False}
    return [Happening(order.merchant_id, type_, order.id, said).values() for type_ in types]
