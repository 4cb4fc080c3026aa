"""The door through which every step of an order goes: a new order can only be placed, and is placed once."""

from datetime import UTC, datetime

import pytest

from merchant_api.core.actor import job
from merchant_api.core.ids import new_id
from merchant_api.orders.deadlines import Windows
from merchant_api.orders.models import Order
from merchant_api.orders.move import Locked, enter
from merchant_api.orders.payload import Shop
from merchant_api.orders.states import MOVES, State, Step

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def new_order():
    order = Order(merchant_id=new_id(), id=new_id(), seq=0)
    return Locked(order, [], Shop("Crafts", "en", "UTC"), Windows(60, 60, 0, 60), AT)


@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("state", list(State))
def test_an_order_without_history_enters_by_placing_alone(step, state):
    locked = new_order()

    if step is Step.PLACE and state in MOVES[Step.PLACE].enters:
        enter(locked, step, state, job("tests"), "note")
        assert (locked.order.state, locked.order.seq, len(locked.history)) == (state, 1, 1)
        return
    with pytest.raises(AssertionError):
        enter(locked, step, state, job("tests"))
    assert (locked.order.state, locked.order.seq, locked.history) == (None, 0, [])


@pytest.mark.parametrize("state", sorted(MOVES[Step.PLACE].enters))
def test_an_order_is_placed_once(state):
    locked = new_order()
    enter(locked, Step.PLACE, state, job("tests"))

    with pytest.raises(AssertionError):
        enter(locked, Step.PLACE, state, job("tests"))
