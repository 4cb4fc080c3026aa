"""Overdue requests ended by the real job process, against one bare UPDATE of the same rows.

The bare statement changes the state and writes no history, no event, gives no stock back: it is the least that any
program would have to do. It runs on copies of the database, on the same server.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from statistics import median

import psycopg

from bench import world
from bench.figures import Figure
from bench.stage import Stage, jobs
from jobs.timetable import routine
from merchant_api.app import create_app
from merchant_api.core import settings
from merchant_api.core.db import db
from merchant_api.core.roles import JOBS

DATABASE = "sweep"
MERCHANTS, REQUESTS = 200, 20_000
QUICK_MERCHANTS, QUICK_REQUESTS = 20, 400
STOCK = 1_000
COPIES = 3
WITHIN_S = 240.0
ACTOR = """'{"kind": "customer", "id": "past", "name": "Chandra"}'::jsonb"""
# Numbers as ids: merchants m, their orders n of all. Every fifth order has a second line that stock covered.
M = "('00000000-0000-7000-9000-' || lpad(to_hex(m), 12, '0'))::uuid"
N = "('00000000-0000-7000-9001-' || lpad(to_hex(n), 12, '0'))::uuid"
OF = "1 + n %% %(merchants)s"
SHORT, COVERED = (f"'00000000-0000-7000-9002-00000000000{digit}'::uuid" for digit in (1, 2))
ORDERS = f"generate_series(1, %(requests)s) AS n CROSS JOIN LATERAL (SELECT {OF} AS m) AS owner"
HELD = f"{ORDERS} WHERE n %% 5 = 0"
SEED = (
    f"""INSERT INTO merchants (id, name, time_zone, currency, locale, respond_window_s, pay_window_s, cancel_window_s,
        pay_grace_s, unpaid_orders_cap, created_at)
    SELECT {M}, 'Merchant ' || m, 'Asia/Kathmandu', 'NPR', 'en', 1800, 3600, 1800, 60, 1000000, %(placed_at)s
    FROM generate_series(1, %(merchants)s) AS m""",
    "INSERT INTO locations SELECT id, id, 'default', 0, created_at FROM merchants",
    "INSERT INTO grades SELECT id, id, 'default', 0, created_at FROM merchants",
    (
        "INSERT INTO customers (merchant_id, person_id, name, created_at) "
        "SELECT id, id, 'Chandra', created_at FROM merchants"
    ),
    f"""INSERT INTO products (merchant_id, id, sku, name, description, kind, status, fulfilment, when_short, is_tracked,
        price, max_quantity, created_at, changed_at)
    SELECT merchants.id, product.id, product.sku, product.sku, '', 'merchandise', 'published', 'courier', 'ask', true,
        150000, 0, created_at, created_at
    FROM merchants CROSS JOIN (VALUES ({SHORT}, 'BOWL'), ({COVERED}, 'MUG')) AS product (id, sku)""",
    f"""INSERT INTO cells (merchant_id, product_id, location_id, grade_id, on_hand, held, used, seq)
    SELECT merchant_id, id, merchant_id, merchant_id, CASE id WHEN {COVERED} THEN %(stock)s ELSE 0 END, 0, 0,
        CASE id WHEN {COVERED} THEN 1 ELSE 0 END FROM products""",
    f"""INSERT INTO ledger (merchant_id, id, product_id, location_id, grade_id, seq, on_hand_change, held_change,
        used_change, on_hand, held, used, reason, actor, happened_at)
    SELECT merchant_id, merchant_id, product_id, location_id, grade_id, 1, on_hand, 0, 0, on_hand, 0, 0, 'opening',
        {ACTOR}, %(placed_at)s FROM cells WHERE on_hand > 0""",
    f"""INSERT INTO orders (merchant_id, id, code, state, seq, mode, customer_id, customer_name, placed_by,
        payment_terms, currency, total, paid, parked, placed_at, respond_by)
    SELECT {M}, {N}, 'N' || n, 'requested', 1, 'on_request', {M}, 'Chandra', {ACTOR}, 'after_acceptance', 'NPR',
        150000 * CASE WHEN n %% 5 = 0 THEN 2 ELSE 1 END, 0, 0, %(placed_at)s, %(respond_by)s FROM {ORDERS}""",
    f"""INSERT INTO order_lines (merchant_id, order_id, line, product_id, sku, name, quantity, unit_price, fulfilment,
        is_tracked, verdict, verdict_code, verdict_figures, promised)
    SELECT {M}, {N}, 0, {SHORT}, 'BOWL', 'BOWL', 1, 150000, 'courier', true, 'ask', 'verdict.stock',
        '{{"wanted": 1, "available": 0}}', 0
    FROM {ORDERS}""",
    f"""INSERT INTO order_lines (merchant_id, order_id, line, product_id, sku, name, quantity, unit_price, fulfilment,
        is_tracked, verdict, verdict_code, verdict_figures, promised)
    SELECT {M}, {N}, 1, {COVERED}, 'MUG', 'MUG', 1, 150000, 'courier', true, 'covered', 'verdict.stock',
        '{{"wanted": 1, "available": 9}}', 0
    FROM {HELD}""",
    f"""INSERT INTO order_history (merchant_id, order_id, seq, state, step, actor, happened_at)
    SELECT {M}, {N}, 1, 'requested', 'place', {ACTOR}, %(placed_at)s FROM {ORDERS}""",
    f"""INSERT INTO holds (merchant_id, id, order_id, line, product_id, location_id, grade_id, quantity, state)
    SELECT {M}, {N}, {N}, 1, {COVERED}, {M}, {M}, 1, 'open' FROM {HELD}""",
    f"""INSERT INTO ledger (merchant_id, id, product_id, location_id, grade_id, seq, on_hand_change, held_change,
        used_change, on_hand, held, used, reason, actor, order_id, hold_id, happened_at)
    SELECT merchant_id, id, product_id, location_id, grade_id, 1 + k, 0, 1, 0, %(stock)s, k, 0, 'held', {ACTOR},
        order_id, id, %(placed_at)s
    FROM (SELECT *, row_number() OVER (PARTITION BY merchant_id ORDER BY id) AS k FROM holds) AS numbered""",
    """UPDATE cells SET held = open.units, seq = seq + open.units
    FROM (SELECT merchant_id, product_id, count(*) AS units FROM holds GROUP BY 1, 2) AS open
    WHERE cells.merchant_id = open.merchant_id AND cells.product_id = open.product_id""",
)


def run(where: Stage) -> Iterator[Figure]:
    """Seconds for all, and in parts of the bare statement."""
    merchants, requests = (QUICK_MERCHANTS, QUICK_REQUESTS) if where.quick else (MERCHANTS, REQUESTS)
    where.make_database(DATABASE)
    seed(where.dsn(DATABASE), merchants, requests)
    bare = [_bare(where, number) for number in range(COPIES)]
    alone = _alone(where)
    with jobs(where, DATABASE), psycopg.connect(where.dsn(DATABASE), autocommit=True) as connection:
        begun = time.monotonic()
        _wait_for(connection, "SELECT count(*) FROM orders WHERE state = 'requested'", begun)
        swept = time.monotonic() - begun
    _check(where, requests)
    parts = f"{swept:.2f} s ÷ bare UPDATE {median(bare):.2f} s ({', '.join(f'{each:.2f}' for each in bare)})"
    name = f"sweep of {requests:,} requests of {merchants} merchants"
    yield Figure(name, f"{swept:.1f} s", f"{requests / swept:,.0f}/s by the job process, from its start")
    yield Figure("sweep ÷ bare UPDATE", f"{swept / median(bare):.1f}", parts)
    beside = f"{requests / alone:,.0f}/s in a process that does nothing else: no fan-out beside it"
    yield Figure("the same sweep alone ÷ bare UPDATE", f"{alone / median(bare):.1f}", f"{alone:.2f} s; {beside}")


def seed(dsn: str, merchants: int, requests: int) -> None:
    """Requests of many merchants whose deadline passed half an hour ago, with all their rows."""
    placed_at = datetime.now(UTC) - timedelta(hours=1)
    given = {
        "merchants": merchants,
        "requests": requests,
        "stock": STOCK,
        "placed_at": placed_at,
        "respond_by": placed_at + timedelta(minutes=30),
    }
    with psycopg.connect(dsn) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        for statement in SEED:
            connection.execute(statement, given)
    world.settle_down(dsn)


def _bare(where: Stage, number: int) -> float:
    copy = f"{DATABASE}_bare_{number}"
    where.make_database(copy, template=DATABASE)
    with psycopg.connect(where.dsn(copy), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        begun = time.monotonic()
        connection.execute("UPDATE orders SET state = 'expired', reason = 'no_answer' WHERE state = 'requested'")
        return time.monotonic() - begun


def _alone(where: Stage) -> float:
    """Seconds that the job's function takes for all of it on a copy, called until nothing is left."""
    copy = f"{DATABASE}_alone"
    where.make_database(copy, template=DATABASE)
    app = create_app(settings.load(where.environment(copy, DATABASE_URL=where.url(copy, JOBS))), role="jobs")
    with app.app_context():
        begun = time.monotonic()
        while routine("expire_requests").run().done:
            pass
        seconds = time.monotonic() - begun
        db.session.remove()
        db.engine.dispose()
    return seconds


def _wait_for(connection: psycopg.Connection, counted: str, begun: float) -> None:
    while connection.execute(counted).fetchone() != (0,):
        if time.monotonic() - begun > WITHIN_S:
            raise TimeoutError(f"not swept within {WITHIN_S:.0f} s")
        time.sleep(0.05)


def _check(where: Stage, requests: int) -> None:
    """All of it must have been done: history, events, stock given back."""
    with psycopg.connect(where.dsn(DATABASE)) as connection:
        row = connection.execute(
            "SELECT (SELECT count(*) FROM orders WHERE state = 'expired'), "
            "(SELECT count(*) FROM order_history WHERE step = 'expire'), "
            "(SELECT count(*) FROM events WHERE type = 'order.expired'), "
            "(SELECT sum(held) FROM cells), (SELECT count(*) FROM holds WHERE state = 'open')"
        ).fetchone()
    if row != (requests, requests, requests, 0, 0):
        raise RuntimeError(f"expired, history, events, units held, open holds: {row}")
