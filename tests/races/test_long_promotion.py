"""A promotion of thousands of cells keeps others waiting as briefly as can be: few statements, the snapshot before."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import create_engine, event, select, text

from merchant_api.core import clock
from merchant_api.core.db import db, in_transaction, session
from merchant_api.core.embedded.server import USER
from merchant_api.core.tenancy import of
from merchant_api.orders.place.placement import Placed
from merchant_api.stock.models import Cell
from merchant_api.stock.sessions import promote
from merchant_api.stock.sessions.count import CellCount, count_cells
from merchant_api.stock.sessions.promote import Close
from merchant_api.stock.sessions.states import Moved, Scope
from tests.make.holds import make_hold
from tests.make.people import make_merchant
from tests.make.sessions import make_count, make_staged, settled
from tests.make.stock import balances, make_product
from tests.races.works import SELLER, buys, gets

MANY, FEW, ON_HAND = 3000, 3, 10
PRODUCTS = text(
    """
    INSERT INTO products (merchant_id, id, sku, name, description, kind, status, fulfilment, when_short, is_tracked,
        price, max_quantity, created_at, changed_at)
    SELECT merchant_id, gen_random_uuid(), sku || '-' || n, name, '', kind, status, fulfilment, when_short, is_tracked,
        price, max_quantity, created_at, changed_at
    FROM products, generate_series(1, :more) AS n WHERE merchant_id = :merchant_id
    """
)
CELLS = text(
    """
    INSERT INTO cells (merchant_id, product_id, location_id, grade_id, on_hand, held, used, seq)
    SELECT products.merchant_id, products.id, location_id, grade_id, on_hand, held, used, seq
    FROM products JOIN cells ON cells.merchant_id = products.merchant_id
    WHERE products.merchant_id = :merchant_id ON CONFLICT DO NOTHING
    """
)
OPENING = text(
    """
    INSERT INTO ledger (merchant_id, id, product_id, location_id, grade_id, seq, on_hand_change, held_change,
        used_change, on_hand, held, used, reason, actor, happened_at)
    SELECT cells.merchant_id, gen_random_uuid(), cells.product_id, cells.location_id, cells.grade_id, 1, cells.on_hand,
        0, 0, cells.on_hand, 0, 0, 'opening', ledger.actor, ledger.happened_at
    FROM cells JOIN ledger USING (merchant_id)
    WHERE merchant_id = :merchant_id AND cells.product_id <> ledger.product_id
    """
)
TOLD = text(
    """
    INSERT INTO events (merchant_id, id, type, payload, happened_at, state, due_at, attempts)
    SELECT :merchant_id, gen_random_uuid(), 'stock.changed',
        jsonb_build_object('v', 1, 'product_ids', jsonb_agg(product_id)), min(happened_at), 'done', min(happened_at), 0
    FROM ledger WHERE merchant_id = :merchant_id AND product_id <> :told
    """
)
LOCKED = text(
    """
    SELECT (SELECT count(*) FROM cells WHERE merchant_id = :merchant_id) - count(*) FROM (
        SELECT 1 FROM cells WHERE merchant_id = :merchant_id FOR NO KEY UPDATE SKIP LOCKED) AS free
    """
)

FREE = text("SELECT product_id FROM cells WHERE merchant_id = :merchant_id FOR NO KEY UPDATE SKIP LOCKED")


def counted(cells):
    """A merchant with as many products, each in one cell, all of them counted as one less than there are."""
    merchant = make_merchant(unpaid_orders_cap=0)
    make_staged(merchant)
    product = make_product(merchant, on_hand=ON_HAND)
    for statement in (PRODUCTS, CELLS, OPENING):
        session().execute(statement, {"merchant_id": merchant.id, "more": cells - 1})
    session().execute(TOLD, {"merchant_id": merchant.id, "told": product.id})
    keys = select(Cell.product_id, Cell.location_id, Cell.grade_id).where(Cell.merchant_id == merchant.id)
    found = session().execute(keys).all()
    new = [CellCount((row[0], row[1], row[2]), ON_HAND - 1) for row in found]
    assert len(new) == cells
    in_transaction(lambda: count_cells(merchant.id, new, SELLER), of(merchant.id))
    return merchant, product


@pytest.fixture
def watched(crowd):
    """Calls a function before every statement of the engine, with its text."""
    listeners = []

    def watch(look):
        def listener(_connection, _cursor, statement, *_):
            if not statement.startswith("BEGIN"):
                look(statement)

        listeners.append(listener)
        event.listen(db.engine, "before_cursor_execute", listener)

    yield watch
    for listener in listeners:
        event.remove(db.engine, "before_cursor_execute", listener)


@pytest.mark.parametrize("scope", list(Scope))
def test_thousands_of_cells_take_as_many_statements_as_a_few(crowd, watched, scope):
    shops = [(counted(cells)[0].id, cells) for cells in (FEW, MANY)]
    seen = []
    watched(seen.append)
    statements = []

    for merchant_id, cells in shops:
        seen.clear()
        done = in_transaction(partial(promote.close, merchant_id, Close(scope, version=cells), SELLER), of(merchant_id))
        assert (done.counted, done.changed) == (cells, cells)
        statements.append(tuple(each for each in seen if "clock_timestamp" not in each))  # measured once a minute

    few, many = statements
    assert few == many
    assert len(many) <= 20


def test_cells_are_locked_after_the_snapshot_all_at_once_and_changed_by_the_next_statement(crowd, watched):
    merchant, _ = counted(MANY)
    watcher = create_engine(db.engine.url.set(username=USER))
    seen = []

    def look(statement):
        with watcher.connect() as other:
            seen.append((statement, other.execute(LOCKED, {"merchant_id": merchant.id}).scalar_one()))

    watched(look)
    in_transaction(lambda: promote.close(merchant.id, Close(), SELLER), of(merchant.id))
    watcher.dispose()

    locked = [number for _, number in seen]
    at = locked.index(MANY)
    assert set(locked[:at]) == {0}
    assert set(locked[at:]) == {MANY}
    assert "FOR NO KEY UPDATE OF cells" in seen[at - 1][0]
    assert any("INSERT INTO snapshots" in statement for statement, _ in seen[: at - 1])
    assert "UPDATE cells SET" in seen[at][0]
    assert len(seen) - at <= 8


def test_what_a_promotion_changes_is_locked_before_and_nothing_else_is(crowd, watched, shop):
    agreeing, sold, missing, received, left_out, forgotten = (make_product(shop, on_hand=10) for _ in range(6))
    for product in (sold, missing):
        settled(make_hold(product, 3, settle_at=clock.now()))
    for product in (agreeing, sold, received):
        make_count(product, 10)
    make_count(missing, 7)
    make_count(left_out, 10, moved=Moved.IGNORE)
    for product in (received, left_out):
        gets(product, 5)()
    watcher, free = create_engine(db.engine.url.set(username=USER)), []

    def look(statement):
        if "UPDATE cells SET" in statement:
            with watcher.connect() as other:
                free.extend(other.execute(FREE, {"merchant_id": shop.id}).scalars())

    watched(look)
    done = in_transaction(partial(promote.close, shop.id, Close(), SELLER), of(shop.id))
    watcher.dispose()

    assert done.changed == 2
    assert set(free) == {product.id for product in (agreeing, sold, received, forgotten)}


def test_an_order_that_comes_between_the_snapshot_and_the_locks_is_answered_and_counted(crowd, watched):
    merchant, product = counted(FEW)
    buy, results = buys((product, 4)), []

    def look(statement):
        if "FOR NO KEY UPDATE OF cells" in statement and "WITH" not in statement:
            with ThreadPoolExecutor(1) as pool:
                results.append(pool.submit(_in_app, crowd, buy).result())

    watched(look)
    in_transaction(lambda: promote.close(merchant.id, Close(), SELLER), of(merchant.id))

    assert [isinstance(result, Placed) for result in results] == [True]
    assert balances(product)[:2] == (ON_HAND - 1, 4)


def _in_app(app, work):
    with app.app_context():
        try:
            return work()
        finally:
            db.session.remove()
