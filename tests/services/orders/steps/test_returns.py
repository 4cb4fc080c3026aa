"""Returns: resellable goods go back, damaged ones are written off or go into another grade, each unit once."""

import pytest
from sqlalchemy import select, update

from merchant_api.accounts.models import Terms
from merchant_api.catalog.models import WhenShort
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.orders.errors import MoreThanDelivered, UnknownLine, WrongState
from merchant_api.orders.models import Order
from merchant_api.orders.money import pay
from merchant_api.orders.states import Condition, State
from merchant_api.orders.steps import decide, pickup, returns
from merchant_api.orders.steps.returns import Back
from merchant_api.stock.errors import NoSuchPlace
from merchant_api.stock.ledger_models import LedgerRow
from merchant_api.stock.models import Cell, Grade
from tests.make.orders import events_of, holds_of, make_order, place_one, reread, settle_all, steps_of
from tests.make.people import make_actor, make_merchant
from tests.make.snapshot import check_books, everything
from tests.make.stock import balances, make_cell, make_product

SELLER = make_actor()
FINE, BROKEN = Condition.RESELLABLE, Condition.DAMAGED


def delivered(product, quantity=5, *, is_settled=True):
    order = place_one([(product, quantity)])
    if is_settled:
        settle_all(order)
    pickup.pick_up(order.merchant_id, order.id, pickup.HandOver(), SELLER)
    pickup.deliver(order.merchant_id, order.id, pickup.HandOver(), SELLER)
    session().commit()
    return order


def back(order, *wanted):
    done = returns.give_back(order.merchant_id, order.id, [Back(*each) for each in wanted], SELLER)
    session().commit()
    check_books(order.merchant_id)
    return done


def reasons(product):
    rows = select(LedgerRow.reason).where(
        LedgerRow.merchant_id == product.merchant_id, LedgerRow.product_id == product.id, LedgerRow.on_hand_change != 0
    )
    return [reason.value for reason in session().execute(rows.order_by(LedgerRow.id)).scalars()]


def in_grade(product, name):
    grade = select(Grade.id).where(Grade.merchant_id == product.merchant_id, Grade.name == name).scalar_subquery()
    cells = select(Cell.on_hand).where(
        Cell.merchant_id == product.merchant_id, Cell.product_id == product.id, Cell.grade_id == grade
    )
    return session().execute(cells).scalar_one()


@pytest.mark.parametrize("is_settled", [True, False])
def test_resellable_goods_go_back_to_where_they_came_from(database, is_settled):
    product = make_product(on_hand=10)
    order = delivered(product, is_settled=is_settled)

    done = back(order, (0, 2, FINE))

    assert balances(product) == (7, 0, 3)
    assert [(row.row.quantity, row.location, row.grade) for row in done.items] == [(2, "default", "default")]
    assert done.shown.lines[0].row.returned == 2
    assert done.shown.order.state is State.DELIVERED
    assert steps_of(order)[-1] == ("return", "delivered")
    assert events_of(order)[-1].type == "order.returned"


def test_damaged_goods_are_written_off_and_the_ledger_tells_both(database):
    product = make_product(on_hand=10)
    order = delivered(product)

    done = back(order, (0, 2, BROKEN))

    assert balances(product) == (5, 0, 3)
    assert reasons(product) == ["opening", "sold", "returned", "damaged"]
    assert [(row.row.quantity, row.location) for row in done.items] == [(2, None)]


def test_damaged_goods_can_go_into_a_lower_grade(database):
    product = make_product(on_hand=10)
    make_cell(product, 0, grade="second")
    order = delivered(product)

    done = back(order, (0, 2, BROKEN, None, "second"))

    assert in_grade(product, "second") == 2
    assert reasons(product)[-2:] == ["regrade", "regrade"]
    assert done.items[0].grade == "second"


def test_what_was_the_merchant_s_word_comes_into_stock_for_the_first_time(database):
    product = make_product(on_hand=0)
    order = place_one([(product, 3)], terms=Terms.ON_DELIVERY)
    decide.accept(order.merchant_id, order.id, decide.Accept(), SELLER)
    pickup.pick_up(order.merchant_id, order.id, pickup.HandOver(), SELLER)
    pickup.deliver(order.merchant_id, order.id, pickup.HandOver(), SELLER)
    session().commit()

    back(order, (0, 2, FINE), (0, 1, BROKEN))

    assert balances(product) == (2, 0, 0)


def test_what_an_older_version_let_go_while_it_was_owed_was_there_and_comes_back(database):
    product = make_product(on_hand=1, when_short=WhenShort.BACKORDER)
    order = place_one([(product, 4)])
    session().execute(update(Order).where(Order.id == order.id).values(state=State.DELIVERED))  # as it could once be
    session().commit()

    back(order, (0, 1, FINE))
    back(order, (0, 3, FINE))

    assert balances(product) == (4, 0, 0)
    assert holds_of(order) == [(4, "restored")]


def test_no_more_comes_back_than_was_delivered(database):
    product = make_product(on_hand=10)
    order = delivered(product)
    back(order, (0, 2, FINE))
    before = everything(order.merchant_id)

    with pytest.raises(MoreThanDelivered) as refused:
        back(order, (0, 2, FINE), (0, 2, BROKEN))
    session().rollback()

    assert refused.value.members["lines"] == [{"line": 0, "sku": product.sku, "wanted": 4, "left": 3}]
    assert everything(order.merchant_id) == before


def test_an_unknown_line_or_place_is_refused(database):
    order = delivered(make_product(on_hand=10))

    with pytest.raises(UnknownLine):
        back(order, (7, 1, FINE))
    session().rollback()
    with pytest.raises(NoSuchPlace):
        back(order, (0, 1, FINE, "the moon"))


@pytest.mark.parametrize("state", [State.CONFIRMED, State.PICKED_UP, State.CANCELLED])
def test_nothing_comes_back_that_was_not_delivered(database, state):
    order = make_order(state, [(make_product(on_hand=9), 2)])

    with pytest.raises(WrongState):
        back(order, (0, 1, FINE))


def test_what_was_paid_for_it_is_owed_back(database):
    product = make_product(on_hand=10)
    order = place_one([(product, 5)])
    pay.pay(order.merchant_id, order.id, pay.PaymentReport(Money(order.total, "NPR"), "paid-in-full"), SELLER)
    pickup.pick_up(order.merchant_id, order.id, pickup.HandOver(), SELLER)
    pickup.deliver(order.merchant_id, order.id, pickup.HandOver(), SELLER)
    session().commit()

    back(order, (0, 2, FINE))

    assert reread(order).refund_owed == Money(2 * product.price, "NPR")
    assert reread(order).refund_due


def test_untracked_goods_come_back_without_stock(database):
    product = make_product(make_merchant(), is_tracked=False)
    order = delivered(product, is_settled=False)

    done = back(order, (0, 3, FINE))

    assert done.shown.lines[0].row.returned == 3
    assert balances(product) == (0, 0, 0)


def test_a_return_covers_who_waits(database):
    product = make_product(on_hand=2, when_short=WhenShort.BACKORDER)
    first = delivered(product, 2)
    waiting = place_one([(product, 2)])

    back(first, (0, 2, FINE))

    assert settle_all(waiting) == 1
