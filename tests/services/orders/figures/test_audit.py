"""The audit of orders finds open holds that their orders do not want, and nothing where all fits."""

import pytest
from sqlalchemy import select, update

from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.orders.figures.audit import audit
from merchant_api.orders.models import Order
from merchant_api.orders.states import State
from merchant_api.stock.models import Hold
from tests.make.holds import make_hold
from tests.make.orders import make_order
from tests.make.people import make_merchant
from tests.make.stock import make_product


def make_ordered(state):
    """An order in that state of two lines; of requests, the first line is covered and held, the second is asked for."""
    is_short = state in (State.REQUESTED, State.EXPIRED, State.DECLINED, State.AWAITING_PAYMENT)
    merchant = make_merchant()
    lines = [(make_product(merchant, on_hand=5), 2), (make_product(merchant, on_hand=0 if is_short else 5), 2)]
    order = make_order(state, lines)
    session().commit()
    return order


@pytest.mark.parametrize("state", State)
def test_orders_that_came_to_their_state_by_their_steps_fit(database, state):
    assert audit(make_ordered(state).merchant_id) == []


@pytest.mark.parametrize(
    ("before", "state"),
    [(State.CONFIRMED, State.CANCELLED), (State.REQUESTED, State.EXPIRED), (State.REQUESTED, State.DECLINED)],
)
def test_an_order_that_is_over_and_still_holds_is_found(database, before, state):
    order = make_ordered(before)
    session().execute(update(Order).where(Order.merchant_id == order.merchant_id).values(state=state))

    stray, *_ = audit(order.merchant_id)

    assert (stray.order, stray.compensation) == (order.code, "release the hold")
    assert f"units are held, but it is {state}" in next(stray.lines())


def test_a_confirmed_order_that_would_never_be_settled_is_found(database):
    order = make_order(State.CONFIRMED, [(make_product(on_hand=5), 2)])
    session().execute(update(Hold).where(Hold.merchant_id == order.merchant_id).values(settle_at=None))

    (stray,) = audit(order.merchant_id)

    assert stray.compensation == "make the hold due"


def test_a_hold_that_is_settled_too_early_and_one_of_no_order_are_found(database):
    order = make_order(State.AWAITING_PAYMENT, [(make_product(on_hand=1), 2)])
    session().execute(update(Hold).where(Hold.merchant_id == order.merchant_id).values(settle_at=clock.now()))
    lost = make_hold(make_product(on_hand=1), 1)

    held = session().execute(select(Hold.id).where(Hold.order_id == order.id)).scalars().all()
    assert [stray.hold_id for stray in audit(order.merchant_id)] == sorted(held)
    assert [stray.hold_id for stray in audit(lost.merchant_id)] == [lost.id]
