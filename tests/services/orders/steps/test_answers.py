"""The merchant's answer: what accepting holds, what declining gives back, and when it is too late."""

from datetime import timedelta

import pytest

from merchant_api.accounts.models import Terms
from merchant_api.catalog.models import WhenShort
from merchant_api.core import clock
from merchant_api.core.actor import job
from merchant_api.core.db import session
from merchant_api.core.money import Money
from merchant_api.orders import find
from merchant_api.orders.due import expire_requests
from merchant_api.orders.errors import NotInOrder, TooLate
from merchant_api.orders.money import pay
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import CustomerWanted, LineWanted, Placed, Placement
from merchant_api.orders.states import DeclineReason, State
from merchant_api.orders.steps import decide
from merchant_api.stock.adjust import Adjustment, adjust
from merchant_api.stock.prefer import preferred_cells
from merchant_api.stock.states import Reason
from tests.make.orders import holds_of, make_order, place_one, reread
from tests.make.people import make_actor, make_merchant
from tests.make.snapshot import check_books, everything
from tests.make.stock import balances, make_cell, make_product

SELLER = make_actor()
MICROSECOND = timedelta(microseconds=1)


def accept(order, **answer):
    shown = decide.accept(order.merchant_id, order.id, decide.Accept(**answer), SELLER)
    session().commit()
    return shown


def decline(order, reason=DeclineReason.OUT_OF_STOCK, **answer):
    shown = decide.decline(order.merchant_id, order.id, decide.Decline(reason, **answer), SELLER)
    session().commit()
    return shown


@pytest.mark.parametrize(("on_hand", "wanted", "held"), [(0, 3, 0), (2, 5, 2), (4, 5, 4)])
def test_accepting_holds_what_there_is_and_promises_the_rest(database, on_hand, wanted, held):
    product = make_product(on_hand=on_hand)
    order = place_one([(product, wanted)])

    line = accept(order).lines[0]

    assert (line.held, line.row.promised) == (held, wanted - held)
    assert balances(product) == (on_hand, held, 0)
    check_books(order.merchant_id)


def test_accepting_takes_no_unit_that_another_order_holds(database):
    product = make_product(on_hand=3)
    order = place_one([(product, 5)])
    rival = place_one([(product, 2)])

    line = accept(order).lines[0]

    assert rival.state is State.CONFIRMED
    assert (line.held, line.row.promised) == (1, 4)
    assert balances(product) == (3, 3, 0)


def test_accepting_finds_the_stock_that_came_in_since(database):
    product = make_product(on_hand=0)
    order = place_one([(product, 2)])
    adjust(product.merchant_id, Adjustment(product.id, Reason.RECEIVED, increase=9), SELLER)
    session().commit()

    line = accept(order).lines[0]

    assert (line.held, line.row.promised) == (2, 0)


def test_accepting_never_holds_more_where_a_backorder_is_owed(database):
    product = make_product(on_hand=1, when_short=WhenShort.BACKORDER)
    place_one([(product, 4)])
    product.when_short = WhenShort.ASK
    session().commit()
    order = place_one([(product, 2)])

    line = accept(order).lines[0]

    assert (line.held, line.row.promised) == (0, 2)
    assert balances(product) == (1, 4, 0)


def test_a_request_holds_its_covered_lines_from_placing_on_and_keeps_them_when_accepted(database):
    merchant = make_merchant()
    covered, short = make_product(merchant, on_hand=5), make_product(merchant, on_hand=1)
    order = place_one([(covered, 2), (short, 3)])
    assert (balances(covered), balances(short)) == ((5, 2, 0), (1, 0, 0))

    shown = accept(order)

    assert [(line.held, line.row.promised) for line in shown.lines] == [(2, 0), (1, 2)]
    assert (balances(covered), balances(short)) == ((5, 2, 0), (1, 1, 0))


def test_a_line_that_names_a_cell_is_served_first_when_accepted(database):
    product = make_product(on_hand=1)
    attic = make_cell(product, 1, location="attic")
    default = next(cell for cell in preferred_cells(product.merchant_id, [product.id]) if cell != attic.key)
    lines = (LineWanted(product.id, 3), LineWanted(product.id, 2, default[1], default[2]))
    wanted = Placement(lines, CustomerWanted(SELLER.person_id, "Chandra"), SELLER, is_limited=False)
    (placed,) = place(product.merchant_id, [wanted])
    assert isinstance(placed, Placed)

    shown = accept(placed.view.order)

    assert [(line.held, line.row.promised) for line in shown.lines] == [(1, 2), (1, 1)]


def test_an_accepted_request_waits_for_payment_and_then_is_confirmed(database):
    order = place_one([(make_product(on_hand=0), 2)])

    accepted = accept(order).order
    assert (accepted.state, accepted.payment_terms) == (State.AWAITING_PAYMENT, Terms.AFTER_ACCEPTANCE)
    assert accepted.pay_by - accepted.answered_at == timedelta(hours=1)
    paid = pay.pay(order.merchant_id, order.id, pay.PaymentReport(Money(order.total, "NPR"), "ref-1"), SELLER)
    session().commit()

    assert paid.shown.order.state is State.CONFIRMED
    assert paid.shown.order.paid == order.total


@pytest.mark.parametrize("terms", [Terms.ON_DELIVERY, Terms.PREPAID])
def test_an_accepted_request_with_nothing_left_to_pay_now_is_confirmed(database, terms):
    reference = "beforehand" if terms is Terms.PREPAID else None
    order = place_one([(make_product(on_hand=0), 2)], SELLER, terms=terms, reference=reference)

    accepted = accept(order).order

    assert (order.state, accepted.state) == (State.REQUESTED, State.CONFIRMED)
    assert accepted.pay_by is None


def test_a_request_that_was_paid_before_it_was_answered_is_confirmed_when_accepted(database):
    order = place_one([(make_product(on_hand=0), 2)])
    pay.pay(order.merchant_id, order.id, pay.PaymentReport(Money(order.total, "NPR"), "early"), SELLER)
    session().commit()

    assert accept(order).order.state is State.CONFIRMED


def test_accepting_tells_who_answered_when_and_what(database):
    order = place_one([(make_product(on_hand=0), 2)])

    accepted = accept(order, note="Made to order, ready on Friday").order

    assert accepted.answered_by == SELLER.stamp()
    assert accepted.answer_note == "Made to order, ready on Friday"
    assert order.placed_at <= accepted.answered_at < accepted.pay_by
    last = find.history(order.merchant_id, order.id, SELLER)[-1]
    assert (last.step, last.note, last.actor) == ("accept", "Made to order, ready on Friday", SELLER.stamp())


def test_declining_gives_back_what_the_request_held(database):
    merchant = make_merchant()
    covered, short = make_product(merchant, on_hand=5), make_product(merchant, on_hand=1)
    order = place_one([(covered, 2), (short, 3)])

    shown = decline(order, DeclineReason.TOO_BUSY, note="Too many orders today")

    assert (shown.order.state, shown.order.reason) == (State.DECLINED, "too_busy")
    assert (balances(covered), balances(short)) == ((5, 0, 0), (1, 0, 0))
    assert holds_of(order) == [(2, "released")]
    check_books(merchant.id)


def test_a_product_named_out_of_stock_has_nothing_available_afterwards(database):
    product = make_product(on_hand=5)
    other = place_one([(product, 2)])
    attic = make_cell(product, 3, location="attic")
    order = place_one([(product, 7)])

    decline(order, out_of_stock=[product.id])

    assert balances(product) == (2, 2, 0)  # what the other order holds stays
    session().refresh(attic)
    assert (attic.on_hand, other.state) == (0, State.CONFIRMED)
    check_books(order.merchant_id)


def test_naming_a_product_out_of_stock_leaves_what_others_are_owed(database):
    product = make_product(on_hand=3)
    place_one([(product, 3)], terms=Terms.AFTER_ACCEPTANCE)
    adjust(product.merchant_id, Adjustment(product.id, Reason.LOST, decrease=3), SELLER)
    make_cell(product, 4, location="attic")
    order = place_one([(product, 7)])

    decline(order, out_of_stock=[product.id])

    assert balances(product) == (3, 3, 0)


def test_a_product_named_out_of_stock_gives_what_this_order_held_too(database):
    merchant = make_merchant()
    covered, short = make_product(merchant, on_hand=5), make_product(merchant, on_hand=0)
    order = place_one([(covered, 2), (short, 1)])

    decline(order, out_of_stock=[covered.id])

    assert balances(covered) == (0, 0, 0)


def test_naming_a_product_that_is_not_in_the_order_changes_nothing(database):
    product = make_product(on_hand=1)
    stranger = make_product(on_hand=5)
    order = place_one([(product, 2)])
    before = everything(order.merchant_id)

    with pytest.raises(NotInOrder):
        decide.decline(
            order.merchant_id, order.id, decide.Decline(DeclineReason.OUT_OF_STOCK, None, [stranger.id]), SELLER
        )
    session().rollback()

    assert everything(order.merchant_id) == before
    assert balances(stranger) == (5, 0, 0)


@pytest.mark.parametrize("answer", [accept, decline])
def test_an_answer_one_microsecond_before_the_deadline_is_in_time(database, answer):
    order = place_one([(make_product(on_hand=0), 2)])

    with clock.clock.pinned(order.respond_by - MICROSECOND):
        answer(order)

    assert reread(order).state in (State.AWAITING_PAYMENT, State.DECLINED)


@pytest.mark.parametrize("answer", [accept, decline])
def test_an_answer_at_the_deadline_is_too_late_though_no_job_has_swept(database, answer):
    order = place_one([(make_product(on_hand=0), 2)])
    before = everything(order.merchant_id)

    with clock.clock.pinned(order.respond_by), pytest.raises(TooLate):
        answer(order)
    session().rollback()

    assert everything(order.merchant_id) == before


def test_a_request_is_not_swept_before_its_deadline_and_is_at_it(database):
    order = place_one([(make_product(on_hand=0), 2)])

    with clock.clock.pinned(order.respond_by - MICROSECOND):
        assert expire_requests.DUE.ids(order.merchant_id, clock.now(), 10) == []
        assert expire_requests.run(order.merchant_id, [order.id], job("tests")) == 0
    with clock.clock.pinned(order.respond_by):
        assert expire_requests.DUE.ids(order.merchant_id, clock.now(), 10) == [order.id]
        assert expire_requests.DUE.merchants(clock.now(), 10) == [order.merchant_id]
        assert expire_requests.run(order.merchant_id, [order.id], job("tests")) == 1
    session().commit()

    assert (reread(order).state, reread(order).reason) == (State.EXPIRED, "no_answer")


def test_nobody_answered_is_not_a_decline_and_gives_the_stock_back(database):
    merchant = make_merchant()
    covered, short = make_product(merchant, on_hand=5), make_product(merchant, on_hand=0)

    order = make_order(State.EXPIRED, [(covered, 2), (short, 1)])

    assert order.answered_at is order.answered_by is None
    assert balances(covered) == (5, 0, 0)
    check_books(merchant.id)


def test_sweeping_a_request_twice_changes_nothing_more(database):
    order = make_order(State.EXPIRED, [(make_product(on_hand=0), 2)])
    before = everything(order.merchant_id)

    with clock.clock.pinned(clock.now() + timedelta(days=9)):
        assert expire_requests.run(order.merchant_id, [order.id], job("tests")) == 0
    session().commit()

    assert everything(order.merchant_id) == before
