"""What is owed to backorders, the inventory log of orders, and who is told that what he waited for has come in."""

from datetime import timedelta

import pytest

from merchant_api.catalog.models import Fulfilment, WhenShort
from merchant_api.core import clock
from merchant_api.core.actor import job
from merchant_api.core.db import session
from merchant_api.core.paging import BadCursor, Window, window
from merchant_api.orders.due import ask_pickup
from merchant_api.orders.figures import owed, records
from merchant_api.orders.figures.records import RecordsWanted
from merchant_api.orders.states import Condition, State
from merchant_api.orders.steps import cancel, returns
from merchant_api.orders.steps.cancel import Cancel
from merchant_api.orders.steps.reduce import Part
from merchant_api.orders.steps.returns import Back
from merchant_api.stock.adjust import Adjustment, adjust
from merchant_api.stock.states import Reason
from tests.make.orders import events_of, make_order, place_one, settle_all
from tests.make.people import make_actor, make_merchant
from tests.make.stock import make_product

SELLER = make_actor()


def receive(product, units):
    adjust(product.merchant_id, Adjustment(product.id, Reason.RECEIVED, increase=units), SELLER)
    session().commit()


def owes(product, **wanted):
    page = owed.page(product.merchant_id, product.id, Window(**wanted))
    return [(row.code, row.held, row.owed, row.kind) for row in page.items]


def ask(order):
    with clock.clock.pinned(clock.now() + timedelta(seconds=ask_pickup.AGAIN_S)):
        done = ask_pickup.run(order.merchant_id, [order.id], job("tests"))
    session().commit()
    return done


def place_at(instant, *lines):
    with clock.clock.pinned(instant):
        return place_one(lines)


def stands(merchant_id, **wanted):
    page = records.page(merchant_id, RecordsWanted(**wanted), Window())
    return [(row.code, row.line, row.quantity) for row in page.items]


def test_units_at_hand_belong_to_the_oldest_promise_and_the_others_are_owed(database):
    product = make_product(on_hand=3, when_short=WhenShort.BACKORDER)
    first, second = place_one([(product, 5)]), place_one([(product, 2)])

    assert owes(product) == [(first.code, 5, 2, "backorder"), (second.code, 2, 2, "backorder")]

    receive(product, 3)
    assert owes(product) == [(second.code, 2, 1, "backorder")]


def test_a_count_below_what_was_promised_is_a_conflict_and_not_a_backorder(database):
    product = make_product(on_hand=5)
    order = place_one([(product, 4)])
    adjust(product.merchant_id, Adjustment(product.id, Reason.COUNT, quantity=1), SELLER)
    session().commit()

    assert owes(product) == [(order.code, 4, 3, "conflict")]


def test_what_is_owed_comes_in_pages_over_all_products(database):
    merchant = make_merchant()
    product, other = (make_product(merchant, when_short=WhenShort.BACKORDER) for _ in range(2))
    orders = [place_one([(each, 1)]) for each in (product, other, product)]

    first = owed.page(merchant.id, None, Window(2))
    rest = owed.page(merchant.id, None, Window(2, (first.items[-1].id,)))

    assert [row.code for row in (*first.items, *rest.items)] == [order.code for order in orders]
    assert (first.next is not None, rest.next) == (True, None)


@pytest.mark.parametrize("fulfilment", list(Fulfilment))
def test_who_waited_is_told_once_when_all_of_it_has_come_in(database, fulfilment):
    product = make_product(when_short=WhenShort.BACKORDER, fulfilment=fulfilment)
    order = place_one([(product, 2)])
    receive(product, 2)
    assert ask(order) == 0  # not settled yet: the job looks again
    settle_all(order)

    assert [ask(order), ask(order)] == [1, 0]

    told = [event.type for event in events_of(order)]
    courier = ["order.pickup_requested"] if fulfilment is Fulfilment.COURIER else []
    assert told == ["order.confirmed", "order.in_stock", *courier]


def test_a_record_stands_for_what_is_left_of_a_line_and_for_nothing_once_the_order_is_cancelled(database):
    merchant = make_merchant()
    mug = make_product(merchant, on_hand=20)
    sticker = make_product(merchant, is_tracked=False)
    order = place_one([(mug, 5), (sticker, 1)])
    gone = make_order(State.CANCELLED, [(mug, 3)])
    cancel.cancel(merchant.id, order.id, Cancel("fewer", None, [Part(0, 2)]), SELLER)
    session().commit()

    assert stands(merchant.id) == [(gone.code, 0, 0), (order.code, 0, 3)]
    assert stands(merchant.id, product_id=sticker.id) == []


def test_what_came_back_is_taken_off_its_record(database):
    order = make_order(State.DELIVERED, [(make_product(on_hand=9), 3)])
    returns.give_back(order.merchant_id, order.id, [Back(0, 1, Condition.RESELLABLE)], SELLER)
    session().commit()

    assert stands(order.merchant_id) == [(order.code, 0, 2)]


def test_records_come_in_pages_without_gaps_and_are_found_by_time(database):
    merchant = make_merchant()
    mug, bowl = make_product(merchant, on_hand=50), make_product(merchant, on_hand=50)
    orders = [place_at(clock.now() + timedelta(seconds=second), (mug, 1), (bowl, 1)) for second in range(3)]

    seen, cursor = [], None
    while True:
        page = records.page(merchant.id, RecordsWanted(), window(4, cursor, records.KEY))
        seen += [(row.order_id, row.line) for row in page.items]
        cursor = page.next
        if cursor is None:
            break

    assert seen == [(order.id, line) for order in reversed(orders) for line in (1, 0)]
    assert len(stands(merchant.id, since=orders[1].placed_at)) == 4
    assert len(stands(merchant.id, until=orders[1].placed_at)) == 2
    with pytest.raises(BadCursor):
        records.page(merchant.id, RecordsWanted(), window(4, "nonsense", records.KEY))
