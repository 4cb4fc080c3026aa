"""Orders of the past, written set-based: so many rows that indexes are as large as after months."""

import psycopg

from bench import world

ORDER = "('01900000-0000-7000-8000-' || lpad(to_hex({n}), 12, '0'))::uuid"
ACTOR = """'{"kind": "customer", "id": "past", "name": "Chandra"}'::jsonb"""
AT = "%(first_at)s::timestamptz + {n} * interval '1 second'"
PRODUCT = "('00000000-0000-7000-8001-' || (%(first)s + 1 + n %% %(products)s))::uuid"


def _sql(text: str) -> str:
    """The parts that all tables share, put in."""
    shared = {"ORDER": ORDER.format(n="n"), "ACTOR": ACTOR, "AT": AT.format(n="n"), "PRODUCT": PRODUCT}
    for name, part in shared.items():
        text = text.replace(f"<{name}>", part)
    return text


TABLES = tuple(
    _sql(text)
    for text in (
        """INSERT INTO orders (merchant_id, id, code, state, seq, mode, customer_id, customer_name, placed_by,
            payment_terms, currency, total, paid, parked, placed_at, confirmed_at, pickup_asked_at, ended_at)
        SELECT %(merchant)s, <ORDER>, 'past-' || md5(n::text), 'delivered', 4, 'instant',
            ('00000000-0000-7000-8002-' || (%(first)s + 1 + n %% %(customers)s))::uuid, 'Chandra', <ACTOR>,
            'on_delivery', 'NPR', 150000, 150000, 0, <AT>, <AT>, <AT>, <AT>
        FROM generate_series(1, %(orders)s) AS n""",
        """INSERT INTO order_lines (merchant_id, order_id, line, product_id, sku, name, quantity, unit_price,
            fulfilment, is_tracked, verdict, verdict_code, verdict_figures, promised)
        SELECT %(merchant)s, <ORDER>, 0, <PRODUCT>, 'MUG', 'Mug', 1, 150000, 'courier', true, 'covered',
            'verdict.stock', '{"wanted": 1, "available": 10}', 0
        FROM generate_series(1, %(orders)s) AS n""",
        """INSERT INTO holds (merchant_id, id, order_id, line, product_id, location_id, grade_id, quantity, state,
            settle_at)
        SELECT %(merchant)s, <ORDER>, <ORDER>, 0, <PRODUCT>, %(place)s, %(place)s, 1, 'settled', <AT>
        FROM generate_series(1, %(orders)s) AS n""",
        """INSERT INTO ledger (merchant_id, id, product_id, location_id, grade_id, seq, on_hand_change, held_change,
            used_change, on_hand, held, used, reason, comment, actor, order_id, hold_id, happened_at)
        SELECT cells.merchant_id, ('01900000-0000-7000-800' || is_sold || '-' || lpad(to_hex(n), 12, '0'))::uuid,
            cells.product_id, cells.location_id, cells.grade_id, cells.seq + 2 * k - 1 + is_sold, -is_sold,
            1 - 2 * is_sold, is_sold, cells.on_hand - k + 1 - is_sold, cells.held + 1 - is_sold,
            cells.used + k - 1 + is_sold, CASE is_sold WHEN 1 THEN 'sold' ELSE 'held' END, NULL, <ACTOR>,
            <ORDER>, <ORDER>, <AT>
        FROM generate_series(1, %(orders)s) AS n
        CROSS JOIN LATERAL (SELECT 1 + (n - 1) / %(products)s AS k) AS times
        CROSS JOIN generate_series(0, 1) AS is_sold
        JOIN cells ON cells.merchant_id = %(merchant)s AND cells.product_id = <PRODUCT>""",
        """UPDATE cells SET on_hand = on_hand - sold.units, used = used + sold.units, seq = seq + 2 * sold.units
        FROM (SELECT <PRODUCT> AS id, count(*) AS units FROM generate_series(1, %(orders)s) AS n GROUP BY 1) AS sold
        WHERE cells.merchant_id = %(merchant)s AND cells.product_id = sold.id""",
        """INSERT INTO order_history (merchant_id, order_id, seq, state, step, actor, happened_at)
        SELECT %(merchant)s, <ORDER>, step.seq, step.state, step.step, <ACTOR>, <AT>
        FROM generate_series(1, %(orders)s) AS n CROSS JOIN (VALUES (1, 'confirmed', 'place'),
            (2, 'confirmed', 'ask_pickup'), (3, 'picked_up', 'pickup'), (4, 'delivered', 'deliver'))
            AS step (seq, state, step)""",
        """INSERT INTO events (merchant_id, id, type, order_id, payload, happened_at, state, due_at, attempts)
        SELECT %(merchant)s, ('01900000-0000-7000-800' || step || '-' || lpad(to_hex(n), 12, '0'))::uuid,
            'order.confirmed', <ORDER>, '{"v": 1}', <AT>, 'done', <AT>, 1
        FROM generate_series(1, %(orders)s) AS n CROSS JOIN generate_series(1, 4) AS step""",
        """INSERT INTO idempotency_keys (merchant_id, actor_id, scope, key, fingerprint, status, body, claimed_at)
        SELECT %(merchant)s, 'customer:past', 'POST /v1/merchants/orders', 'past-' || n, sha256(n::text::bytea), 201,
            convert_to(repeat('x', 900), 'UTF8'), <AT>
        FROM generate_series(1, %(orders)s) AS n""",
    )
)


def write(dsn: str, orders: int) -> int:
    """Write so many delivered orders with all their rows; gives the number of rows. Balances and ledger agree."""
    given = {
        "merchant": world.MERCHANT,
        "place": world.PLACE,
        "first": world.FIRST,
        "products": world.PRODUCTS,
        "customers": world.CUSTOMERS,
        "orders": orders,
        "first_at": "2026-01-01T00:00:00Z",
    }
    with psycopg.connect(dsn) as connection:
        # Foreign keys hold by construction; checking each row would take longer than writing it.
        connection.execute("SET LOCAL session_replication_role = replica")
        inserts = [connection.execute(text, given).rowcount for text in TABLES]
    return sum(inserts)
