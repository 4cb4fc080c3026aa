"""Seats in a cart: for oneself and for guests by name, and for nobody who is registered already."""

import pytest

from merchant_api.core.actor import Role
from merchant_api.orders.errors import AlreadyRegistered, GuestsMismatch, NotARegistration
from tests.make.carts import look_at, make_cart, put
from tests.make.orders import place_one
from tests.make.people import make_actor, make_merchant
from tests.make.registrations import make_class
from tests.make.stock import make_product

ANA = make_actor(Role.CUSTOMER)


def only(view):
    (line,) = view.lines
    return line


def test_guests_are_kept_as_they_were_named(database):
    seat = make_class()
    cart = make_cart([(seat, 1)], ANA)

    shown = put(cart, seat, 3, ANA, guests=["Bina", "Chandra"])

    assert only(shown).row.guests == only(look_at(cart, ANA)).row.guests == ["Bina", "Chandra"]
    assert only(put(cart, seat, 1, ANA)).row.guests is None


def test_seats_are_for_oneself_and_for_each_guest(database):
    seat, mug = make_class(), make_product(on_hand=9)
    cart = make_cart([(seat, 1)], ANA)

    with pytest.raises(GuestsMismatch) as refused:
        put(cart, seat, 3, ANA, guests=["Bina"])
    with pytest.raises(NotARegistration):
        put(make_cart([(mug, 1)], ANA), mug, 2, ANA, guests=["Bina"])

    assert refused.value.members["errors"] == {"quantity": ["Is not 1 and the number of guests."]}
    assert [line.row.quantity for line in look_at(cart, ANA).lines] == [1]


def test_who_is_registered_already_is_told_by_which_order(database):
    merchant = make_merchant()
    seat = make_class(merchant)
    cart = make_cart([(make_product(merchant, on_hand=9), 1)], ANA)
    order = place_one([(seat, 1)], ANA)

    with pytest.raises(AlreadyRegistered) as refused:
        put(cart, seat, 1, ANA)

    (named,) = refused.value.members["lines"]
    assert (named["product_id"], named["order_code"]) == (str(seat.id), order.code)


def test_a_registration_made_elsewhere_shows_in_the_cart(database):
    seat = make_class()
    cart = make_cart([(seat, 1)], ANA)
    place_one([(seat, 1)], ANA)

    line = only(look_at(cart, ANA))

    assert (line.is_ok, str(line.judged.reason)) == (False, "already_registered")
    assert str(line.judged.message).startswith("This person is registered already")
