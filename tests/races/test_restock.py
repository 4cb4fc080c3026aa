"""A unit goes back once: every pair of paths that give units back, at one order at once, in both orders."""

from datetime import timedelta

import pytest

from merchant_api.accounts.merchants import find_merchant
from merchant_api.accounts.models import Terms
from merchant_api.core import clock
from merchant_api.core.actor import Role, job
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.orders.due import expire_payments, expire_requests, refuse_cancels, settle_stock
from merchant_api.orders.money import pay
from merchant_api.orders.states import Condition, DeclineReason
from merchant_api.orders.steps import cancel, cancel_request, decide, pickup, returns
from merchant_api.orders.steps.cancel import Cancel
from merchant_api.orders.steps.reduce import Part
from merchant_api.orders.steps.returns import Back
from merchant_api.stock import settle
from tests.make.orders import place_one, reread, settle_all
from tests.make.people import make_actor, make_merchant
from tests.make.stock import balances, make_product
from tests.races.rivals import at_once, held, in_own, said

JOB, SELLER, CUSTOMER = job("tests"), make_actor(), make_actor(Role.CUSTOMER)
UNITS, STOCK = 3, 10
ALL, SOME = [Part(0, UNITS)], [Part(0, 2)]

CONFIRMED = {
    "cancel": lambda o: cancel.cancel(o.merchant_id, o.id, Cancel("no"), SELLER),
    "cancel all": lambda o: cancel.cancel(o.merchant_id, o.id, Cancel("no", None, ALL), SELLER),
    "cancel some": lambda o: cancel.cancel(o.merchant_id, o.id, Cancel("no", None, SOME), SELLER),
    "grant": lambda o: cancel_request.grant(o.merchant_id, o.id, cancel_request.Grant(), SELLER),
    "silence": lambda o: refuse_cancels.run(o.merchant_id, [o.id], JOB),
    "pickup": lambda o: pickup.pick_up(o.merchant_id, o.id, pickup.HandOver(), SELLER),
    "settle": lambda o: settle_stock.run(o.merchant_id, settle.DUE.ids(o.merchant_id, clock.now(), 100), JOB),
}
PICKED_UP = {
    "fail": lambda o: pickup.fail(o.merchant_id, o.id, "nobody at home", SELLER),
    "deliver": lambda o: pickup.deliver(o.merchant_id, o.id, pickup.HandOver(), SELLER),
    "cancel": CONFIRMED["cancel"],
}
DELIVERED = {
    "return all": lambda o: returns.give_back(o.merchant_id, o.id, [Back(0, UNITS, Condition.RESELLABLE)], SELLER),
    "return some": lambda o: returns.give_back(o.merchant_id, o.id, [Back(0, 2, Condition.RESELLABLE)], SELLER),
    "fail": PICKED_UP["fail"],
}
UNPAID = {
    "overdue": lambda o: expire_payments.run(o.merchant_id, [o.id], JOB),
    "cancel": CONFIRMED["cancel"],
    "cancel some": CONFIRMED["cancel some"],
    "pay": lambda o: pay.pay(o.merchant_id, o.id, pay.PaymentReport(Money(o.total, "NPR"), "ref-1"), SELLER),
}
REQUESTED = {
    "expire": lambda o: expire_requests.run(o.merchant_id, [o.id], JOB),
    "decline": lambda o: decide.decline(o.merchant_id, o.id, decide.Decline(DeclineReason.TOO_BUSY), SELLER),
    "cancel": CONFIRMED["cancel"],
    "cancel some": CONFIRMED["cancel some"],
}


def stocked():
    return make_product(make_merchant(cancel_window_s=0, unpaid_orders_cap=0), on_hand=STOCK)


def asked_to_cancel(goods, *, is_settled):
    order = place_one([(goods, UNITS)], CUSTOMER)
    if is_settled:
        settle_all(order)
    cancel_request.ask(order.merchant_id, order.id, "please", CUSTOMER)
    session().commit()
    return order


def on_its_way(goods, *steps):
    order = place_one([(goods, UNITS)], CUSTOMER)
    settle_all(order)
    for step in steps:
        step(order.merchant_id, order.id, pickup.HandOver(), SELLER)
    session().commit()
    return order


def meet(app, order, first, second):
    """Both wait for the order, and go in their order; what each said."""
    with held(app, order) as queue:
        queue.join(in_own(lambda: first(order)), in_own(lambda: second(order)))
        return queue.let_go()


def together(app, order, *works):
    """All begin at the same moment: jobs pass over what somebody holds, and do not wait in line."""
    return at_once(app, [in_own(lambda work=work: work(order)) for work in works])


def check_units(order, goods):
    """What lies there, what is held and what customers have are all the units that there were."""
    on_hand, held_units, used = balances(goods)
    session().rollback()
    assert on_hand + used == STOCK
    assert 0 <= held_units + used <= UNITS
    is_over = reread(order).state.value in ("cancelled", "declined", "expired")
    assert not is_over or (on_hand, held_units, used) == (STOCK, 0, 0)


@pytest.mark.parametrize("first", sorted(CONFIRMED))
@pytest.mark.parametrize("is_settled", [False, True])
def test_a_confirmed_order_gives_each_unit_back_once(crowd, first, is_settled):
    for second, rival in CONFIRMED.items():
        goods = stocked()
        order = asked_to_cancel(goods, is_settled=is_settled)

        if {first, second} & {"silence", "settle"}:
            with clock.clock.pinned(clock.now() + timedelta(hours=2)):
                together(crowd, order, CONFIRMED[first], rival)
        else:
            meet(crowd, order, CONFIRMED[first], rival)

        check_units(order, goods)


@pytest.mark.parametrize("others", [("cancel", "pickup"), ("cancel some", "pickup"), ("cancel", "cancel some")])
def test_settling_meets_a_courier_and_who_cancels(crowd, others):
    goods = stocked()
    for _ in range(3):
        order = asked_to_cancel(goods, is_settled=False)

        together(crowd, order, *(CONFIRMED[name] for name in (*others, "settle", "settle")))

        settle_all(order)
    on_hand, held_units, used = balances(goods)
    assert (on_hand + used, held_units) == (STOCK, 0)


@pytest.mark.parametrize("first", sorted(PICKED_UP))
def test_an_order_on_its_way_gives_each_unit_back_once(crowd, first):
    for rival in PICKED_UP.values():
        goods = stocked()
        order = on_its_way(goods, pickup.pick_up)

        meet(crowd, order, PICKED_UP[first], rival)

        check_units(order, goods)


@pytest.mark.parametrize("first", sorted(DELIVERED))
def test_a_delivered_order_takes_each_unit_back_once(crowd, first):
    for second, rival in DELIVERED.items():
        goods = stocked()
        order = on_its_way(goods, pickup.pick_up, pickup.deliver)

        results = meet(crowd, order, DELIVERED[first], rival)

        check_units(order, goods)
        if (first, second) == ("return all", "return all"):
            assert said(results) == {"ok": 1, "more_than_delivered": 1}


def test_sixteen_returns_of_one_unit_bring_back_no_more_than_were_delivered(crowd):
    goods = stocked()
    order = on_its_way(goods, pickup.pick_up, pickup.deliver)
    one = [Back(0, 1, Condition.RESELLABLE)]

    results = together(crowd, order, *[lambda o: returns.give_back(o.merchant_id, o.id, one, SELLER)] * 16)

    assert said(results) == {"ok": UNITS, "more_than_delivered": 16 - UNITS}
    assert balances(goods) == (STOCK, 0, 0)


@pytest.mark.parametrize("first", sorted(UNPAID))
def test_an_unpaid_order_gives_each_unit_back_once(crowd, first):
    for rival in UNPAID.values():
        goods = stocked()
        order = place_one([(goods, UNITS)], CUSTOMER, terms=Terms.AFTER_ACCEPTANCE)

        with clock.clock.pinned(order.sweep_at):
            together(crowd, order, UNPAID[first], rival)

        check_units(order, goods)


@pytest.mark.parametrize("first", sorted(REQUESTED))
def test_a_request_gives_each_unit_back_once(crowd, first):
    for rival in REQUESTED.values():
        goods = stocked()
        asked = make_product(find_merchant(goods.merchant_id))
        order = place_one([(goods, UNITS), (asked, 1)], CUSTOMER)

        with clock.clock.pinned(order.respond_by):
            together(crowd, order, REQUESTED[first], rival)

        check_units(order, goods)
