"""A staged session with every cell counted, promoted while orders come in: of this merchant, and of another one.

Compared with a bare INSERT ... SELECT of as many rows into a table like the ledger. The locked part is from the first
cell that is locked to the commit: as long do orders of this merchant wait, those of others not at all.
"""

import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Engine, event, select

from bench import load, world
from bench.figures import Figure, percentile
from bench.load import Tally
from bench.stage import Stage, api
from merchant_api.app import create_app
from merchant_api.core import settings
from merchant_api.core.actor import job
from merchant_api.core.db import db, in_transaction, session
from merchant_api.core.tenancy import of
from merchant_api.stock.audit import audit
from merchant_api.stock.models import Cell
from merchant_api.stock.sessions import promote, start
from merchant_api.stock.sessions.count import CellCount, count_cells
from merchant_api.stock.sessions.promote import Close

DATABASE = "promotion"
CELLS, QUICK_CELLS = 100_000, 2_000
BATCH = 10_000
RATE = 20
SECONDS, QUICK_SECONDS = 8.0, 2.0
LEAD_S = 0.5
LONGEST_LOCKED_S = 3.0
MERCHANT = UUID(world.MERCHANT)
OTHER = "00000000-0000-7000-8000-000000000009"
ACTOR = job("bench")
LEDGER = """INSERT INTO ledger (merchant_id, id, product_id, location_id, grade_id, seq, on_hand_change, held_change,
        used_change, on_hand, held, used, reason, actor, happened_at)
    SELECT merchant_id, product_id, product_id, location_id, grade_id, 1, on_hand, 0, 0, on_hand, 0, 0, 'opening',
        '{"kind": "job", "id": "bench", "name": "bench"}', %(now)s FROM cells AS c
    WHERE NOT EXISTS (SELECT 1 FROM ledger WHERE ledger.merchant_id = c.merchant_id AND ledger.id = c.product_id)"""
SEED = (
    """INSERT INTO products (merchant_id, id, sku, name, description, kind, status, fulfilment, when_short, is_tracked,
        price, max_quantity, created_at, changed_at)
    SELECT %(merchant)s, ('00000000-0000-7000-8001-' || %(first)s + n)::uuid, 'MUG-' || n, 'Mug number ' || n, '',
        'merchandise', 'published', 'courier', 'ask', true, 150000, 0, %(now)s, %(now)s
    FROM generate_series(%(from)s::integer, %(cells)s::integer) AS n""",
    """INSERT INTO cells (merchant_id, product_id, location_id, grade_id, on_hand, held, used, seq)
    SELECT merchant_id, id, %(place)s, %(place)s, 1000, 0, 0, 1 FROM products
    ON CONFLICT DO NOTHING""",
    """INSERT INTO merchants (id, name, time_zone, currency, locale, respond_window_s, pay_window_s, cancel_window_s,
        pay_grace_s, unpaid_orders_cap, created_at)
    SELECT %(other)s, name, time_zone, currency, locale, respond_window_s, pay_window_s, cancel_window_s, pay_grace_s,
        unpaid_orders_cap, created_at FROM merchants""",
    "INSERT INTO locations SELECT %(other)s, id, name, rank, created_at FROM locations",
    "INSERT INTO grades SELECT %(other)s, id, name, rank, created_at FROM grades",
    """INSERT INTO customers (merchant_id, person_id, name, phone, email, created_at)
    SELECT %(other)s, person_id, name, phone, email, created_at FROM customers""",
    """INSERT INTO products (merchant_id, id, sku, name, description, kind, status, fulfilment, when_short, is_tracked,
        price, max_quantity, created_at, changed_at)
    SELECT %(other)s, id, sku, name, description, kind, status, fulfilment, when_short, is_tracked, price,
        max_quantity, created_at, changed_at FROM products ORDER BY id LIMIT 1000""",
    """INSERT INTO cells (merchant_id, product_id, location_id, grade_id, on_hand, held, used, seq)
    SELECT merchant_id, id, %(place)s, %(place)s, 1000000, 0, 0, 1 FROM products WHERE merchant_id = %(other)s""",
    LEDGER,
)
BARE = (
    "CREATE TABLE bare (LIKE ledger INCLUDING ALL)",
    "INSERT INTO bare SELECT * FROM ledger WHERE merchant_id = %(merchant)s",
)


@dataclass
class Watch:
    """When the first cell was about to be locked, as seen at the connection."""

    locking_at: float = 0.0

    def follow(self, engine: Engine) -> None:
        """Listen to the statements of an engine."""
        event.listen(engine, "before_cursor_execute", self._look)

    def _look(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "FOR NO KEY UPDATE OF cells" in statement:
            self.locking_at = time.monotonic()


def run(where: Stage) -> Iterator[Figure]:
    """Seconds in all, in parts of the bare statement, and locked; what orders felt of it."""
    cells = QUICK_CELLS if where.quick else CELLS
    where.make_database(DATABASE)
    seed(where.dsn(DATABASE), cells)
    bare = _bare(where, cells)
    app = create_app(settings.load(where.environment(DATABASE)))
    with app.app_context(), api(where, DATABASE) as served, ThreadPoolExecutor(2) as pool:
        counting = _counted(cells)
        world.settle_down(where.dsn(DATABASE))
        watch = Watch()
        watch.follow(db.engine)
        seconds = QUICK_SECONDS if where.quick else SECONDS
        before = _orders(pool, served.port, "before", seconds)()
        answers = _orders(pool, served.port, "during", seconds)
        time.sleep(LEAD_S)
        begun = time.monotonic()
        done = in_transaction(lambda: promote.close(MERCHANT, Close(), ACTOR), of(MERCHANT))
        ended = time.monotonic()
        during = answers()
        _check(done.changed, cells)
        if not audit(MERCHANT).is_clean:
            raise RuntimeError("the books do not agree")
        db.session.remove()
        db.engine.dispose()
    took, locked = ended - begun, ended - watch.locking_at
    yield Figure(f"counting {cells:,} cells", f"{counting:.1f} s", f"{BATCH:,} a statement")
    yield Figure(f"promotion of {cells:,} counted cells", f"{took:.1f} s", f"snapshot {took - locked:.1f} s of it")
    yield Figure("promotion ÷ bare INSERT ... SELECT", f"{took / bare:.1f}", f"{took:.2f} s ÷ {bare:.2f} s")
    target = f"at most {LONGEST_LOCKED_S:.0f} s"
    yield Figure("its locked part", f"{locked:.2f} s", "first cell lock to commit", target, locked <= LONGEST_LOCKED_S)
    for name, was, now in zip(("this merchant", "another merchant"), before, during, strict=True):
        placed, sent = now.statuses[201], now.statuses.total()
        value = f"{placed:,} of {sent:,} placed"
        yield Figure(f"orders of {name} meanwhile", value, _felt(was, now), "all", placed == sent)


def seed(dsn: str, cells: int) -> None:
    """A merchant with as many products, each in one cell, and another merchant with a thousand; both sell."""
    world.seed(dsn)
    given = {
        "merchant": world.MERCHANT,
        "other": OTHER,
        "place": world.PLACE,
        "first": world.FIRST,
        "from": world.PRODUCTS + 1,
        "cells": cells,
        "now": datetime.now(UTC),
    }
    session_row = (
        "INSERT INTO sessions (merchant_id, id, state, version, opened_at, promoted_at) "
        "SELECT id, id, 'live', 0, created_at, created_at FROM merchants"
    )
    with psycopg.connect(dsn) as connection:
        for statement in (*SEED, session_row):
            connection.execute(statement, given)
    world.settle_down(dsn)


def _bare(where: Stage, cells: int) -> float:
    with psycopg.connect(where.dsn(DATABASE), autocommit=True) as connection:
        given = {"merchant": world.MERCHANT}
        connection.execute(BARE[0])
        begun = time.monotonic()
        written = connection.execute(BARE[1], given).rowcount
        seconds = time.monotonic() - begun
        connection.execute("DROP TABLE bare")
    _check(written, cells)
    return seconds


def _counted(cells: int) -> float:
    keys = select(Cell.product_id, Cell.location_id, Cell.grade_id).where(Cell.merchant_id == MERCHANT)
    found = in_transaction(lambda: session().execute(keys.order_by(Cell.product_id)).all(), of(MERCHANT))
    begun = time.monotonic()
    in_transaction(lambda: start.start(MERCHANT, ACTOR), of(MERCHANT))
    for at in range(0, cells, BATCH):
        counts = [CellCount((row[0], row[1], row[2]), 990) for row in found[at : at + BATCH]]
        in_transaction(lambda counts=counts: count_cells(MERCHANT, counts, ACTOR), of(MERCHANT))
    return time.monotonic() - begun


def _orders(pool: ThreadPoolExecutor, port: int, run: str, seconds: float) -> Any:
    """Begin to order from both merchants; gives what waits for the tallies."""
    driven = [
        pool.submit(load.arrive, port, load.order_requests(f"{run}-{merchant}", merchant=merchant), RATE, seconds)
        for merchant in (world.MERCHANT, OTHER)
    ]
    return lambda: [each.result() for each in driven]


def _felt(before: Tally, now: Tally) -> str:
    waits = [
        f"{statistics.median(tally.waits) * 1000:.0f}, {percentile(tally.waits, 0.99) * 1000:.0f}, "
        f"{max(tally.waits) * 1000:.0f} ms"
        for tally in (now, before)
    ]
    return f"median, 99 % and longest wait {waits[0]}; without a promotion {waits[1]}"


def _check(found: int, wanted: int) -> None:
    if found != wanted:
        raise RuntimeError(f"{found} of {wanted} cells")
