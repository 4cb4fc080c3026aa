"""What an explanation comes to: long chains are summed, nothing contradicts itself, and what is wrong says so."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, text

from merchant_api.core.db import db, session
from merchant_api.orders.figures.explain import explain
from merchant_api.stock.adjust import Adjustment, adjust
from merchant_api.stock.sessions import trace
from merchant_api.stock.sessions.chain import Figures
from merchant_api.stock.sessions.trace import Where
from merchant_api.stock.states import Reason
from tests.make.holds import make_hold
from tests.make.orders import place_one, settle_all
from tests.make.people import make_actor, make_merchant
from tests.make.sessions import make_close, make_count, make_staged
from tests.make.statements import asked
from tests.make.stock import make_cell, make_product


@pytest.fixture
def merchant(database):
    return make_merchant()


def told(product, **where):
    return explain(product.merchant_id, product.id, Where(**where))


def only_cell(product):
    cells = told(product).cells
    assert len(cells) == 1
    return cells[0]


def received(product, units):
    adjust(product.merchant_id, Adjustment(product.id, Reason.RECEIVED, increase=units), make_actor())
    session().commit()


def test_of_a_long_chain_the_earlier_rows_are_summed(merchant, monkeypatch):
    monkeypatch.setattr(trace, "SHOWN", 6)
    product = make_product(merchant, on_hand=20)
    for units in (1, 2, 3):
        received(product, units)
        place_one([(product, units)])
    received(product, 4)
    make_hold(product, 1)

    cell = only_cell(product)

    assert [row.row.seq for row in cell.rows] == [4, 5, 6, 7, 8, 9]
    assert [str(row.why) for row in cell.earlier] == [
        "1 × opening before: on hand +20",
        "1 × received before: on hand +1",
        "1 × held before: held +1",
    ]
    assert cell.chain.is_right
    assert (cell.chain.on_hand.start, cell.chain.on_hand.changes, cell.chain.on_hand.now) == (0, 30, 30)
    assert (cell.chain.numbers.changes, cell.chain.promised.now) == (9, 7)


def test_holds_that_are_not_shown_are_counted(merchant, monkeypatch):
    monkeypatch.setattr(trace, "SHOWN", 5)
    product = make_product(merchant, on_hand=20)
    for units in (1, 2, 1, 2, 1, 2, 1):
        make_hold(product, units)

    cell = only_cell(product)

    assert [row.row.quantity for row in cell.holds] == [1, 2, 1, 2, 1]
    assert (cell.holds_not_shown, cell.units_not_shown) == (2, 3)
    assert (cell.chain.open_holds.changes, cell.chain.is_right) == (10, True)
    assert cell.holds[0].order_code is None
    assert str(cell.chain.held[0].order_id) in str(cell.holds[0].why)


def test_cells_share_what_is_shown_and_can_be_asked_for_alone(merchant, monkeypatch):
    monkeypatch.setattr(trace, "SHOWN", 10)
    product = make_product(merchant, on_hand=5)
    make_cell(product, 3, location="attic", grade="B")
    for _ in range(8):
        received(product, 1)

    whole, default, attic = told(product), told(product, location="default"), told(product, location="attic", grade="B")

    assert [len(cell.rows) for cell in whole.cells] == [5, 1]
    assert [len(cell.rows) for cell in default.cells] == [9]
    assert (whole.now.on_hand, default.now.on_hand, attic.now.on_hand) == (16, 13, 3)
    assert str(whole.why) == "16 available: 16 on hand, 0 held"
    assert told(product, location="attic", grade="default").cells == told(product, location="moon").cells == []


def test_the_number_of_statements_does_not_depend_on_the_chain(merchant, monkeypatch):
    monkeypatch.setattr(trace, "SHOWN", 10)
    product = make_product(merchant, on_hand=50)
    make_cell(product, 5, location="attic")
    for _ in range(9):
        place_one([(product, 1)])
    statements = []
    event.listen(db.engines[None], "before_cursor_execute", lambda *told: statements.append(told[2]))

    assert told(product).cells[0].earlier

    assert len(asked(statements)) == 5


def test_a_sale_in_between_contradicts_nothing(fresh):
    merchant = make_merchant()
    product = make_product(merchant, on_hand=9)
    place_one([(product, 2)])
    session().commit()

    def sell():
        with fresh.app_context():
            settle_all(place_one([(product, 3)]))

    def sell_in_between(_connection, _cursor, statement, *_rest):
        if "FROM cells" in statement and not sold:
            sold.append(True)
            with ThreadPoolExecutor(1) as pool:
                pool.submit(sell).result()

    sold = []
    event.listen(db.engine, "after_cursor_execute", sell_in_between)
    before = only_cell(product)
    session().rollback()
    after = only_cell(product)

    assert sold
    assert (before.chain.is_right, after.chain.is_right) == (True, True)
    assert (before.chain.now, [hold.row.quantity for hold in before.holds]) == (Figures(9, 2, 0), [2])
    assert after.chain.now == Figures(4, 0, 5)


@pytest.mark.parametrize(
    ("damage", "wrong"),
    [
        ("UPDATE cells SET on_hand = on_hand + 1", {"on_hand"}),
        ("UPDATE cells SET used = used + 1", {"used"}),
        ("UPDATE holds SET quantity = 3", {"open_holds"}),
        ("DELETE FROM ledger WHERE reason = 'held'", {"promised", "numbers"}),
        ("DELETE FROM snapshots", set()),
    ],
)
def test_a_chain_that_does_not_add_up_says_so(fresh, damage, wrong):
    merchant = make_merchant()
    make_staged(merchant)
    product = make_product(merchant, on_hand=9)
    make_count(product, 9)
    make_close(merchant)
    make_hold(product, 2)
    with db.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = 'replica'"))
        connection.execute(text(damage))
    session().rollback()

    chain = only_cell(product).chain

    sums = ("on_hand", "promised", "used", "numbers", "open_holds")
    assert {name for name in sums if not getattr(chain, name).is_right} == wrong
    assert (chain.is_right, told(product).is_right) == (not wrong, not wrong)
