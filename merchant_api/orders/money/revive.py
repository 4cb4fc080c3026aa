"""Revive an order with money that came too late: only if stock still covers all of it, in one transaction.

Every line is routed anew on live stock under the cells' locks, as in placing, but nothing may be short. A payment that
came late to an order that still waits for it is counted, and what the order holds stays. Where the payment alone does
not pay the order, the others that are parked for it count too, the oldest first, as far as they are needed.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from merchant_api.catalog.models import WhenShort
from merchant_api.core.actor import Actor
from merchant_api.core.db import session
from merchant_api.orders import move, registrations
from merchant_api.orders.confirm import confirmed, paid
from merchant_api.orders.errors import NOT_COVERED, NotParked, NotTheAmountDue, RefundPending
from merchant_api.orders.money import due_back, payment_moves, shortage
from merchant_api.orders.money.pay import Recorded
from merchant_api.orders.money.revivable import CannotRevive, missing, needs, refusal
from merchant_api.orders.move import Locked
from merchant_api.orders.payment import told
from merchant_api.orders.payment_models import Payment
from merchant_api.orders.place.ground import Ground, read_locked
from merchant_api.orders.place.refusals import short
from merchant_api.orders.route import Routed
from merchant_api.orders.states import State, Step, Verdict
from merchant_api.orders.view import view
from merchant_api.stock import holds
from merchant_api.stock.errors import InsufficientStock
from merchant_api.stock.holds import UnitsWanted
from merchant_api.stock.models import Hold

_REFUSALS = {
    CannotRevive.NOT_PARKED: NotParked,
    CannotRevive.REFUND_PENDING: RefundPending,
    CannotRevive.WRONG_AMOUNT: NotTheAmountDue,
    CannotRevive.WRONG_CURRENCY: NotTheAmountDue,
}


def revive(merchant_id: UUID, payment_id: UUID, actor: Actor) -> Recorded:
    """Count a parked payment and confirm its order, which ended because nobody paid or answered, or still awaits it.

    Raises NotFound, NotParked, RefundPending, NotTheAmountDue, WrongState for orders that a person ended,
    InsufficientStock naming the lines and what is available, TooManyUnits, or AlreadyRegistered.
    """
    locked, payment = payment_moves.lock(merchant_id, payment_id, actor)
    parts = _parts(locked, payment)
    order = locked.order
    if order.state is State.AWAITING_PAYMENT:
        _count(locked, parts)
        paid(locked, actor, told(payment))
    else:
        _hold_anew(locked, actor)
        registrations.enter(order, locked.lines)
        _count(locked, parts)
        order.ended_at = order.reason = order.cause = None
        move.enter(locked, Step.REVIVE, State.CONFIRMED, actor)
        confirmed(locked, "order.revived", actor, told(payment))
    move.write(merchant_id, [locked])
    shown = view(order, locked.lines, holds.of_orders(merchant_id, [order.id]))
    return Recorded(payment, shown, is_new=True, shortage=shortage.of(shown))


def _parts(locked: Locked, payment: Payment) -> Sequence[Payment]:
    """The payments that shall count: this one, and as many others that are parked as it takes."""
    merchant_id = payment.merchant_id
    standings = due_back.of_orders(merchant_id, [payment.order_id])
    why = refusal(locked.order, payment, standings.values())
    if why is CannotRevive.ENDED_OTHERWISE:
        raise move.wrong_state(locked.order, Step.REVIVE)
    if why is not None:
        raise _REFUSALS[why]
    lacking, chosen = missing(locked.order) - standings[payment.id].can_count, [payment.id]
    for each in standings.values():
        if lacking > 0 and each.can_count and not each.pending and each.payment_id != payment.id:
            chosen.append(each.payment_id)
            lacking -= each.can_count
    rows = select(Payment).where(Payment.merchant_id == merchant_id, Payment.id.in_(chosen)).order_by(Payment.id)
    return session().execute(rows.execution_options(populate_existing=True)).scalars().all()


def _count(locked: Locked, parts: Sequence[Payment]) -> None:
    for each in parts:
        payment_moves.count(locked, each)


def _hold_anew(locked: Locked, actor: Actor) -> list[Hold]:
    order = locked.order
    ground = read_locked(order.merchant_id, {line.product_id for line in locked.lines})
    routed = _routed(locked, ground)
    ground.book.check_room(cell for verdict in routed.values() for cell in verdict.takes.items())
    for line in locked.lines:
        line.promised = 0  # stock covers all of it now
    new = [
        holds.hold(ground.book, UnitsWanted(order.id, number, cell, units), actor, locked.at)
        for number, verdict in sorted(routed.items())
        for cell, units in verdict.takes.items()
    ]
    session().add_all(new)
    ground.book.write()
    return new


def _routed(locked: Locked, ground: Ground) -> dict[int, Routed]:
    wanted = needs(locked.lines)
    routed = ground.route(wanted, locked.order.deliver_to, WhenShort.REFUSE)
    missing = [
        short(ground.items[need.product_id], routed[need.line]) | {"line": need.line}
        for need in wanted
        if routed[need.line].verdict is not Verdict.COVERED
    ]
    if missing:
        raise InsufficientStock(NOT_COVERED, lines=missing)
    return routed
