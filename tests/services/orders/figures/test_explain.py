"""Why is it 7? Snapshot, ledger since and open holds come to every figure, and each says what it is."""

import re

import pytest
from sqlalchemy import select

from merchant_api.catalog.errors import NoSuchProduct
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.orders.figures.explain import explain
from merchant_api.orders.states import State
from merchant_api.orders.steps import cancel, pickup
from merchant_api.stock.adjust import Adjustment, adjust
from merchant_api.stock.ledger_models import LedgerRow
from merchant_api.stock.sessions.chain import Figures
from merchant_api.stock.sessions.states import Moved, Scope
from merchant_api.stock.sessions.trace import Where
from merchant_api.stock.states import Reason
from tests.make.holds import make_hold
from tests.make.orders import make_order, place_one, settle_all
from tests.make.people import make_actor, make_merchant, make_person
from tests.make.sessions import left, make_close, make_count, make_staged
from tests.make.stock import make_cell, make_product


@pytest.fixture
def merchant(database):
    merchant = make_merchant()
    make_staged(merchant)
    return merchant


def told(product, **where):
    return explain(product.merchant_id, product.id, Where(**where))


def only_cell(product):
    cells = told(product).cells
    assert len(cells) == 1
    return cells[0]


def said(cell):
    """What its rows say."""
    return [str(row.why) for row in cell.rows]


def received(product, units, comment=None, person="Binod"):
    actor = make_actor(person=make_person(person))
    wanted = Adjustment(product.id, Reason.RECEIVED, increase=units, comment=comment)
    adjust(product.merchant_id, wanted, actor)
    session().commit()


def test_a_product_never_counted_begins_with_nothing(merchant):
    product = make_product(merchant, on_hand=5)
    received(product, 2, "delivery of Monday")

    cell = only_cell(product)

    assert (cell.chain.start.session_id, cell.chain.start.figures) == (None, Figures(0, 0, 0))
    assert str(cell.start.why) == "nothing: the cell's ledger begins here"
    assert said(cell) == ["5 to begin with (tests)", "2 received: delivery of Monday (Binod)"]
    assert (str(cell.why), cell.chain.is_right) == ("7 available: 7 on hand, 0 held", True)


def test_orders_are_named_by_their_codes(merchant):
    product = make_product(merchant, on_hand=9)
    sold, called_off = make_order(State.CONFIRMED, [(product, 2)]), make_order(State.CONFIRMED, [(product, 1)])
    settle_all(sold)
    cancel.cancel(merchant.id, called_off.id, cancel.Cancel("changed my mind"), make_actor())
    waits = make_order(State.AWAITING_PAYMENT, [(product, 3)])
    placed = place_one([(product, 1)])
    cancel.cancel(merchant.id, placed.id, cancel.Cancel("changed my mind"), make_actor())
    session().commit()

    cell = only_cell(product)

    assert said(cell)[1:] == [
        f"2 held for order {sold.code}",
        f"1 held for order {called_off.code}",
        f"2 sold: taken out of stock for order {sold.code}",
        f"1 sold: taken out of stock for order {called_off.code}",
        f"1 back in stock from order {called_off.code}",
        f"3 held for order {waits.code}",
        f"1 held for order {placed.code}",
        f"1 no longer held for order {placed.code}",
    ]
    assert [row.order_code for row in cell.rows][:2] == [None, sold.code]
    assert [(row.order_code, str(row.why)) for row in cell.holds] == [
        (waits.code, f"3 held for order {waits.code} (not confirmed yet)")
    ]
    assert str(cell.why) == "4 available: 7 on hand, 3 held by 1 open hold"
    assert cell.chain.is_right


def test_after_a_promotion_the_chain_begins_with_the_snapshot(merchant):
    product = make_product(merchant, on_hand=9)
    order = make_order(State.CONFIRMED, [(product, 2)])
    settle_all(order)
    make_count(product, 12)
    done = make_close(merchant, comment="the monthly count")
    place_one([(product, 1)])

    cell = only_cell(product)

    start = cell.chain.start
    assert (start.session_id, start.closed_at) == (done.closed.id, done.closed.closed_at)
    assert (start.figures, start.seq) == (Figures(7, 0, 2), 3)
    assert str(cell.start.why).startswith(f"7 on hand, 0 held, as session {done.closed.id} left it on 20")
    assert said(cell)[0] == (
        f"promotion of session {done.live.id}: 12 counted, 2 of them sold and waiting for pickup, so 7 became 10: "
        "the monthly count (owner)"
    )
    assert (len(cell.rows), cell.chain.is_right) == (2, True)


@pytest.mark.parametrize(
    ("moved", "words"),
    [
        (None, "12 counted, 3 came in since, so 12 became 15"),
        (Moved.IGNORE, "12 counted, what moved since is left out (4 came in), so 12 became 12"),
    ],
)
def test_a_promotion_tells_what_moved_since_the_count(merchant, moved, words):
    product = make_product(merchant, on_hand=9)
    make_count(product, 12)
    received(product, 3)
    if moved is Moved.IGNORE:
        received(product, 1)
        words = words.replace("so 12", "so 13")
    make_close(merchant, moved=moved)

    assert words in said(only_cell(product))[0]


def test_a_cell_that_a_full_count_left_out_says_so(merchant):
    product, counted = make_product(merchant, on_hand=9), make_product(merchant, on_hand=1)
    make_count(counted, 2)
    done = make_close(merchant, scope=Scope.FULL, version=1)

    assert said(only_cell(product)) == [
        f"promotion of session {done.live.id}: not counted: becomes 0, so 9 became 0 (owner)"
    ]


def test_units_that_a_full_count_leaves_on_the_books_are_told(merchant):
    product, counted = make_product(merchant, on_hand=9), make_product(merchant, on_hand=1)
    left(make_hold(product, 2, settle_at=clock.now()))
    make_count(counted, 2)
    make_close(merchant, scope=Scope.FULL, version=1)

    words = "becomes 0, but for 2 picked up that are not taken out of stock yet, so 9 became 2"
    assert words in said(only_cell(product))[-1]


def test_a_cell_that_the_snapshot_does_not_have_begins_with_nothing(merchant):
    product = make_product(merchant, on_hand=9)
    make_count(product, 8)
    make_close(merchant)
    make_cell(product, 3, location="attic")

    default, attic = told(product).cells

    assert default.chain.start.session_id is not None
    assert attic.chain.start.session_id is None
    assert default.chain.is_right
    assert attic.chain.is_right


def test_more_promised_than_there_is_is_owed(merchant):
    product = make_product(merchant, on_hand=2)
    make_hold(product, 5)

    assert str(only_cell(product).why) == "3 owed: 2 on hand, 5 held by 1 open hold"


def test_a_product_without_a_cell_has_nothing_to_explain(merchant):
    product = make_product(merchant, is_tracked=False)

    everywhere = told(product, location="attic")

    assert (everywhere.cells, everywhere.now, everywhere.is_right) == ([], Figures(0, 0, 0), True)


def test_another_merchants_product_is_not_there(merchant):
    with pytest.raises(NoSuchProduct):
        explain(merchant.id, make_product().id, Where())


def test_every_row_of_a_life_with_orders_has_a_sentence(merchant):
    product = make_product(merchant, on_hand=30)
    for state in State:
        if state not in (State.REQUESTED, State.EXPIRED, State.DECLINED):
            settle_all(make_order(state, [(product, 1)]))
    returned = make_order(State.PICKED_UP, [(product, 1)])
    settle_all(returned)
    pickup.fail(merchant.id, returned.id, "nobody at home", make_actor())
    session().commit()

    cell = only_cell(product)

    rows = session().execute(select(LedgerRow.id).where(LedgerRow.product_id == product.id)).all()
    assert len(cell.rows) == len(rows)
    assert all(re.search(r"order [A-Z0-9]{6}$", sentence) for sentence in said(cell)[1:])
    assert cell.chain.is_right
