"""The merchant's answer: accept or decline a request, before its deadline and once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from merchant_api.core import metrics
from merchant_api.core.actor import Actor
from merchant_api.core.db import after_commit, session
from merchant_api.core.errors import Forbidden
from merchant_api.core.schema import rfc3339
from merchant_api.orders import move
from merchant_api.orders.confirm import confirmed, stand_unpaid
from merchant_api.orders.errors import NotInOrder, TooLate
from merchant_api.orders.models import OrderLine
from merchant_api.orders.move import Locked
from merchant_api.orders.route import beyond, eligible, named_first, take
from merchant_api.orders.states import Cause, DeclineReason, State, Step, Verdict
from merchant_api.orders.steps import ready
from merchant_api.orders.terms import standing
from merchant_api.orders.view import OrderView, view
from merchant_api.stock import holds
from merchant_api.stock.holds import UnitsWanted
from merchant_api.stock.ledger import Book, CellKey, Change
from merchant_api.stock.models import Hold
from merchant_api.stock.nearest import point_in
from merchant_api.stock.prefer import preferred_cells
from merchant_api.stock.states import Reason


@dataclass(frozen=True, slots=True)
class Accept:
    """What an acceptance says: a note for the customer, and when the goods are ready for the courier."""

    note: str | None = None
    ready_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decline:
    """What a refusal says; products named out of stock get their available set to 0."""

    reason: DeclineReason
    note: str | None = None
    out_of_stock: Sequence[UUID] = ()


def accept(merchant_id: UUID, order_id: UUID, answer: Accept, actor: Actor) -> OrderView:
    """Accept a request: hold what there is of the lines in question; the rest is the merchant's word.

    Raises WrongState, TooLate from the deadline on even if no job has swept yet, or Invalid for its `ready_at`.
    """
    locked = _locked_for_answer(merchant_id, order_id, Step.ACCEPT, actor)
    order = locked.order
    ready.check(answer.ready_at, locked.at)
    asked = [line for line in locked.lines if line.verdict is Verdict.ASK and line.is_tracked and line.kept]
    products = {line.product_id for line in asked}
    preferred = preferred_cells(merchant_id, products, point_in(order.deliver_to))
    book, held = holds.lock_for_orders(merchant_id, [order.id], products)
    new = _hold_asked(asked, preferred, book, actor)
    book.write()
    _answered(locked, actor, answer.note)
    order.ready_at = answer.ready_at
    state = standing(order.payment_terms, order.left_to_pay)
    move.enter(locked, Step.ACCEPT, state, actor, answer.note)
    if state is State.CONFIRMED:
        confirmed(locked, "order.accepted", actor)
    else:
        stand_unpaid(order, locked.at, locked.windows)
        move.tell(locked, "order.accepted", actor)
    move.write(merchant_id, [locked])
    return view(order, locked.lines, [*held, *new])


def _locked_for_answer(merchant_id: UUID, order_id: UUID, step: Step, actor: Actor) -> Locked:
    locked = move.lock(merchant_id, order_id, actor)
    respond_by = locked.order.respond_by
    is_waiting = locked.order.state in (State.REQUESTED, State.EXPIRED)
    if is_waiting and respond_by is not None and locked.at >= respond_by:
        raise TooLate(respond_by=rfc3339(respond_by))
    move.require(locked, step)
    return locked


def _answered(locked: Locked, actor: Actor, note: str | None) -> None:
    locked.order.answered_at = locked.at
    locked.order.answered_by = actor.stamp()
    locked.order.answer_note = note
    took_s = (locked.at - locked.order.placed_at).total_seconds()
    after_commit(lambda: metrics.answer_seconds.observe(took_s))


def _hold_asked(asked: Iterable[OrderLine], preferred: list[CellKey], book: Book, actor: Actor) -> list[Hold]:
    left = book.available()
    new = []
    for line in sorted(asked, key=lambda line: named_first(line.choice)):
        own = [cell for cell in preferred if cell[0] == line.product_id and cell in left]
        most = beyond([cell for cell in left if cell[0] == line.product_id], left)
        taken = take(line.kept, eligible(line.choice, own), left, most)
        line.promised = line.kept - sum(taken.values())
        new += [
            holds.hold(book, UnitsWanted(line.order_id, line.line, cell, units), actor, None)
            for cell, units in taken.items()
        ]
    session().add_all(new)
    return new


def decline(merchant_id: UUID, order_id: UUID, answer: Decline, actor: Actor) -> OrderView:
    """Decline a request: what it held goes back. Raises WrongState, TooLate or NotInOrder."""
    locked = _locked_for_answer(merchant_id, order_id, Step.DECLINE, actor)
    order = locked.order
    if answer.out_of_stock and not actor.may("stock.edit"):
        raise Forbidden(permission="stock.edit")
    strangers = set(answer.out_of_stock) - {line.product_id for line in locked.lines if line.is_tracked}
    if strangers:
        raise NotInOrder(errors={"out_of_stock": [str(product) for product in sorted(strangers)]})
    book, held = holds.lock_for_orders(merchant_id, [order.id], answer.out_of_stock)
    holds.release(book, held, actor)
    _sell_out(book, answer.out_of_stock, locked, actor)
    book.write()
    _answered(locked, actor, answer.note)
    order.reason = answer.reason.value
    order.cause = Cause(answer.reason.value)
    order.ended_at = locked.at
    move.enter(locked, Step.DECLINE, State.DECLINED, actor, answer.note)
    move.tell(locked, "order.declined", actor)
    move.write(merchant_id, [locked])
    return view(order, locked.lines, held)


def _sell_out(book: Book, products: Iterable[UUID], locked: Locked, actor: Actor) -> None:
    """Nothing of the products can be ordered any more; what is promised stays, wherever it lies."""
    comment = f"Named out of stock when order {locked.order.code} was declined"
    left = book.available()
    for product_id in sorted(set(products)):
        cells = [cell for cell in left if cell[0] == product_id]
        most = beyond(cells, left)
        for cell, units in take(most, cells, left, most).items():
            change = Change(cell, Reason.CORRECTION, on_hand=-units, comment=comment, order_id=locked.order.id)
            book.change(change, actor)
