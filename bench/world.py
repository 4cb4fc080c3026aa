"""The merchants, products and people that orders are measured with, written set-based.

Their ids are numbers that SQL and pgbench can make as well: twelve decimal digits in a fixed frame.
"""

from datetime import UTC, datetime, timedelta

import psycopg

MERCHANT = "00000000-0000-7000-8000-000000000001"
PLACE = "00000000-0000-7000-8000-000000000002"  # of its one location and of its one grade
FIRST = 100_000_000_000  # products and customers are counted from here
PRODUCTS = 1_000
CUSTOMERS = 100
STOCK = 1_000_000
TOKEN = "oba_" + "b" * 31


def product_id(number: int) -> str:
    """The id of a product, 1 to PRODUCTS."""
    return f"00000000-0000-7000-8001-{FIRST + number}"


def customer_id(number: int) -> str:
    """The id of a customer, 1 to CUSTOMERS."""
    return f"00000000-0000-7000-8002-{FIRST + number}"


def token_of(number: int) -> str:
    """What a customer signs requests with."""
    return f"{TOKEN}{FIRST + number}"


SEED = (
    """INSERT INTO merchants (id, name, time_zone, currency, locale, respond_window_s, pay_window_s, cancel_window_s,
        pay_grace_s, allowed_terms, default_terms, unpaid_orders_cap, created_at)
    VALUES (%(merchant)s, 'Himalayan Crafts', 'Asia/Kathmandu', 'NPR', 'en', 1800, 3600, 1800, 60, NULL, NULL,
        1000000, %(now)s)""",
    (
        "INSERT INTO locations (merchant_id, id, name, rank, created_at) "
        "VALUES (%(merchant)s, %(place)s, 'default', 0, %(now)s)"
    ),
    (
        "INSERT INTO grades (merchant_id, id, name, rank, created_at) "
        "VALUES (%(merchant)s, %(place)s, 'default', 0, %(now)s)"
    ),
    """INSERT INTO products (merchant_id, id, sku, name, description, kind, status, fulfilment, when_short, is_tracked,
        price, max_quantity, created_at, changed_at)
    SELECT %(merchant)s, ('00000000-0000-7000-8001-' || %(first)s + n)::uuid, 'MUG-' || n, 'Mug number ' || n, '',
        'merchandise', 'published', 'courier', 'ask', true, 150000, 0, %(now)s, %(now)s
    FROM generate_series(1, %(products)s) AS n""",
    """INSERT INTO cells (merchant_id, product_id, location_id, grade_id, on_hand, held, used, seq)
    SELECT merchant_id, id, %(place)s, %(place)s, %(stock)s, 0, 0, 1 FROM products WHERE merchant_id = %(merchant)s""",
    """INSERT INTO ledger (merchant_id, id, product_id, location_id, grade_id, seq, on_hand_change, held_change,
        used_change, on_hand, held, used, reason, comment, actor, order_id, hold_id, happened_at)
    SELECT merchant_id, product_id, product_id, location_id, grade_id, 1, on_hand, 0, 0, on_hand, 0, 0, 'opening', NULL,
        '{"kind": "job", "id": "bench", "name": "bench"}', NULL, NULL, %(now)s
    FROM cells WHERE merchant_id = %(merchant)s""",
    """INSERT INTO people (id, name, email, phone, password_hash, is_staff, locale, created_at, disabled_at)
    SELECT ('00000000-0000-7000-8002-' || %(first)s + n)::uuid, 'Chandra', 'chandra' || n || '@example.com', NULL, '!',
        false, NULL, %(now)s, NULL FROM generate_series(1, %(customers)s) AS n""",
    """INSERT INTO customers (merchant_id, person_id, name, phone, email, created_at, is_trusted)
    SELECT %(merchant)s, id, name, phone, email, created_at, true FROM people""",
    """INSERT INTO sign_ins (id, person_id, created_at, expires_at, ended_at)
    SELECT id, id, %(now)s, %(later)s, NULL FROM people""",
    """INSERT INTO access_tokens (token_hash, sign_in_id, person_id, expires_at)
    SELECT sha256(convert_to(%(token)s || right(id::text, 12), 'UTF8')), id, id, %(later)s FROM people""",
)


def seed(dsn: str) -> None:
    """One merchant with a thousand products of a million units each, and a hundred customers who are signed in."""
    now = datetime.now(UTC)
    given = {
        "merchant": MERCHANT,
        "place": PLACE,
        "first": FIRST,
        "products": PRODUCTS,
        "customers": CUSTOMERS,
        "stock": STOCK,
        "token": TOKEN,
        "now": now,
        "later": now + timedelta(days=1),
    }
    with psycopg.connect(dsn) as connection:
        for statement in SEED:
            connection.execute(statement, given)
    settle_down(dsn)


def settle_down(dsn: str) -> None:
    """Gather the planner's figures and write everything out, so that a measurement does not pay for what was before."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
