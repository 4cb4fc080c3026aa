"""What a new order tells: its first rows of history and its first events."""

from merchant_api.core.actor import Actor
from merchant_api.orders.models import Order, OrderHistory, OrderLine
from merchant_api.orders.payload import Shop, payload
from merchant_api.orders.placement import Placement
from merchant_api.orders.states import State, Step
from merchant_api.outbox.models import Event
from merchant_api.outbox.record import Happening

_FIRST_EVENT = {
    State.REQUESTED: "order.requested",
    State.AWAITING_PAYMENT: "order.awaiting_payment",
    State.CONFIRMED: "order.confirmed",
}


def first_history(order: Order, lines: list[OrderLine], placement: Placement) -> list[OrderHistory]:
    """The rows of history of placing, and of asking the courier where that happened at once."""
    steps: list[tuple[Step, str | None]] = [(Step.PLACE, _exemptions(lines, placement))]
    if order.pickup_asked_at is not None:
        steps.append((Step.ASK_PICKUP, None))
    order.seq = len(steps)
    return [_row(order, seq, step, note, placement.actor) for seq, (step, note) in enumerate(steps, start=1)]


def _row(order: Order, seq: int, step: Step, note: str | None, actor: Actor) -> OrderHistory:
    return OrderHistory(
        merchant_id=order.merchant_id,
        order_id=order.id,
        seq=seq,
        state=order.state,
        step=step,
        actor=actor.stamp(),
        note=note,
        happened_at=order.placed_at,
    )


def _exemptions(lines: list[OrderLine], placement: Placement) -> str | None:
    said = [] if placement.is_limited else ["placed by a seller, without limits"]
    said += [
        f"{line.sku} sold at {line.unit_price} in minor units"
        for line in lines
        if placement.lines[line.line].unit_price is not None
    ]
    return "; ".join(said) or None


def first_events(order: Order, lines: list[OrderLine], shop: Shop, actor: Actor) -> list[Event]:
    """The events of placing, with their payload frozen."""
    types = [_FIRST_EVENT[order.state]]
    if order.pickup_asked_at is not None:
        types.append("order.pickup_requested")
    said = payload(order, lines, shop, actor) | {"was_requested": False}
    return [Happening(order.merchant_id, type_, order.id, said).row() for type_ in types]
