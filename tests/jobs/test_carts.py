"""Carts that nobody came back to go with their lines, of every merchant; those that became orders go much later."""

from datetime import timedelta

from sqlalchemy import select

from jobs import tidy
from jobs.sweep import Tally
from jobs.timetable import routine
from merchant_api.carts.expire import TOLD_FOR
from merchant_api.carts.models import Cart, CartLine
from merchant_api.core import clock
from merchant_api.core.actor import Role
from merchant_api.core.db import session
from tests.make.carts import made_at, make_cart
from tests.make.orders import place_one
from tests.make.people import make_actor, make_merchant
from tests.make.stock import make_product


def left():
    session().rollback()
    return set(session().execute(select(Cart.id)).scalars())


def test_expired_carts_of_all_merchants_go_and_the_others_stay(fresh):
    products = [make_product(make_merchant(cart_ttl_s=60), on_hand=9) for _ in range(3)]
    for product in products:
        for _ in range(3):
            make_cart([(product, 1)], make_actor(Role.CUSTOMER))
    with clock.clock.pinned(clock.now() + timedelta(hours=1)):
        young = make_cart([(products[0], 1)], make_actor(Role.CUSTOMER)).id

    with clock.clock.pinned(clock.now() + timedelta(seconds=61) + TOLD_FOR):
        assert routine("expire_carts").run(limit=2) == Tally(done=9)
        assert routine("expire_carts").run(limit=2) == Tally()

    assert left() == {young}
    assert session().execute(select(CartLine.cart_id)).scalars().all() == [young]


def test_carts_that_became_orders_go_ninety_days_later(fresh):
    product = make_product(on_hand=9)
    cart = make_cart([(product, 1)], make_actor(Role.CUSTOMER))
    cart.order_id = place_one([(product, 1)]).id
    session().commit()
    ordered_at = made_at(cart.order_id)

    for days, goes in ((89, False), (91, True)):
        with clock.clock.pinned(ordered_at + timedelta(days=days)):
            routine("expire_carts").run()
            tidy.run()
        assert (left() == set()) is goes
