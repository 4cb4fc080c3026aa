"""Who waits for a backorder: its courier is asked in the run that settles its last unit, however long it has waited."""

from datetime import timedelta

from jobs.sweep import Tally
from jobs.timetable import ROUTINES, routine
from merchant_api.catalog.models import WhenShort
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.orders.due import ask_pickup
from merchant_api.orders.steps import cancel
from merchant_api.orders.steps.reduce import Part
from merchant_api.stock.adjust import Adjustment, adjust
from merchant_api.stock.states import Reason
from tests.make.orders import events_of, place_one, reread
from tests.make.people import make_actor
from tests.make.stock import make_product

SELLER = make_actor()


def make_backorder(units=4):
    poster = make_product(on_hand=1, when_short=WhenShort.BACKORDER)
    return poster, place_one([(poster, units)])


def receive(product, units):
    adjust(product.merchant_id, Adjustment(product.id, Reason.RECEIVED, increase=units), SELLER)
    session().commit()


def look():
    """One run of what settles and of what looks again at those who wait."""
    routine("settle_stock").run()
    routine("ask_pickup").run()


def asked(order):
    return [event.type for event in events_of(order)].count("order.pickup_requested")


def test_the_courier_is_asked_in_the_run_that_settles_the_last_unit(fresh):
    poster, order = make_backorder()
    look()
    with clock.clock.pinned(clock.now() + timedelta(seconds=ask_pickup.AGAIN_S * 400 + 1)):
        look()
        receive(poster, 2)
        routine("settle_stock").run()
        waits = asked(order)
        receive(poster, 1)

        done = routine("settle_stock").run()

        assert (waits, done, asked(order)) == (0, Tally(done=1), 1)
        assert reread(order).pickup_asked_at == clock.now()
    assert max(each.every_s for each in ROUTINES if each.name in ("settle_stock", "ask_pickup")) <= 1


def test_goods_that_are_not_ready_yet_are_asked_for_when_they_are(fresh):
    poster, order = make_backorder()
    ready_at = clock.now() + timedelta(hours=1)
    row = reread(order)
    row.ready_at = row.pickup_due_at = ready_at
    session().commit()

    receive(poster, 3)
    look()
    before = asked(order)
    with clock.clock.pinned(ready_at):
        look()

    assert (before, asked(order)) == (0, 1)


def test_an_order_whose_owed_units_are_cancelled_waits_for_nothing_more(fresh):
    _, order = make_backorder()
    look()
    cancel.cancel(order.merchant_id, order.id, cancel.Cancel("fewer", lines=[Part(0, 3)]), SELLER)
    session().commit()

    look()

    assert asked(order) == 1


def test_an_order_that_somebody_has_locked_is_waited_for(fresh):
    poster, order = make_backorder()
    receive(poster, 3)
    hold_ids = routine("settle_stock").due.ids(order.merchant_id, clock.now(), 10)
    routine("settle_stock").work(order.merchant_id, hold_ids, SELLER)
    session().commit()

    assert ask_pickup.after_settling(order.merchant_id, hold_ids, SELLER) == 1
    assert ask_pickup.after_settling(order.merchant_id, hold_ids, SELLER) == 0
