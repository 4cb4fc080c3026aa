"""A product in several places: orders beside orders, and beside the job that moves what they lack."""

import random
from collections import Counter
from functools import partial

import pytest
from sqlalchemy import select

from merchant_api.catalog.models import WhenShort
from merchant_api.core import clock
from merchant_api.core.db import in_transaction, session
from merchant_api.core.money import Money
from merchant_api.core.tenancy import of
from merchant_api.orders.due import settle_stock
from merchant_api.orders.figures import audit as strays
from merchant_api.orders.money import pay
from merchant_api.orders.place.place import place
from merchant_api.orders.place.placement import CustomerWanted, LineWanted, Placement
from merchant_api.orders.states import State
from merchant_api.stock import settle
from merchant_api.stock.adjust import Adjustment, adjust
from merchant_api.stock.models import Cell
from merchant_api.stock.states import Reason
from tests.make.orders import make_order, place_one
from tests.make.people import make_actor
from tests.make.stock import balances, make_cell, make_product
from tests.races.rivals import at_once, deadlocks, in_own, said
from tests.races.works import JOB, cancels, gets, moves, picks_up, settles

PLACES = ("shed", "attic", "cellar")
SELLER = make_actor()


def buys_at(cell, units):
    """A customer wants units from one place, by the key of a cell."""
    product_id, location_id, grade_id = cell.key
    lines = (LineWanted(product_id, units, location_id, grade_id),)
    placement = Placement(lines, CustomerWanted(SELLER.person_id, "Asha"), SELLER, is_limited=False)
    return lambda merchant_id=cell.merchant_id: place(merchant_id, [placement])[0]


def receives(product, units, location):
    """Units come into a place."""
    wish = Adjustment(product.id, Reason.RECEIVED, location, increase=units)
    return in_own(partial(adjust, product.merchant_id, wish, SELLER))


def pays(order):
    """The customer pays all of it."""
    report = pay.PaymentReport(Money(order.total, order.currency), f"paid-{order.code}")
    return in_own(partial(pay.pay, order.merchant_id, order.id, report, SELLER))


def verdicts(results):
    return Counter(result.view.lines[0].row.verdict.value for result in results)


def moves_and_settles(shop):
    """The job of stock, on whatever is due or shall move."""

    def work(merchant_id=shop.id):
        for due in (settle_stock.TO_MOVE, settle.DUE):
            ids = due.ids(merchant_id, clock.now(), 1000)
            session().rollback()
            in_transaction(partial(settle_stock.run, merchant_id, ids, JOB), of(merchant_id))

    return work


@pytest.mark.parametrize("_round", range(3))
def test_two_orders_at_two_places_never_get_what_an_older_order_lacks(crowd, shop, _round):
    product = make_product(shop, on_hand=3)
    shed, attic = make_cell(product, 2, location="shed"), make_cell(product, 2, location="attic")
    make_order(State.AWAITING_PAYMENT, [(product, 3)])
    adjust(shop.id, Adjustment(product.id, Reason.LOST, decrease=3), SELLER)
    session().commit()

    results = at_once(crowd, [buys_at(shed, 1), buys_at(attic, 1), moves_and_settles(shop)])

    assert verdicts(results[:2]) == {"covered": 1, "ask": 1}
    on_hand, held, _ = balances(product)
    assert on_hand == held


@pytest.mark.parametrize("_round", range(3))
def test_a_cell_that_two_backorders_need_at_once_is_made_once(crowd, shop, _round):
    product = make_product(shop, when_short=WhenShort.BACKORDER)
    elsewhere = make_cell(make_product(shop), 0, location="shed")
    wanted = Cell(merchant_id=shop.id, product_id=product.id, location_id=elsewhere.location_id)
    wanted.grade_id = elsewhere.grade_id
    session().expunge_all()

    results = at_once(crowd, [*[buys_at(wanted, 2)] * 3, receives(product, 1, "shed")])

    assert verdicts(results[:3]) == {"backorder": 3}
    rows = select(Cell.held).where(Cell.merchant_id == shop.id, Cell.product_id == product.id)
    assert sorted(session().execute(rows).scalars()) == [0, 6]
    assert deadlocks() == 0


@pytest.mark.parametrize("_round", range(2))
def test_the_job_beside_orders_in_several_places_never_waits_in_a_circle(crowd, shop, _round):
    chance = random.Random(_round)
    products = [make_product(shop, on_hand=4, when_short=WhenShort.BACKORDER) for _ in range(3)]
    cells = [make_cell(product, 2, location=location) for product in products for location in PLACES]
    standing = [place_one([(product, 7) for product in chance.sample(products, 2)]) for _ in range(6)]
    works = [buys_at(chance.choice(cells), chance.randint(1, 4)) for _ in range(12)]
    works += [receives(product, 5, location) for product in products for location in PLACES]
    works += [gets(product, -1) for product in products] + [moves(product, 1, "attic") for product in products]
    works += [cancels(standing[0]), picks_up(standing[1]), cancels(standing[2]), settles(shop)]
    works += [moves_and_settles(shop)] * 4
    chance.shuffle(works)

    told = said(at_once(crowd, works))

    assert told["ok"] >= len(works) - 6  # some find nothing to take or to move
    assert deadlocks() == 0


@pytest.mark.parametrize("_round", range(3))
def test_who_pays_while_his_units_move_is_settled_and_nothing_is_forgotten(crowd, shop, _round):
    product = make_product(shop, on_hand=24)
    make_cell(product, 0, location="shed")
    orders = [make_order(State.AWAITING_PAYMENT, [(product, 3)]) for _ in range(8)]
    adjust(shop.id, Adjustment(product.id, Reason.LOST, decrease=24), SELLER)
    session().commit()
    works = [*map(pays, orders), *[receives(product, 6, "shed")] * 4, *[moves_and_settles(shop)] * 6]

    told = said(at_once(crowd, works))
    for _ in range(3):
        moves_and_settles(shop)()

    assert (told, deadlocks()) == (Counter(ok=len(works)), 0)
    assert balances(product) == (0, 0, 24)
    assert strays.audit(shop.id) == []
