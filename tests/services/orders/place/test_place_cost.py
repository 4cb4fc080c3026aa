"""What placing costs: statements of the common order, and the length up to which the driver keeps one parsed."""

from dataclasses import replace

import pytest
from sqlalchemy import inspect

from merchant_api.accounts.models import Customer
from merchant_api.catalog.models import ProductKind, WhenShort
from merchant_api.core.actor import Role
from merchant_api.core.answer import Answer
from merchant_api.core.db import session
from merchant_api.core.replay import Claim
from merchant_api.orders.place.place import place
from merchant_api.orders.place.write import LATER
from tests.make.orders import place_one, wanted
from tests.make.people import make_actor, make_merchant
from tests.make.statements import statements_of
from tests.make.stock import make_product

KEPT_PARSED = 4096  # characters, of psycopg: it parses longer statements anew each time


@pytest.mark.parametrize("lines", [1, 5])
@pytest.mark.parametrize("has_key", [True, False])
@pytest.mark.parametrize("proof", ["no rule", "trusted", "none"])
def test_the_common_order_is_one_read_and_one_write_that_the_driver_keeps(database, lines, has_key, proof):
    merchant, actor = make_merchant(unproven_open_orders=0 if proof == "no rule" else 5), make_actor(Role.CUSTOMER)
    products = [make_product(merchant, on_hand=9) for _ in range(lines)]
    place_one([(products[0], 1)], actor)
    session().get(Customer, (merchant.id, actor.person_id)).is_trusted = proof == "trusted"
    session().commit()
    claim = Claim(merchant.id, actor.id, "POST /orders", "k-1", b"f") if has_key else None
    wish = wanted([(product, 1) for product in products], actor, claim=claim, render=answer)
    wish = replace(wish, customer=replace(wish.customer, is_new=False))

    read, write = statements_of(lambda: place(merchant.id, [wish]))

    assert max(len(read), len(write)) <= KEPT_PARSED


def answer(_shown):
    return Answer(201, b"{}")


def test_an_order_with_registrations_costs_one_read_more(database):
    merchant = make_merchant()
    seats = [make_product(merchant, on_hand=9, kind=ProductKind.REGISTRATION, fulfilment="none") for _ in range(3)]

    statements = statements_of(lambda: place_one([(product, 2) for product in seats]))

    assert len(statements) == 3


@pytest.mark.parametrize("when_short", list(WhenShort))
def test_what_is_not_written_is_as_it_was_drawn_up(database, when_short):
    product = make_product(on_hand=1, when_short=when_short)
    (placed,) = place(product.merchant_id, [wanted([(product, 2 if when_short is not WhenShort.REFUSE else 1)])])
    drawn = [placed.view.order, placed.view.lines[0].row]
    session().rollback()

    for row in drawn:
        written = session().get(type(row), inspect(type(row)).primary_key_from_instance(row), populate_existing=True)
        assert written is not row
        for column in LATER[type(row)]:
            assert getattr(written, column) == getattr(row, column), column
