"""A wish to cancel after the window: granted, refused, unheard, or overtaken by the courier."""

from datetime import timedelta

import pytest

from merchant_api.catalog.models import Fulfilment
from merchant_api.core import clock
from merchant_api.core.actor import Role, job
from merchant_api.core.db import session
from merchant_api.core.errors import Forbidden
from merchant_api.orders.due import refuse_cancels
from merchant_api.orders.errors import AskedBefore, NothingAsked, StillInWindow, TooLate, WrongState
from merchant_api.orders.states import State
from merchant_api.orders.steps import cancel, cancel_request, pickup
from merchant_api.orders.steps.cancel_request import Grant
from tests.make.orders import events_of, make_order, place_one, reread, settle_all, steps_of
from tests.make.people import make_actor, make_merchant
from tests.make.snapshot import check_books, everything
from tests.make.stock import make_product

SELLER, CUSTOMER = make_actor(), make_actor(Role.CUSTOMER)
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def order(database):
    """A confirmed order whose cancel window is over."""
    merchant = make_merchant(cancel_window_s=0, respond_window_s=600)
    return place_one([(make_product(merchant, on_hand=5), 2)], CUSTOMER)


def ask(order, actor=CUSTOMER):
    shown = cancel_request.ask(order.merchant_id, order.id, "ordered twice", actor)
    session().commit()
    return shown


def sweep(order):
    done = refuse_cancels.run(order.merchant_id, [order.id], job("tests"))
    session().commit()
    return done


def test_a_wish_is_a_flag_with_a_deadline_and_the_order_goes_on(order):
    shown = ask(order)

    assert shown.order.state is State.CONFIRMED
    assert shown.order.cancel_requested
    assert shown.order.cancel_respond_by == shown.order.cancel_asked_at + timedelta(seconds=600)
    assert steps_of(order)[-1] == ("ask_cancel", "confirmed")
    assert events_of(order)[-1].type == "order.cancel_requested"


def test_who_can_cancel_by_himself_need_not_ask(database):
    order = place_one([(make_product(on_hand=5), 2)], CUSTOMER)

    with pytest.raises(StillInWindow):
        ask(order)


def test_sellers_do_not_ask(order):
    with pytest.raises(Forbidden):
        ask(order, SELLER)


@pytest.mark.parametrize("state", [State.REQUESTED, State.AWAITING_PAYMENT, State.DECLINED])
def test_only_a_confirmed_order_is_asked_for(database, state):
    order = make_order(state, [(make_product(make_merchant(cancel_window_s=0)), 2)], CUSTOMER)

    with pytest.raises(WrongState):
        ask(order)


def test_an_order_is_asked_for_once(order):
    ask(order)
    cancel_request.refuse(order.merchant_id, order.id, None, SELLER)
    session().commit()

    with pytest.raises(AskedBefore):
        ask(order)


@pytest.mark.parametrize("is_settled", [False, True])
def test_a_granted_wish_cancels_and_the_units_go_back(order, is_settled):
    if is_settled:
        settle_all(order)
    ask(order)

    shown = cancel_request.grant(order.merchant_id, order.id, Grant(), SELLER)
    session().commit()

    assert (shown.order.state, shown.order.cancel_requested) == (State.CANCELLED, False)
    assert events_of(order)[-1].payload["was_cancel_requested"] is True
    check_books(order.merchant_id)


def test_a_refused_wish_leaves_the_order_as_it_is(order):
    ask(order)

    shown = cancel_request.refuse(order.merchant_id, order.id, "on its way to the post", SELLER)
    session().commit()

    assert (shown.order.state, shown.order.cancel_requested) == (State.CONFIRMED, False)
    told = events_of(order)[-1]
    assert (told.type, told.payload["note"]) == ("order.cancel_refused", "on its way to the post")


@pytest.mark.parametrize("answer", [lambda *ids: cancel_request.grant(*ids, Grant(), SELLER)])
def test_an_answer_at_the_deadline_is_too_late_and_one_before_is_not(order, answer):
    respond_by = ask(order).order.cancel_respond_by

    with clock.clock.pinned(respond_by), pytest.raises(TooLate):
        answer(order.merchant_id, order.id)
    session().rollback()
    with clock.clock.pinned(respond_by - MICROSECOND):
        assert answer(order.merchant_id, order.id).order.state is State.CANCELLED


def test_nobody_answers_what_nobody_asked(order):
    with pytest.raises(NothingAsked):
        cancel_request.refuse(order.merchant_id, order.id, None, SELLER)


def test_silence_refuses_at_the_deadline_and_not_before(order):
    respond_by = ask(order).order.cancel_respond_by

    with clock.clock.pinned(respond_by - MICROSECOND):
        assert refuse_cancels.DUE.ids(order.merchant_id, clock.now(), 10) == []
        assert sweep(order) == 0
    with clock.clock.pinned(respond_by):
        assert refuse_cancels.DUE.merchants(clock.now(), 10) == [order.merchant_id]
        assert [sweep(order), sweep(order)] == [1, 0]

    assert steps_of(order)[-1] == ("keep", "confirmed")
    assert events_of(order)[-1].payload["actor"]["kind"] == "job"


def test_a_pickup_refuses_the_wish(order):
    ask(order)

    pickup.pick_up(order.merchant_id, order.id, pickup.HandOver(), SELLER)
    session().commit()

    assert steps_of(order)[-2:] == [("keep", "confirmed"), ("pickup", "picked_up")]
    assert [event.type for event in events_of(order)][-2:] == ["order.cancel_refused", "order.picked_up"]
    assert not reread(order).cancel_requested


def test_a_delivery_without_a_courier_refuses_the_wish(database):
    merchant = make_merchant(cancel_window_s=0)
    order = place_one([(make_product(merchant, on_hand=5, fulfilment=Fulfilment.NONE), 1)], CUSTOMER)
    ask(order)

    shown = pickup.deliver(order.merchant_id, order.id, pickup.HandOver(), SELLER)

    assert (shown.order.state, shown.order.cancel_requested) == (State.DELIVERED, False)


def test_a_seller_who_cancels_answers_the_wish_as_well(order):
    ask(order)

    shown = cancel.cancel(order.merchant_id, order.id, cancel.Cancel("sold out"), SELLER)
    session().commit()

    assert (shown.order.state, shown.order.cancel_requested) == (State.CANCELLED, False)
    (cell,) = everything(order.merchant_id)["cells"]
    assert (cell["on_hand"], cell["held"], cell["used"]) == (5, 0, 0)
