"""One open cart a person and merchant; it expires some time after its last change, says so for a day, and goes."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from merchant_api.carts import edit, expire, forget
from merchant_api.carts.edit import CartLineAsked
from merchant_api.carts.errors import CartExpired
from merchant_api.carts.find import CartStanding
from merchant_api.carts.models import Cart, CartLine
from merchant_api.carts.open import open_cart
from merchant_api.core import clock
from merchant_api.core.actor import Role, job
from merchant_api.core.db import session
from merchant_api.core.errors import Forbidden, NotFound
from merchant_api.core.ids import new_id
from tests.make.carts import look_at, made_at, make_cart, put
from tests.make.orders import place_one
from tests.make.people import make_actor, make_merchant, saved
from tests.make.stock import make_product

ANA = make_actor(Role.CUSTOMER)
WEEK, DAY, SECOND = timedelta(days=7), timedelta(days=1), timedelta(seconds=1)


def count(model):
    return session().execute(select(func.count()).select_from(model)).scalar_one()


def test_the_open_cart_is_given_again(database):
    merchant = make_merchant()

    first, second = open_cart(merchant.id, ANA), open_cart(merchant.id, ANA)

    assert (first.is_new, second.is_new) == (True, False)
    assert first.view.cart.id == second.view.cart.id
    assert first.view.cart.version == 0


def test_each_person_and_each_merchant_has_one_of_its_own(database):
    merchants, people = [make_merchant() for _ in range(2)], [ANA, make_actor(Role.CUSTOMER)]

    carts = {open_cart(merchant.id, person).view.cart.id for merchant in merchants for person in people}

    assert len(carts) == 4


def test_the_database_has_one_open_cart_of_a_person_at_a_merchant(database):
    cart = open_cart(make_merchant().id, ANA).view.cart
    session().commit()
    names = {"person_id": cart.person_id, "version": 0, "order_id": None}
    instants = dict.fromkeys(("created_at", "changed_at", "expires_at"), cart.created_at)

    with pytest.raises(IntegrityError, match="uq_carts_open"):
        saved(Cart(merchant_id=cart.merchant_id, id=new_id(), **names, **instants))


def test_a_key_has_no_cart(database):
    with pytest.raises(Forbidden):
        open_cart(make_merchant().id, make_actor(Role.INTEGRATION))


def test_a_cart_lives_a_while_after_each_change(database):
    merchant = make_merchant(cart_ttl_s=600)
    mug = make_product(merchant, on_hand=9)
    cart = make_cart([(mug, 1)], ANA)
    first, at = cart.expires_at, clock.now() + timedelta(seconds=400)

    with clock.clock.pinned(at):
        open_cart(merchant.id, ANA)
        assert look_at(cart, ANA).cart.expires_at == first
        assert put(cart, mug, 2, ANA).cart.expires_at == at + timedelta(seconds=600)
        edit.remove(merchant.id, cart.id, mug.id, ANA)
        session().commit()
    assert look_at(cart, ANA).cart.expires_at == at + timedelta(seconds=600)
    assert look_at(cart, ANA).cart.version == 3


def test_carts_are_kept_for_a_week_where_the_merchant_says_nothing(database):
    cart = open_cart(make_merchant().id, ANA).view.cart

    assert cart.expires_at - cart.created_at == WEEK


def test_an_expired_cart_says_so_and_a_fresh_one_is_given(database):
    mug = make_product(on_hand=9)
    cart = make_cart([(mug, 1)], ANA)
    merchant_id, cart_id, expires_at = cart.merchant_id, cart.id, cart.expires_at

    with clock.clock.pinned(expires_at - SECOND):
        assert look_at(cart, ANA).state is CartStanding.OPEN
    with clock.clock.pinned(expires_at):
        assert look_at(cart, ANA).state is CartStanding.EXPIRED
        with pytest.raises(CartExpired):
            put(cart, mug, 1, ANA)
        with pytest.raises(CartExpired):
            edit.remove(merchant_id, cart_id, mug.id, ANA)
        fresh = open_cart(merchant_id, ANA)
        with pytest.raises(NotFound):
            edit.put(merchant_id, cart_id, mug.id, CartLineAsked(1), ANA)

    assert fresh.is_new
    assert (fresh.view.cart.id != cart_id, fresh.view.lines) == (True, [])
    assert (count(Cart), count(CartLine)) == (1, 0)


def test_the_job_takes_carts_a_day_after_they_expired_and_no_others(database):
    merchant = make_merchant(cart_ttl_s=60)
    mug = make_product(merchant, on_hand=9)
    old = make_cart([(mug, 1)], ANA)
    with clock.clock.pinned(old.expires_at + timedelta(hours=1)):
        young = make_cart([(mug, 1)], make_actor(Role.CUSTOMER))
    at = old.expires_at + expire.TOLD_FOR

    assert expire.DUE.ids(merchant.id, at - SECOND, 10) == []
    assert expire.DUE.ids(merchant.id, at, 10) == [old.id]
    assert expire.DUE.merchants(at, 10) == [merchant.id]
    with clock.clock.pinned(at):
        assert expire.run(merchant.id, [old.id, young.id], job("tests")) == 1
        assert expire.run(merchant.id, [old.id, young.id], job("tests")) == 0

    assert session().execute(select(Cart.id)).scalars().all() == [young.id]
    assert count(CartLine) == 1


def test_a_cart_that_was_changed_or_checked_out_in_time_is_not_taken(database):
    merchant = make_merchant(cart_ttl_s=60)
    mug = make_product(merchant, on_hand=9)
    changed, ordered = make_cart([(mug, 1)], ANA), make_cart([(mug, 1)], make_actor(Role.CUSTOMER))
    at = changed.expires_at + expire.TOLD_FOR + SECOND
    ordered.order_id = place_one([(mug, 1)]).id
    changed.expires_at += timedelta(seconds=30)
    session().commit()

    with clock.clock.pinned(at):
        assert expire.run(merchant.id, [changed.id, ordered.id], job("tests")) == 0

    assert count(Cart) == 2


def test_checked_out_carts_go_after_their_time_and_their_orders_stay(database):
    merchant = make_merchant()
    mug = make_product(merchant, on_hand=9)
    carts = [make_cart([(mug, 1)], make_actor(Role.CUSTOMER)) for _ in range(3)]
    for cart in carts[:2]:
        cart.order_id = place_one([(mug, 1)]).id
    session().commit()
    first, later = made_at(carts[0].order_id), made_at(carts[1].order_id) + DAY

    assert forget.tidy(merchant.id, first - SECOND) == 0
    assert forget.tidy(merchant.id, later, limit=1) == 1
    assert (forget.tidy(merchant.id, later), forget.tidy(merchant.id, later)) == (1, 0)

    assert session().execute(select(Cart.id)).scalars().all() == [carts[2].id]
