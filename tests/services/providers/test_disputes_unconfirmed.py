"""Orders that are not confirmed go on by no money that a bank has, and by money that is here again."""

import pytest

from merchant_api.core.db import session
from merchant_api.core.paging import Window
from merchant_api.orders.errors import NotTheAmountDue
from merchant_api.orders.money import revive, view
from merchant_api.orders.money.view import Chosen
from merchant_api.orders.states import State
from merchant_api.orders.steps import decide
from tests.make.money import check_money, end_unpaid, payments_of
from tests.make.orders import events_of, make_order, reread
from tests.make.people import make_actor
from tests.make.providers import charge
from tests.make.stock import make_product
from tests.services.providers.banks import disputes_it
from tests.services.providers.conftest import PRICE, awaiting, pays, tells
from tests.services.providers.totals import FIRST, at

SELLER = make_actor()


def due(shop):
    session().rollback()
    page = view.page(shop.id, Chosen(is_due_back=True), Window())
    return {each.row.reference: each.due_back.amount for each in page.items}


def part(shop, order, provider, reference, amount):
    pays(provider, reference, amount, order_id=str(order.id))
    return next(each for each in payments_of(shop.id) if each.reference == reference)


def says_it(provider, total, seconds=0):
    about = charge("pi_1", PRICE + FIRST, total)
    assert tells(provider, "charge.refunded", about, created=at(seconds)) == "applied"


def test_an_order_that_awaits_its_money_does_not_go_on_by_a_part_that_a_bank_has(shop, provider):
    order = awaiting(shop)
    part(shop, order, provider, "pi_1", FIRST)
    disputes_it(provider, amount=FIRST)
    part(shop, order, provider, "pi_2", PRICE - FIRST)
    assert (reread(order).state, reread(order).left_to_pay) == (State.AWAITING_PAYMENT, FIRST)
    check_money(shop.id)

    disputes_it(provider, "won", "closed", seconds=5, amount=FIRST)

    assert (reread(order).state, reread(order).left_to_pay) == (State.CONFIRMED, 0)
    check_money(shop.id)


def test_late_money_revives_no_order_of_which_a_bank_has_a_part(shop, provider):
    order = awaiting(shop)
    part(shop, order, provider, "pi_1", FIRST)
    disputes_it(provider, "lost", "closed", amount=FIRST)
    end_unpaid(order)
    rest = part(shop, order, provider, "pi_2", PRICE - FIRST)

    with pytest.raises(NotTheAmountDue):
        revive.revive(shop.id, rest.id, SELLER)

    assert due(shop) == {"pi_2": PRICE - FIRST}
    (parked,) = [event for event in events_of(order) if event.type == "payment.parked"]
    assert parked.payload["payment"]["offer"] == "give_back"


def test_an_accepted_request_whose_money_a_bank_has_awaits_it(shop, provider):
    order = make_order(State.REQUESTED, [(make_product(shop, on_hand=1), 2)])
    part(shop, order, provider, "pi_1", order.total)
    disputes_it(provider, amount=order.total)

    decide.accept(shop.id, order.id, decide.Accept(), SELLER)
    session().commit()

    assert (reread(order).state, reread(order).left_to_pay) == (State.AWAITING_PAYMENT, order.total)
    check_money(shop.id)


def test_money_that_a_newer_total_says_is_here_again_confirms_what_awaits_it(shop, provider):
    order = make_order(State.REQUESTED, [(make_product(shop, on_hand=1), 2)])
    part(shop, order, provider, "pi_1", PRICE + FIRST)
    says_it(provider, PRICE + FIRST)
    decide.accept(shop.id, order.id, decide.Accept(), SELLER)
    session().commit()
    assert reread(order).state is State.AWAITING_PAYMENT

    says_it(provider, FIRST, seconds=5)

    assert reread(order).state is State.CONFIRMED
    check_money(shop.id)
