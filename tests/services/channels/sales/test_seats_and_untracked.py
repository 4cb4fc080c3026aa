"""Registrations and products whose stock is not counted, sold by a shop."""

from merchant_api.catalog.models import Fulfilment, ProductKind, WhenShort
from merchant_api.channels.states import SaleState
from merchant_api.orders.states import State
from tests.make.sales import orders_of, shop_line, shop_order, told
from tests.make.snapshot import check_books
from tests.make.stock import available, balances, make_product


def make_talk(merchant, seats):
    columns = {"kind": ProductKind.REGISTRATION, "fulfilment": Fulfilment.NONE, "when_short": WhenShort.REFUSE}
    return make_product(merchant, on_hand=seats, **columns)


def test_seats_are_sold_beyond_their_number_and_given_back(channel, merchant):
    talk = make_talk(merchant, 2)
    assert told(channel, shop_order(shop_line(talk, 3))).state is SaleState.TAKEN
    assert available(talk) == -1

    told(channel, shop_order(shop_line(talk, 3, taken=1, cancelled=2)))

    assert available(talk) == 1
    check_books(merchant.id)


def test_who_has_a_seat_buys_another_one(channel, merchant):
    talk = make_talk(merchant, 5)

    told(channel, shop_order(shop_line(talk, 1)))
    stands = told(channel, shop_order(shop_line(talk, 2), external_id="#1002"))

    assert (stands.state, available(talk)) == (SaleState.TAKEN, 2)


def test_what_is_not_counted_is_sold_and_cancelled_without_stock(channel, merchant):
    card = make_product(merchant, is_tracked=False)
    told(channel, shop_order(shop_line(card, 3)))
    told(channel, shop_order(shop_line(card, 3, cancelled=1)))
    told(channel, shop_order(shop_line(card, 3, taken=2, cancelled=1)))

    assert (orders_of(channel)[0].state, balances(card)) == (State.CONFIRMED, (0, 0, 0))

    told(channel, shop_order(shop_line(card, 3, taken=0, cancelled=3)))
    assert (orders_of(channel)[0].state, balances(card)) == (State.CANCELLED, (0, 0, 0))
