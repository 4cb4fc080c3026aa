"""Draw up one order in memory: lines, verdicts, holds, first state, deadlines, history and events.

It decides on the ground that was read under locks and enters its holds into the ground's book, so that the next
placement of the same batch sees them. A refusal is raised before the book is touched.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from merchant_api.accounts.models import Terms
from merchant_api.catalog.models import Fulfilment
from merchant_api.core import clock
from merchant_api.core.ids import new_code, new_id
from merchant_api.orders.errors import InsufficientStock
from merchant_api.orders.models import Order, OrderLine, Registration
from merchant_api.orders.payment_models import Payment
from merchant_api.orders.place import seats
from merchant_api.orders.place.first_rows import first_events, first_history
from merchant_api.orders.place.ground import Ground, Item
from merchant_api.orders.place.limits import check_total, items_for_sale, named, over_limit
from merchant_api.orders.place.placement import LineWanted, Placement
from merchant_api.orders.route import Need, Routed, route
from merchant_api.orders.states import PaymentState, State, Verdict
from merchant_api.orders.terms import settle_terms, standing
from merchant_api.stock.holds import Wanted, hold
from merchant_api.stock.models import Hold


@dataclass(slots=True)
class Draft:
    """An order that is ready to be written, with all its rows."""

    placement: Placement
    order: Order
    lines: list[OrderLine]
    holds: list[Hold]
    history: list[dict[str, Any]]
    events: list[dict[str, Any]]
    payment: Payment | None
    registrations: list[Registration]


def draw_up(merchant_id: UUID, placement: Placement, ground: Ground) -> Draft:
    """Decide one placement; raises a refusal of orders/errors.py and changes nothing then."""
    items = items_for_sale(placement, ground)
    seats.check_free(placement, ground)
    routed = _routed(placement, ground)
    order = _order(merchant_id, placement, ground, routed)
    ground.book.check_room(cell for verdict in routed.values() for cell in verdict.takes.items())
    lines = [_line(order, number, placement, items, routed) for number in range(len(placement.lines))]
    holds = _hold(order, placement, ground, routed)
    history = first_history(order, lines, placement, over_limit(placement, ground))
    events = first_events(order, lines, ground.terrain.shop, placement.actor)
    registered = seats.register(order, lines, ground)
    return Draft(placement, order, lines, holds, history, events, _payment(order, placement), registered)


def _routed(placement: Placement, ground: Ground) -> dict[int, Routed]:
    needs = [
        Need(number, line.product_id, line.quantity, line.location_id, line.grade_id)
        for number, line in enumerate(placement.lines)
    ]
    shelves = ground.shelves({line.product_id for line in placement.lines}, placement.deliver_to)
    available = {key: balance.available for key, balance in ground.book.balances.items()}
    routed = route(needs, shelves, available)
    short = [
        named(ground.items[placement.lines[n].product_id])
        | {"line": n, "wanted": verdict.wanted, "available": max(verdict.available, 0)}
        for n, verdict in routed.items()
        if verdict.verdict is Verdict.REFUSE
    ]
    if short:
        raise InsufficientStock(lines=sorted(short, key=lambda line: line["line"]))
    return routed


def _order(merchant_id: UUID, placement: Placement, ground: Ground, routed: dict[int, Routed]) -> Order:
    terrain, now = ground.terrain, clock.now()
    verdicts = {verdict.verdict for verdict in routed.values()}
    is_request = Verdict.ASK in verdicts
    terms = settle_terms(placement.terms, terrain.allowed_terms, terrain.default_terms, is_request=is_request)
    total = sum(_price(line, ground) * line.quantity for line in placement.lines)
    check_total(total)
    paid = total if terms is Terms.PREPAID else 0
    state = State.REQUESTED if is_request else standing(terms, total - paid)
    pay_by = now + timedelta(seconds=terrain.pay_window_s) if state is State.AWAITING_PAYMENT else None
    order = Order(
        merchant_id=merchant_id,
        id=new_id(),
        code=new_code(),
        state=state,
        seq=0,
        mode=mode_of(verdicts, [ground.items[line.product_id] for line in placement.lines]),
        customer_id=placement.customer.person_id,
        customer_name=placement.customer.name,
        placed_by=placement.actor.stamp(),
        payment_terms=terms,
        currency=terrain.currency,
        total=total,
        paid=paid,
        parked=0,
        note=placement.note,
        deliver_to=None if placement.deliver_to is None else dict(placement.deliver_to),
        placed_at=now,
        respond_by=now + timedelta(seconds=terrain.respond_window_s) if is_request else None,
        pay_by=pay_by,
        sweep_at=None if pay_by is None else pay_by + timedelta(seconds=terrain.pay_grace_s),
        answered_at=None,
        answered_by=None,
        answer_note=None,
        confirmed_at=now if state is State.CONFIRMED else None,
        cancel_by=now + timedelta(seconds=terrain.cancel_window_s) if state is State.CONFIRMED else None,
        ready_at=None,
        pickup_due_at=None,
        pickup_asked_at=None,
        ended_at=None,
        reason=None,
        returned_value=0,
        refunded=0,
        cancel_asked_at=None,
        cancel_respond_by=None,
    )
    if state is State.CONFIRMED:
        is_owed = Verdict.BACKORDER in verdicts
        goes_by_courier = any(
            ground.items[line.product_id].fulfilment is Fulfilment.COURIER for line in placement.lines
        )
        order.pickup_due_at = now if is_owed else None
        order.pickup_asked_at = now if goes_by_courier and not is_owed else None
    return order


def _price(line: LineWanted, ground: Ground) -> int:
    return ground.items[line.product_id].price if line.unit_price is None else line.unit_price.amount


def mode_of(verdicts: set[Verdict], items: list[Item]) -> str:
    """The mode of an order of these products whose lines got these verdicts, none of them `refuse`."""
    if Verdict.ASK in verdicts:
        return "on_request"
    if Verdict.BACKORDER in verdicts:
        return "backorder"
    return "instant" if any(item.shelf.is_tracked for item in items) else "untracked"


def _line(order: Order, n: int, placement: Placement, items: list[Item], routed: dict[int, Routed]) -> OrderLine:
    wanted, item = placement.lines[n], items[n]
    return OrderLine(
        merchant_id=order.merchant_id,
        order_id=order.id,
        line=n,
        product_id=item.product_id,
        sku=item.sku,
        name=item.name,
        quantity=wanted.quantity,
        unit_price=item.price if wanted.unit_price is None else wanted.unit_price.amount,
        fulfilment=item.fulfilment,
        is_tracked=item.shelf.is_tracked,
        location_id=wanted.location_id,
        grade_id=wanted.grade_id,
        verdict=routed[n].verdict,
        verdict_code=routed[n].reason.code,
        verdict_figures=dict(routed[n].reason.figures),
        promised=0,
        cancelled=0,
        returned=0,
        guests=list(wanted.guests) if item.is_registration else None,
    )


def _hold(order: Order, placement: Placement, ground: Ground, routed: dict[int, Routed]) -> list[Hold]:
    settle_at = order.placed_at if order.state is State.CONFIRMED else None
    return [
        hold(ground.book, Wanted(order.id, n, cell, units), placement.actor, settle_at)
        for n, verdict in sorted(routed.items())
        for cell, units in verdict.takes.items()
    ]


def _payment(order: Order, placement: Placement) -> Payment | None:
    if order.paid == 0 or placement.reference is None:
        return None
    return Payment(
        merchant_id=order.merchant_id,
        id=new_id(),
        order_id=order.id,
        state=PaymentState.COUNTED,
        amount=order.paid,
        currency=order.currency,
        reference=placement.reference,
        paid_at=order.placed_at,
        received_at=order.placed_at,
        recorded_by=placement.actor.stamp(),
        parked_reason=None,
        refunded=0,
    )
