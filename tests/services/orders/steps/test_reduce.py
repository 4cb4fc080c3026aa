"""Cancelling a part: some units of some lines end, the others go on, and a unit goes back once."""

import pytest

from merchant_api.accounts.models import Terms
from merchant_api.catalog.models import Fulfilment, WhenShort
from merchant_api.core.actor import Role
from merchant_api.core.db import session
from merchant_api.core.errors import Forbidden
from merchant_api.core.money import Money
from merchant_api.orders.errors import MoreThanLeft, UnknownLine, WrongState
from merchant_api.orders.money import pay
from merchant_api.orders.states import State
from merchant_api.orders.steps import cancel, decide, pickup
from merchant_api.orders.steps.cancel import Cancel
from merchant_api.orders.steps.reduce import Part
from tests.make.orders import events_of, holds_of, make_order, place_one, reread, settle_all, steps_of
from tests.make.people import make_actor, make_merchant
from tests.make.snapshot import check_books, everything
from tests.make.stock import balances, make_product

SELLER = make_actor()


def reduce(order, *parts, actor=SELLER, restock=None):
    wish = Cancel("one is enough", restock, [Part(*part) for part in parts])
    shown = cancel.cancel(order.merchant_id, order.id, wish, actor)
    session().commit()
    check_books(order.merchant_id)
    return shown


@pytest.mark.parametrize("is_settled", [False, True])
def test_a_part_goes_back_and_the_rest_goes_on(database, is_settled):
    product = make_product(on_hand=10)
    order = place_one([(product, 5)])
    if is_settled:
        settle_all(order)

    shown = reduce(order, (0, 2))

    assert shown.order.state is State.CONFIRMED
    assert shown.order.total == 3 * product.price
    assert (shown.lines[0].held + shown.lines[0].settled, shown.lines[0].row.cancelled) == (3, 2)
    assert balances(product) == ((7, 0, 3) if is_settled else (10, 3, 0))


def test_of_a_request_the_merchant_s_word_goes_first(database):
    product = make_product(on_hand=2)
    order = place_one([(product, 5)])
    decide.accept(order.merchant_id, order.id, decide.Accept(), SELLER)
    session().commit()

    shown = reduce(order, (0, 3))

    assert (shown.lines[0].row.promised, shown.lines[0].held) == (0, 2)
    assert shown.order.state is State.AWAITING_PAYMENT
    assert balances(product) == (2, 2, 0)


def test_what_was_cancelled_of_a_request_is_not_held_when_it_is_accepted(database):
    product = make_product(on_hand=3)
    order = place_one([(product, 5)])
    reduce(order, (0, 4))

    shown = decide.accept(order.merchant_id, order.id, decide.Accept(), SELLER)
    session().commit()

    assert (shown.lines[0].held, shown.lines[0].row.promised) == (1, 0)
    check_books(order.merchant_id)


def test_cancelling_all_that_is_left_cancels_the_order(database):
    product = make_product(on_hand=10)
    order = place_one([(product, 5)])
    reduce(order, (0, 2))

    shown = reduce(order, (0, 3))

    assert shown.order.state is State.CANCELLED
    assert balances(product) == (10, 0, 0)
    assert holds_of(order) == [(5, "released")]
    assert steps_of(order)[-2:] == [("reduce", "confirmed"), ("cancel", "cancelled")]


def test_more_than_is_left_is_refused_and_changes_nothing(database):
    product = make_product(on_hand=10)
    order = place_one([(product, 5)])
    reduce(order, (0, 2))
    before = everything(order.merchant_id)

    with pytest.raises(MoreThanLeft) as refused:
        reduce(order, (0, 4))
    session().rollback()

    assert refused.value.members["lines"] == [{"line": 0, "sku": product.sku, "wanted": 4, "left": 3}]
    assert everything(order.merchant_id) == before


@pytest.mark.parametrize("parts", [[(1, 1)], [(0, 1), (0, 1)]])
def test_a_line_that_is_not_there_or_named_twice_is_refused(database, parts):
    order = place_one([(make_product(on_hand=10), 5)])

    with pytest.raises(UnknownLine):
        reduce(order, *parts)


def test_money_paid_beyond_what_is_left_is_owed_back(database):
    product = make_product(on_hand=10)
    order = place_one([(product, 5)], terms=Terms.AFTER_ACCEPTANCE)
    pay.pay(order.merchant_id, order.id, pay.PaymentReport(Money(order.total, "NPR"), "all-of-it"), SELLER)
    session().commit()

    shown = reduce(order, (0, 2))

    assert shown.order.refund_due
    assert shown.order.refund_owed == Money(2 * product.price, "NPR")


def test_nothing_left_to_pay_confirms_what_waits_for_payment(database):
    merchant = make_merchant()
    gift, mug = make_product(merchant, on_hand=5, price=0), make_product(merchant, on_hand=5)
    order = place_one([(gift, 1), (mug, 1)], terms=Terms.AFTER_ACCEPTANCE)

    shown = reduce(order, (1, 1))

    assert shown.order.state is State.CONFIRMED
    assert shown.order.pickup_asked_at is not None


@pytest.mark.parametrize("is_settled", [False, True])
def test_what_shall_not_go_back_is_written_off(database, is_settled):
    product = make_product(on_hand=10)
    order = place_one([(product, 5)])
    if is_settled:
        settle_all(order)

    reduce(order, (0, 2), restock=False)

    on_hand, held, used = balances(product)
    assert (on_hand - held, used) == (5, 3 if is_settled else 0)


def test_a_customer_does_not_choose_what_becomes_of_the_goods(database):
    customer = make_actor(Role.CUSTOMER)
    order = place_one([(make_product(on_hand=10), 5)], customer)

    with pytest.raises(Forbidden):
        reduce(order, (0, 1), actor=customer, restock=False)
    assert reduce(order, (0, 1), actor=customer).order.total == 4 * 150_000


def test_a_part_that_was_owed_is_owed_no_more(database):
    product = make_product(on_hand=1, when_short=WhenShort.BACKORDER)
    order = place_one([(product, 4)])

    reduce(order, (0, 3))

    assert balances(product) == (1, 1, 0)
    assert settle_all(reread(order)) == 1


def test_an_order_whose_goods_for_the_courier_are_cancelled_goes_without(database):
    merchant = make_merchant()
    mug, file = make_product(merchant, on_hand=5), make_product(merchant, on_hand=5, fulfilment=Fulfilment.NONE)
    order = place_one([(mug, 1), (file, 1)])
    reduce(order, (0, 1))

    shown = pickup.deliver(order.merchant_id, order.id, pickup.HandOver(), SELLER)

    assert shown.order.state is State.DELIVERED


def test_both_sides_hear_what_is_left(database):
    merchant = make_merchant()
    mug, bowl = make_product(merchant, on_hand=5), make_product(merchant, on_hand=5)
    order = place_one([(mug, 2), (bowl, 1)])

    reduce(order, (1, 1))

    told = events_of(order)[-1]
    assert (told.type, told.payload["note"]) == ("order.reduced", "one is enough")
    assert [(line["sku"], line["quantity"]) for line in told.payload["lines"]] == [(mug.sku, 2)]


@pytest.mark.parametrize("state", [State.PICKED_UP, State.DELIVERED, State.CANCELLED])
def test_after_pickup_no_part_is_cancelled(database, state):
    order = make_order(state, [(make_product(on_hand=9), 2)])

    with pytest.raises(WrongState):
        reduce(order, (0, 1))
