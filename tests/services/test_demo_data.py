"""The demo data: what DESIGN promises of them, and that loading them twice changes nothing."""

from flask import Flask
from sqlalchemy import text

from merchant_api.accounts import passwords
from merchant_api.accounts.models import Person
from merchant_api.catalog.find import ProductsWanted
from merchant_api.catalog.models import Product
from merchant_api.core.actor import Role
from merchant_api.core.db import session
from merchant_api.core.paging import Window
from merchant_api.demo import data
from merchant_api.orders.errors import OverLimit
from merchant_api.orders.place.placement import Placed, Refused
from merchant_api.orders.states import State
from merchant_api.shop import find
from merchant_api.shop.mode import Mode
from tests.make.people import make_actor
from tests.make.registrations import registers
from tests.make.stock import balances

WORD = "a word of the tests"
MODES = {
    "MUG-01": Mode.INSTANT,
    "SHAWL-02": Mode.INSTANT,
    "SINGING-BOWL-03": Mode.ON_REQUEST,
    "STICKER-04": Mode.UNTRACKED,
    "POSTER-05": Mode.BACKORDER,
    "MASK-06": Mode.CLOSED,
    "LAMP-07": Mode.CLOSED,
    "WEAVING-CLASS-08": Mode.INSTANT,
}


def _everything() -> dict[str, list[tuple[object, ...]]]:
    tables = ("people", "merchants", "members", "products", "cells", "ledger", "locations", "grades")
    return {table: sorted(map(repr, session().execute(text(f"SELECT * FROM {table}")).all())) for table in tables}


def test_loading_twice_changes_nothing(fresh: Flask):
    data.load(WORD)
    before = _everything()
    session().rollback()

    data.load(WORD)

    assert _everything() == before


def test_another_password_is_set_where_it_changed(fresh: Flask):
    data.load(WORD)

    data.load("another word of the tests")

    hashes = session().execute(text("SELECT password_hash FROM people")).scalars().all()
    assert len(hashes) == len(data.PEOPLE)
    assert all(passwords.is_right("another word of the tests", each) for each in hashes)
    assert session().query(Person).filter_by(is_staff=True).count() == 1


def test_the_demo_takes_also_a_password_that_nobody_else_could_have(fresh: Flask):
    for word in ("demodemo", "password"):
        data.load(word)

        hashes = session().execute(text("SELECT password_hash FROM people")).scalars().all()
        assert all(passwords.is_right(word, each) for each in hashes)
        session().rollback()


def test_each_product_meets_an_order_in_the_mode_that_it_stands_for(fresh: Flask):
    data.load(WORD)
    merchant_id = session().execute(text("SELECT id FROM merchants")).scalar_one()

    shown = find.page(merchant_id, ProductsWanted(None, None), Window(100), make_actor(merchant_id=merchant_id))

    modes = {item.product.sku: item.shown.mode for item in shown.items}
    assert {sku: modes[sku] for sku in MODES} == MODES


def test_the_class_is_booked_with_two_guests_and_not_with_three(fresh: Flask):
    data.load(WORD)
    seats = session().query(Product).filter_by(sku="WEAVING-CLASS-08").one()
    customer = make_actor(Role.CUSTOMER)

    too_many = registers(seats, 4, ["Asha", "Binod", "Maya"], customer)
    booked = registers(seats, 3, ["Asha", "Binod"], customer)

    assert isinstance(too_many, Refused)
    assert isinstance(too_many.refusal, OverLimit)
    assert isinstance(booked, Placed)
    assert booked.view.order.state is State.CONFIRMED
    assert balances(seats) == (12, 3, 0)
