"""A cart shows one who is new what placing would do: what is asked because of that, and in which words."""

import pytest

from merchant_api.catalog.models import WhenShort
from merchant_api.core.actor import Role
from merchant_api.orders.states import State, Verdict
from tests.make.carts import check_out, look_at, make_cart
from tests.make.orders import make_order, place_one
from tests.make.people import make_actor, make_merchant
from tests.make.statements import statements_of
from tests.make.stock import make_product


@pytest.fixture
def merchant(database):
    return make_merchant(unproven_open_orders=2)


@pytest.fixture
def stranger(database):
    return make_actor(Role.CUSTOMER)


@pytest.mark.parametrize("when_short", list(WhenShort))
def test_a_cart_and_its_order_agree_on_what_is_asked_of_one_who_is_new(merchant, stranger, when_short):
    mug, bowl = make_product(merchant, on_hand=20, when_short=when_short), make_product(merchant, on_hand=9)
    place_one([(mug, 4)], stranger)
    cart = make_cart([(mug, 7), (bowl, 1)], stranger)

    view = look_at(cart, stranger)
    order = check_out(cart, stranger).view

    shown = [(line.judged.verdict, line.judged.reason) for line in view.lines]
    assert shown == [(line.row.verdict, line.row.verdict_reason) for line in order.lines]
    assert [verdict for verdict, _ in shown] == [Verdict.ASK, Verdict.COVERED]
    said = "For 7 the merchant is asked first: you hold 4, and who is new here gets 10 at once."
    assert (str(view.lines[0].judged.message), str(view.mode)) == (said, "on_request")


def test_as_many_open_orders_as_he_may_have_are_said_of_every_line(merchant, stranger):
    mug, sticker = make_product(merchant, on_hand=20), make_product(merchant, is_tracked=False)
    for _ in range(2):
        place_one([(mug, 1)], stranger)
    cart = make_cart([(mug, 1), (sticker, 1)], stranger)

    lines = look_at(cart, stranger).lines

    said = "The merchant is asked first: you have 2 open orders, and who is new here may have 2."
    assert [(line.judged.verdict, str(line.judged.message)) for line in lines] == [(Verdict.ASK, said)] * 2


def test_who_is_proven_sees_what_stock_says(merchant, stranger):
    mug = make_product(merchant, on_hand=90)
    make_order(State.DELIVERED, [(mug, 1)], stranger)
    cart = make_cart([(mug, 80)], stranger)

    assert look_at(cart, stranger).lines[0].judged.verdict is Verdict.COVERED


def test_looking_at_a_cart_costs_no_read_more(merchant, stranger):
    cart = make_cart([(make_product(merchant, on_hand=20), 7)], stranger)

    assert len(statements_of(lambda: look_at(cart, stranger))) == 2
