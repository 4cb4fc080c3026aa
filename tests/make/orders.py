"""Orders in any state, by the real steps."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from merchant_api.accounts.models import Terms
from merchant_api.catalog.models import Product, ProductKind
from merchant_api.core import clock
from merchant_api.core.actor import Actor, Role, job
from merchant_api.core.db import session
from merchant_api.core.ids import new_id
from merchant_api.core.money import Money
from merchant_api.orders import find
from merchant_api.orders.due import expire_payments, expire_requests, settle_stock
from merchant_api.orders.models import Order
from merchant_api.orders.money import pay
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import CustomerWanted, LineWanted, Placed, Placement, Refused
from merchant_api.orders.states import DeclineReason, State
from merchant_api.orders.steps import cancel, decide, pickup
from merchant_api.outbox.models import Event
from merchant_api.stock import holds, settle
from tests.make.people import make_actor

_numbers = count(1)


def wanted(lines: Sequence[tuple[Product, int]], actor: Actor | None = None, **more: Any) -> Placement:
    """A customer's placement of some units of some products."""
    actor = actor or make_actor(Role.CUSTOMER)
    customer = CustomerWanted(actor.person_id or new_id(), actor.name)
    return Placement(
        lines=tuple(LineWanted(product.id, units, guests=guests_of(product, units)) for product, units in lines),
        customer=customer,
        actor=actor,
        is_limited=actor.role is Role.CUSTOMER,
        **more,
    )


def guests_of(product: Product, units: int) -> tuple[str, ...]:
    """As many guests as go with so many seats; none where the product is merchandise."""
    names = ("Asha", "Binod", "Chandra", "Deepa") * units
    return names[: units - 1] if product.kind is ProductKind.REGISTRATION else ()


def place_one(lines: Sequence[tuple[Product, int]], actor: Actor | None = None, **more: Any) -> Order:
    """Place an order; a refusal is raised."""
    result = place(lines[0][0].merchant_id, [wanted(lines, actor, **more)])[0]
    if isinstance(result, Refused):
        raise result.refusal
    assert isinstance(result, Placed)
    return result.view.order


def make_order(state: State, lines: Sequence[tuple[Product, int]], actor: Actor | None = None) -> Order:
    """An order that came to `state` by the steps that lead there; `requested` and what follows needs short stock."""
    merchant_id = lines[0][0].merchant_id
    seller, sweeper = make_actor(), job("tests")
    later = clock.now() + timedelta(days=2)
    terms = Terms.AFTER_ACCEPTANCE if state is State.AWAITING_PAYMENT else None
    order = place_one(lines, actor, terms=terms)
    if order.state is State.REQUESTED and state not in (State.REQUESTED, State.EXPIRED, State.DECLINED):
        decide.accept(merchant_id, order.id, decide.Accept(), seller)
        session().commit()
        if state is not State.AWAITING_PAYMENT:
            report = pay.PaymentReport(Money(order.total, order.currency), f"made-{next(_numbers)}")
            pay.pay(merchant_id, order.id, report, seller)
    steps: dict[State, Any] = {
        State.DECLINED: lambda: decide.decline(merchant_id, order.id, decide.Decline(DeclineReason.TOO_BUSY), seller),
        State.CANCELLED: lambda: cancel.cancel(merchant_id, order.id, cancel.Cancel("changed my mind"), seller),
        State.PICKED_UP: lambda: pickup.pick_up(merchant_id, order.id, pickup.HandOver(also_owed=True), seller),
    }
    if state is State.EXPIRED:
        with clock.clock.pinned(later):
            expire_requests.run(merchant_id, [order.id], sweeper)
    elif state is State.DELIVERED:
        pickup.pick_up(merchant_id, order.id, pickup.HandOver(also_owed=True), seller)
        pickup.deliver(merchant_id, order.id, pickup.HandOver(also_owed=True), seller)
    elif state in steps:
        steps[state]()
    session().commit()
    return reread(order)


def reread(order: Order) -> Order:
    """The order's row as it is now."""
    session().rollback()
    found = session().get(Order, (order.merchant_id, order.id), populate_existing=True)
    assert found is not None
    return found


def holds_of(order: Order) -> list[tuple[int, str]]:
    """Quantity and state of the order's holds, oldest first."""
    session().rollback()
    return [(row.quantity, row.state.value) for row in holds.of_orders(order.merchant_id, [order.id])]


def settle_all(order: Order) -> int:
    """Run the job that settles on what the merchant has due."""
    due = settle.DUE.ids(order.merchant_id, clock.now(), 1000)
    done = settle_stock.run(order.merchant_id, due, job("tests"))
    session().commit()
    return done


def events_of(order: Order) -> list[Event]:
    """What happened to the order, in order."""
    session().rollback()
    rows = select(Event).where(Event.merchant_id == order.merchant_id, Event.order_id == order.id).order_by(Event.id)
    return list(session().execute(rows).scalars())


def steps_of(order: Order) -> list[tuple[str, str]]:
    """Step and state of each row of the order's history."""
    session().rollback()
    return [(row.step.value, row.state.value) for row in find.history(order.merchant_id, order.id, make_actor())]


def sweep_overdue(order: Order) -> int:
    """Run the job for unpaid orders on one."""
    done = expire_payments.run(order.merchant_id, [order.id], job("tests"))
    session().commit()
    return done
