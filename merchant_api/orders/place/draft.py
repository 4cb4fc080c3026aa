"""Draw up one order in memory: lines, verdicts, its first step with history and events, and then its holds.

It is decided on the ground that was read under locks. A draft that stands reserves what it takes on that ground, so
that the next placement of the same batch sees it; until then nothing is changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from merchant_api.catalog.models import WhenShort
from merchant_api.core import clock
from merchant_api.orders import deadlines, move
from merchant_api.orders.confirm import enter_asked, goes_by_courier, stand_confirmed, stand_unpaid
from merchant_api.orders.errors import NOT_COVERED
from merchant_api.orders.models import OrderLine, Registration
from merchant_api.orders.move import Locked
from merchant_api.orders.payment import first_row
from merchant_api.orders.payment_models import Payment
from merchant_api.orders.place import seats
from merchant_api.orders.place.faults import WholeOrder, whole_of
from merchant_api.orders.place.ground import Ground
from merchant_api.orders.place.limits import check_lines, is_over
from merchant_api.orders.place.order_row import line_rows, mode_of, order_row
from merchant_api.orders.place.placement import Placement, needs_of
from merchant_api.orders.place.refusals import short
from merchant_api.orders.route import Routed
from merchant_api.orders.states import State, Step, Verdict
from merchant_api.orders.terms import settle_terms, standing
from merchant_api.orders.view import OrderView, view
from merchant_api.stock.errors import InsufficientStock
from merchant_api.stock.holds import UnitsWanted, hold
from merchant_api.stock.models import Hold

_FIRST_EVENT = {
    State.REQUESTED: "order.requested",
    State.AWAITING_PAYMENT: "order.awaiting_payment",
    State.CONFIRMED: "order.confirmed",
}


@dataclass(slots=True)
class Draft:
    """An order that is ready to be written: what moves of it, and the rows that only a new order has."""

    placement: Placement
    locked: Locked
    routed: dict[int, Routed]
    payment: Payment | None
    holds: list[Hold] = field(default_factory=list)
    registrations: list[Registration] = field(default_factory=list)

    @property
    def shown(self) -> OrderView:
        """The order as it would be shown."""
        return view(self.locked.order, self.locked.lines, self.holds)


def draw_up(placement: Placement, ground: Ground) -> Draft:
    """Decide one placement, without changing the ground; raises a refusal of orders/errors.py, or TooManyUnits."""
    people, origin = placement.customer.people, placement.origin.kind
    whole = whole_of(placement.lines, placement.actor, people, origin, is_limited=placement.is_limited)
    check_lines(placement.lines, ground, whole)
    routed = _routed(placement, ground)
    locked = _locked(placement, ground, routed)
    ground.book.check_room(cell for verdict in routed.values() for cell in verdict.takes.items())
    _enter(locked, placement, _exemptions(placement, locked.lines, ground, whole))
    return Draft(placement, locked, routed, _payment(locked, placement))


def reserve(draft: Draft, ground: Ground) -> None:
    """Enter what a draft takes into the ground: holds into the book, seats, and what a stranger has now."""
    order, actor = draft.locked.order, draft.placement.actor
    settle_at = order.placed_at if order.state is State.CONFIRMED else None
    draft.holds = [
        hold(ground.book, UnitsWanted(order.id, number, cell, units), actor, settle_at)
        for number, verdict in sorted(draft.routed.items())
        for cell, units in verdict.takes.items()
    ]
    draft.registrations = seats.register(order, draft.locked.lines, ground)
    if (stranger := ground.stranger(draft.placement)) is not None:
        stranger.add(needs_of(draft.placement.lines), draft.routed)


def _routed(placement: Placement, ground: Ground) -> dict[int, Routed]:
    needs = needs_of(placement.lines)
    when_short = WhenShort.BACKORDER if placement.is_fact else None
    routed = ground.route(needs, placement.deliver_to, when_short)
    missing = [
        short(ground.items[need.product_id], routed[need.line]) | {"line": need.line}
        for need in needs
        if routed[need.line].verdict is Verdict.REFUSE
    ]
    if missing:
        raise InsufficientStock(NOT_COVERED, lines=missing)
    stranger = ground.stranger(placement)
    return routed if stranger is None else ground.asked(needs, routed, stranger)


def _locked(placement: Placement, ground: Ground, routed: dict[int, Routed]) -> Locked:
    at, policy = clock.now(), ground.policy
    verdicts = {verdict.verdict for verdict in routed.values()}
    items = [ground.items[line.product_id] for line in placement.lines]
    is_request = Verdict.ASK in verdicts
    allowed = None if placement.is_fact else policy.allowed_terms
    terms = settle_terms(placement.terms, allowed, policy.default_terms, is_request=is_request)
    order = order_row(placement, ground, terms, mode_of(verdicts, items), at)
    return Locked(order, line_rows(order.id, placement, ground, routed), ground.shop, ground.windows, at)


def _enter(locked: Locked, placement: Placement, note: str | None) -> None:
    """Take the order's first step, and ask its courier where that happens at once."""
    order, at, windows, actor = locked.order, locked.at, locked.windows, placement.actor
    verdicts = {line.verdict for line in locked.lines}
    is_request, is_owed = Verdict.ASK in verdicts, Verdict.BACKORDER in verdicts
    state = State.REQUESTED if is_request else standing(order.payment_terms, order.left_to_pay)
    move.enter(locked, Step.PLACE, state, actor, note)
    asks_courier = False
    if state is State.REQUESTED:
        order.respond_by = deadlines.respond_by(windows, at)
    elif state is State.AWAITING_PAYMENT:
        stand_unpaid(order, at, windows)
    else:
        by_courier = goes_by_courier(locked.lines)
        asks_courier = stand_confirmed(order, at, windows, is_owed=is_owed, by_courier=by_courier)
    if asks_courier:
        enter_asked(locked, actor)  # before the first event is told, which says so
    move.tell(locked, _FIRST_EVENT[state], actor)
    if asks_courier:
        move.tell(locked, "order.pickup_requested", actor)


def _exemptions(placement: Placement, lines: Iterable[OrderLine], ground: Ground, whole: WholeOrder) -> str | None:
    """What nobody but a seller may do, for the history: limits that were passed, prices that were set.

    What a shop sold is told by its origin.
    """
    if placement.is_fact:
        return None
    over = [item for product_id in whole.units if is_over(item := ground.items[product_id], whole)]
    told = [
        f"{item.sku}: {whole.units[item.product_id]} ordered over the limit of {item.max_quantity}" for item in over
    ]
    told += [
        f"{line.sku} sold at {line.unit_price} in minor units"
        for line in lines
        if placement.lines[line.line].unit_price is not None
    ]
    return "; ".join(told) or None


def _payment(locked: Locked, placement: Placement) -> Payment | None:
    if locked.order.paid == 0 or placement.reference is None:
        return None
    return first_row(locked, locked.order.paid_money, placement.reference, placement.actor)
