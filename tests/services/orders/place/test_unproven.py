"""Customers who are not proven yet: what goes beyond their bounds is asked of the merchant, and holds nothing."""

from dataclasses import replace

import pytest

from merchant_api.accounts.models import Customer, Terms
from merchant_api.catalog.models import Fulfilment, ProductKind, WhenShort
from merchant_api.core import clock
from merchant_api.core.actor import Role
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.orders.models import OrderLine
from merchant_api.orders.money import pay
from merchant_api.orders.place.place import place
from merchant_api.orders.states import State, Verdict
from merchant_api.orders.steps import cancel, decide
from merchant_api.stock.errors import InsufficientStock
from tests.make.orders import make_order, place_one, settle_all, wanted
from tests.make.people import make_actor, make_merchant, saved
from tests.make.snapshot import check_books
from tests.make.stock import balances, make_product

BOUNDS = {"unproven_open_orders": 5, "unproven_units": 10, "unproven_share_percent": 20}
CONFIRMED, REQUESTED = State.CONFIRMED, State.REQUESTED


@pytest.fixture
def merchant(database):
    return make_merchant(**BOUNDS)


@pytest.fixture
def stranger(database):
    return make_actor(Role.CUSTOMER)


def lines_of(order):
    session().rollback()
    rows = session().query(OrderLine).filter_by(merchant_id=order.merchant_id, order_id=order.id)
    return [(row.verdict, str(row.verdict_reason)) for row in rows.order_by(OrderLine.line)]


@pytest.mark.parametrize(("on_hand", "most"), [(471, 94), (50, 10), (49, 10), (12, 10), (100, 20)])
def test_of_one_product_a_stranger_gets_ten_or_a_fifth_of_the_stock_and_not_one_more(merchant, on_hand, most):
    mug = make_product(merchant, on_hand=on_hand)

    asked = place_one([(mug, most + 1)], make_actor(Role.CUSTOMER))
    taken = place_one([(mug, most)], make_actor(Role.CUSTOMER))

    assert (asked.state, asked.mode, taken.state) == (REQUESTED, "on_request", CONFIRMED)
    assert balances(mug) == (on_hand, most, 0)
    check_books(merchant.id)


def test_the_share_is_of_what_is_available_and_tells_nothing_of_what_others_hold(merchant, stranger):
    mug = make_product(merchant, on_hand=471)
    place_one([(mug, 271)], make_actor())
    place_one([(mug, 15)], stranger)

    asked, taken = place_one([(mug, 26)], stranger), place_one([(mug, 25)], stranger)

    said = "26 wanted and 15 held: above 40 the merchant is asked, of a customer who is new here"
    assert lines_of(asked) == [(Verdict.ASK, said)]
    assert (taken.state, balances(mug)) == (CONFIRMED, (471, 311, 0))


def test_what_is_asked_says_why_and_is_accepted_like_any_request(merchant, stranger):
    mug = make_product(merchant, on_hand=20)
    place_one([(mug, 4)], stranger)

    order = place_one([(mug, 7)], stranger, terms=Terms.ON_DELIVERY)

    said = "7 wanted and 4 held: above 10 the merchant is asked, of a customer who is new here"
    assert lines_of(order) == [(Verdict.ASK, said)]
    shown = decide.accept(merchant.id, order.id, decide.Accept(), make_actor())
    session().commit()
    assert (shown.order.state, shown.lines[0].held, shown.lines[0].row.promised) == (CONFIRMED, 7, 0)
    assert balances(mug) == (20, 11, 0)
    check_books(merchant.id)


def test_the_sixth_open_order_is_asked_as_a_whole_and_counts_what_is_not_counted_too(merchant, stranger):
    mug, sticker = make_product(merchant, on_hand=99), make_product(merchant, is_tracked=False)
    for _ in range(5):
        place_one([(sticker, 100)], stranger)

    order = place_one([(mug, 1), (sticker, 1)], stranger)

    said = "5 orders open: from 5 on the merchant is asked, of a customer who is new here"
    assert (order.state, lines_of(order)) == (REQUESTED, [(Verdict.ASK, said)] * 2)
    assert balances(mug) == (99, 0, 0)
    shown = decide.accept(merchant.id, order.id, decide.Accept(), make_actor())
    assert [(line.held, line.row.promised) for line in shown.lines] == [(1, 0), (0, 0)]


def test_units_that_were_settled_count_until_the_order_ends(merchant, stranger):
    mug = make_product(merchant, on_hand=40)
    order = place_one([(mug, 10)], stranger)
    settle_all(order)

    assert place_one([(mug, 1)], stranger).state is REQUESTED
    cancel.cancel(merchant.id, order.id, cancel.Cancel("no"), stranger)
    session().commit()
    assert place_one([(mug, 10)], stranger).state is CONFIRMED


def test_a_line_that_was_asked_counts_once_it_is_accepted(merchant, stranger):
    mug = make_product(merchant, on_hand=0)
    request = place_one([(mug, 9)], stranger)
    lamp = make_product(merchant, on_hand=0, when_short=WhenShort.BACKORDER)

    assert place_one([(mug, 3)], stranger).state is REQUESTED  # as stock says
    decide.accept(merchant.id, request.id, decide.Accept(), make_actor())
    session().commit()
    assert place_one([(lamp, 10)], stranger).state is CONFIRMED
    assert lines_of(place_one([(lamp, 1)], stranger))[0][1].startswith("1 wanted and 10 held")


def test_lines_of_one_product_are_summed_and_its_neighbours_stay_as_they_are(merchant, stranger):
    mug, bowl = make_product(merchant, on_hand=20), make_product(merchant, on_hand=20)

    order = place_one([(mug, 6), (bowl, 3), (mug, 5)], stranger)

    assert [verdict for verdict, _ in lines_of(order)] == [Verdict.ASK, Verdict.COVERED, Verdict.ASK]
    assert (balances(mug), balances(bowl)) == ((20, 0, 0), (20, 3, 0))


def test_a_product_that_refuses_is_asked_while_stock_covers_it_and_refused_as_before_when_not(merchant, stranger):
    seat = make_product(
        merchant,
        on_hand=12,
        kind=ProductKind.REGISTRATION,
        fulfilment=Fulfilment.NONE,
        when_short=WhenShort.REFUSE,
    )

    with pytest.raises(InsufficientStock):
        place_one([(seat, 13)], stranger)
    assert place_one([(seat, 11)], stranger).state is REQUESTED


def prove_by_trust(merchant, actor, _mug):
    saved(
        Customer(merchant_id=merchant.id, person_id=actor.person_id, name="A", is_trusted=True, created_at=clock.now())
    )


def prove_by_delivery(_merchant, actor, mug):
    make_order(State.DELIVERED, [(mug, 1)], actor)


def prove_by_payment(merchant, actor, mug):
    order = place_one([(mug, 1)], actor, terms=Terms.AFTER_ACCEPTANCE)
    pay.pay(merchant.id, order.id, pay.PaymentReport(Money(order.total, "NPR"), "r-1"), make_actor())
    session().commit()


@pytest.mark.parametrize("proves", [prove_by_trust, prove_by_delivery, prove_by_payment])
def test_who_is_trusted_or_had_an_order_delivered_or_paid_is_bound_no_more(merchant, stranger, proves):
    mug = make_product(merchant, on_hand=90)
    proves(merchant, stranger, mug)

    assert place_one([(mug, 80)], stranger).state is CONFIRMED


def test_money_for_an_order_that_ended_proves_nothing(merchant, stranger):
    mug = make_product(merchant, on_hand=90)
    order = place_one([(mug, 1)], stranger, terms=Terms.AFTER_ACCEPTANCE)
    pay.pay(merchant.id, order.id, pay.PaymentReport(Money(order.total, "NPR"), "r-1"), make_actor())
    cancel.cancel(merchant.id, order.id, cancel.Cancel("no"), stranger)
    session().commit()

    assert place_one([(mug, 80)], stranger).state is REQUESTED


def test_being_proven_elsewhere_is_no_proof_here(merchant, stranger):
    other = make_product(make_merchant(), on_hand=1)
    make_order(State.DELIVERED, [(other, 1)], stranger)

    assert place_one([(make_product(merchant, on_hand=90), 19)], stranger).state is REQUESTED


@pytest.mark.parametrize("role", [Role.OWNER, Role.CLERK, Role.STAFF, Role.INTEGRATION])
def test_who_sells_is_not_bound_whoever_it_is_for(merchant, stranger, role):
    mug = make_product(merchant, on_hand=90)
    place_one([(mug, 1)], stranger)
    wish = wanted([(mug, 80)], make_actor(role))
    wish = replace(wish, customer=replace(wish.customer, person_id=stranger.person_id))

    assert place(merchant.id, [wish])[0].view.order.state is CONFIRMED


def test_no_open_orders_switch_it_all_off(database, stranger):
    mug = make_product(make_merchant(**(BOUNDS | {"unproven_open_orders": 0})), on_hand=90)

    assert {place_one([(mug, 11)], stranger).state for _ in range(7)} == {CONFIRMED}


def test_orders_of_one_batch_are_bound_together(merchant, stranger):
    mug = make_product(merchant, on_hand=20, when_short=WhenShort.BACKORDER)
    wishes = [wanted([(mug, 4)], stranger) for _ in range(3)]

    results = place(merchant.id, [*wishes, wanted([(mug, 9)])])

    assert [each.view.order.state for each in results] == [CONFIRMED, CONFIRMED, REQUESTED, CONFIRMED]
    assert place_one([(mug, 2)], stranger).state is CONFIRMED
    assert place_one([(mug, 1)], stranger).state is REQUESTED
    check_books(merchant.id)
