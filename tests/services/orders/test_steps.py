"""Every state times every step, by the real verbs: what may not happen is refused and changes nothing."""

from datetime import timedelta
from itertools import count

import pytest

from merchant_api.catalog.models import Fulfilment
from merchant_api.core import clock, reader
from merchant_api.core.actor import job
from merchant_api.core.db import session
from merchant_api.core.errors import Conflict
from merchant_api.core.money import Money
from merchant_api.orders.due import ask_pickup, expire_payments, expire_requests
from merchant_api.orders.errors import WrongState
from merchant_api.orders.money import pay
from merchant_api.orders.states import ENDED_UNDELIVERED, MOVES, DeclineReason, State, Step, can
from merchant_api.orders.steps import cancel, decide, pickup
from tests.make.orders import make_order, reread, steps_of
from tests.make.people import make_actor, make_merchant
from tests.make.snapshot import check_books, everything
from tests.make.stock import make_product

JOB = job("tests")
_numbers = count(1)


def report(order):
    return pay.PaymentReport(Money(order.total, order.currency), f"step-{next(_numbers)}")


VERBS = {
    Step.ACCEPT: lambda order, actor: decide.accept(order.merchant_id, order.id, decide.Accept(), actor),
    Step.DECLINE: lambda order, actor: decide.decline(
        order.merchant_id, order.id, decide.Decline(DeclineReason.TOO_BUSY), actor
    ),
    Step.CANCEL: lambda order, actor: cancel.cancel(order.merchant_id, order.id, cancel.Cancel("no"), actor),
    Step.PICKUP: lambda order, actor: pickup.pick_up(order.merchant_id, order.id, pickup.HandOver(), actor),
    Step.DELIVER: lambda order, actor: pickup.deliver(order.merchant_id, order.id, pickup.HandOver(), actor),
    Step.FAIL: lambda order, actor: pickup.fail(order.merchant_id, order.id, "nobody at home", actor),
}
JOBS = {Step.EXPIRE: expire_requests.run, Step.OVERDUE: expire_payments.run, Step.ASK_PICKUP: ask_pickup.run}


def order_in(state, fulfilment=Fulfilment.COURIER):
    """An order in a state, with stock behind it where it came there by being taken at once."""
    on_hand = 0 if state in (State.REQUESTED, State.DECLINED, State.EXPIRED) else 9
    return make_order(state, [(make_product(make_merchant(), on_hand, fulfilment=fulfilment), 2)])


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("step", sorted(VERBS))
def test_a_verb_moves_an_order_as_the_table_says_or_changes_nothing(database, state, step):
    # Only what goes by courier is picked up, and only what does not is delivered without.
    is_direct = (state, step) == (State.CONFIRMED, Step.DELIVER)
    order = order_in(state, Fulfilment.NONE if is_direct else Fulfilment.COURIER)
    before = everything(order.merchant_id)

    if can(step, state):
        VERBS[step](order, make_actor())
        session().commit()

        assert reread(order).state in MOVES[step].enters
        assert (step.value, reread(order).state.value) in steps_of(order)
    else:
        with pytest.raises(WrongState):
            VERBS[step](order, make_actor())
        session().rollback()

        assert everything(order.merchant_id) == before
    check_books(order.merchant_id)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("step", sorted(JOBS))
def test_a_job_moves_what_waits_for_it_and_nothing_else(database, state, step):
    order = order_in(state)
    before = everything(order.merchant_id)

    with clock.clock.pinned(clock.now() + timedelta(days=1)):
        done = JOBS[step](order.merchant_id, [order.id], JOB)
        session().commit()

    # The courier of an order that owes nothing was asked when it was confirmed.
    if can(step, state) and step is not Step.ASK_PICKUP:
        assert done == 1
        assert reread(order).state in MOVES[step].enters
    else:
        assert done == 0
        assert everything(order.merchant_id) == before
    check_books(order.merchant_id)


@pytest.mark.parametrize("state", list(State))
def test_the_right_money_moves_an_order_that_awaits_it_and_no_other(database, state):
    order = order_in(state)

    recorded = pay.pay(order.merchant_id, order.id, report(order), make_actor())
    session().commit()

    after = reread(order)
    assert after.state is (State.CONFIRMED if state is State.AWAITING_PAYMENT else state)
    assert recorded.payment.state.value == ("parked" if state in ENDED_UNDELIVERED else "counted")
    check_books(order.merchant_id)


@pytest.mark.parametrize("step", [Step.PICKUP, Step.DELIVER])
def test_how_a_confirmed_order_reaches_the_customer_depends_on_its_lines(database, step):
    fulfilment = Fulfilment.NONE if step is Step.PICKUP else Fulfilment.COURIER
    order = order_in(State.CONFIRMED, fulfilment)
    before = everything(order.merchant_id)

    with pytest.raises(Conflict) as refused:
        VERBS[step](order, make_actor())
    session().rollback()

    assert refused.value.code == ("no_courier" if step is Step.PICKUP else "wrong_state")
    assert everything(order.merchant_id) == before


def test_a_second_answer_is_told_who_gave_the_first_and_when(database):
    order = order_in(State.REQUESTED)
    first, second = make_actor(), make_actor()
    decide.decline(order.merchant_id, order.id, decide.Decline(DeclineReason.CLOSED), first)
    session().commit()

    with reader.reading(second), pytest.raises(WrongState) as refused:
        VERBS[Step.ACCEPT](order, second)

    told = refused.value.members
    assert (told["state"], told["last_step"]) == ("declined", "decline")
    assert told["by"]["id"] == told["answered_by"]["id"] == first.id
    assert told["at"] == told["answered_at"] is not None
