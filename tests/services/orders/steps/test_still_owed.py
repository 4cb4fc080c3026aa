"""What is owed does not leave; where somebody says that it was there, it is received and settled in the same step."""

import pytest
from sqlalchemy import select

from merchant_api.catalog.models import Fulfilment, WhenShort
from merchant_api.core.db import session
from merchant_api.orders.errors import StillOwed
from merchant_api.orders.states import State
from merchant_api.orders.steps import pickup
from merchant_api.stock.adjust import Adjustment, adjust
from merchant_api.stock.ledger_models import LedgerRow
from merchant_api.stock.states import Reason
from tests.make.orders import make_order, place_one, reread, settle_all
from tests.make.people import make_actor, make_merchant
from tests.make.snapshot import check_books, everything
from tests.make.stock import balances, make_product

SELLER = make_actor()
VERBS = {Fulfilment.COURIER: pickup.pick_up, Fulfilment.NONE: pickup.deliver}


def make_poster(merchant=None, on_hand=1, **more):
    return make_product(merchant, on_hand=on_hand, when_short=WhenShort.BACKORDER, **more)


def leave(order, *, also_owed=None, verb=pickup.pick_up):
    shown = verb(order.merchant_id, order.id, pickup.HandOver(also_owed), SELLER)
    session().commit()
    check_books(order.merchant_id)
    return shown


def refused(order, **how):
    with pytest.raises(StillOwed) as refusal:
        leave(order, **how)
    session().rollback()
    return refusal.value.members["lines"]


def receive(product, units):
    adjust(product.merchant_id, Adjustment(product.id, Reason.RECEIVED, increase=units), SELLER)
    session().commit()


def reasons(product):
    rows = select(LedgerRow).where(LedgerRow.merchant_id == product.merchant_id, LedgerRow.product_id == product.id)
    return [(row.reason, row.on_hand_change) for row in session().execute(rows.order_by(LedgerRow.seq)).scalars()]


@pytest.mark.parametrize("fulfilment", VERBS)
def test_what_is_owed_does_not_leave_and_the_refusal_says_what_it_is(database, fulfilment):
    merchant = make_merchant()
    mug, poster = make_product(merchant, on_hand=9, fulfilment=fulfilment), make_poster(merchant, fulfilment=fulfilment)
    order = place_one([(mug, 2), (poster, 4)])
    before = everything(merchant.id)

    owed = refused(order, verb=VERBS[fulfilment])

    assert owed == [{"line": 1, "sku": poster.sku, "owed": 3}]
    assert refused(order, verb=VERBS[fulfilment], also_owed=False) == owed
    assert everything(merchant.id) == before


@pytest.mark.parametrize("fulfilment", VERBS)
def test_goods_that_were_there_are_received_and_settled_in_the_same_step(database, fulfilment):
    poster = make_poster(fulfilment=fulfilment)
    order = place_one([(poster, 4)])

    shown = leave(order, verb=VERBS[fulfilment], also_owed=True)

    assert shown.lines[0].settled == 4
    assert balances(poster) == (0, 0, 4)
    assert reasons(poster)[-2:] == [(Reason.RECEIVED, 3), (Reason.SOLD, -4)]


def test_the_next_receipt_is_there_for_others(database):
    poster = make_poster(on_hand=0)
    leave(place_one([(poster, 3)]), also_owed=True)

    receive(poster, 3)
    later = place_one([(poster, 3)])

    assert leave(later).order.state is State.PICKED_UP
    assert balances(poster) == (0, 0, 6)


def test_what_older_promises_wait_for_stays_theirs(database):
    poster = make_poster(on_hand=2)
    first, second = place_one([(poster, 2)]), place_one([(poster, 3)])

    leave(second, also_owed=True)

    assert balances(poster) == (2, 2, 3)
    assert leave(first).order.state is State.PICKED_UP


def test_what_is_there_but_not_settled_yet_leaves_settled(database):
    mug = make_product(on_hand=5)
    order = place_one([(mug, 2)])

    leave(order)

    assert balances(mug) == (3, 0, 2)
    assert settle_all(order) == 0


def test_what_came_in_meanwhile_leaves_without_a_word(database):
    poster = make_poster()
    order = place_one([(poster, 4)])
    receive(poster, 3)

    assert leave(order).order.state is State.PICKED_UP
    assert reread(order).pickup_due_at is None


def test_fewer_counted_than_were_promised_are_owed_too(database):
    mug = make_product(on_hand=5)
    order = place_one([(mug, 5)])
    adjust(mug.merchant_id, Adjustment(mug.id, Reason.COUNT, quantity=3), SELLER)
    session().commit()

    assert refused(order) == [{"line": 0, "sku": mug.sku, "owed": 2}]


def test_the_word_of_the_merchant_is_not_owed_by_stock(database):
    bowl = make_product(on_hand=0)
    order = make_order(State.CONFIRMED, [(bowl, 2)])

    assert leave(order).order.state is State.PICKED_UP
    assert balances(bowl) == (0, 0, 0)
