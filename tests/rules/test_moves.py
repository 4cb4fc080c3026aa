"""The life of an order and of a hold, written out a second time: every state times every step."""

import pytest

from merchant_api.orders.states import ENDED, ENDED_UNDELIVERED, MOVES, State, Step, can
from merchant_api.stock.states import HOLD_MOVES, HoldState

# Which steps leave a state, as DESIGN.md draws it; nothing leaves the other states.
LEAVING = {
    State.REQUESTED: {"accept", "decline", "expire", "cancel", "reduce"},
    State.AWAITING_PAYMENT: {"pay", "overdue", "cancel", "reduce"},
    State.CONFIRMED: {"ask_pickup", "pickup", "deliver", "cancel", "reduce", "ask_cancel", "keep"},
    State.PICKED_UP: {"deliver", "fail"},
    State.DELIVERED: {"return"},
    State.DECLINED: set(),
    State.EXPIRED: {"revive"},
    State.CANCELLED: {"revive"},
}
ENTERING = {
    "place": {"requested", "awaiting_payment", "confirmed"},
    "accept": {"awaiting_payment", "confirmed"},
    "decline": {"declined"},
    "expire": {"expired"},
    "pay": {"confirmed"},
    "overdue": {"cancelled"},
    "cancel": {"cancelled"},
    "ask_pickup": {"confirmed"},
    "pickup": {"picked_up"},
    "deliver": {"delivered"},
    "fail": {"cancelled"},
    "reduce": {"requested", "awaiting_payment", "confirmed"},
    "ask_cancel": {"confirmed"},
    "keep": {"confirmed"},
    "return": {"delivered"},
    "revive": {"confirmed"},
}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("step", list(Step))
def test_a_step_is_possible_from_the_states_that_the_drawing_shows(state, step):
    assert can(step, state) == (step in LEAVING[state])


def test_a_step_enters_the_states_that_the_drawing_shows():
    assert {step: set(move.enters) for step, move in MOVES.items()} == ENTERING


def test_an_order_that_has_ended_stays_so_unless_late_money_revives_it():
    assert {state for state, steps in LEAVING.items() if steps <= {"return", "revive"}} == ENDED
    assert {State.DELIVERED} == ENDED - ENDED_UNDELIVERED


def test_a_hold_is_settled_or_released_and_what_was_settled_is_restored_once():
    assert {
        HoldState.OPEN: {HoldState.SETTLED, HoldState.RELEASED},
        HoldState.SETTLED: {HoldState.RESTORED},
        HoldState.RELEASED: frozenset(),
        HoldState.RESTORED: frozenset(),
    } == HOLD_MOVES
