"""What the database says when all is over, in statements of its own that share nothing with the product's code.

The rule: they connect as the owner of the server, so that no policy hides a row from them.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

import psycopg

ORDERS = "SELECT id::text, coalesce(note, ''), state FROM orders"
MOVES = "SELECT order_id::text, step, state FROM order_history ORDER BY order_id, seq"
PAYMENTS = "SELECT reference FROM payments"
SOLD = """
SELECT products.sku, cells.used + cells.held AS by_cells, (
        SELECT coalesce(sum(lines.quantity - lines.cancelled), 0)
        FROM order_lines AS lines JOIN orders ON orders.merchant_id = lines.merchant_id AND orders.id = order_id
        WHERE lines.merchant_id = products.merchant_id AND product_id = products.id
            AND orders.state IN ('confirmed', 'picked_up', 'delivered')) AS by_orders
FROM products JOIN cells ON cells.merchant_id = products.merchant_id AND cells.product_id = products.id
WHERE products.sku LIKE 'HOT-%'
"""
WAITING = """
SELECT (SELECT count(*) FROM events WHERE state = 'pending'), (SELECT count(*) FROM deliveries WHERE state = 'pending')
"""
ENDS = """
SELECT 'event ' || state, count(*) FROM events GROUP BY 1 UNION ALL
SELECT 'delivery ' || state, count(*) FROM deliveries GROUP BY 1 ORDER BY 1
"""
# What may be said of a delivery that never set out: a newer one of its order did, to the same address.
NEVER_SENT = """
SELECT 'delivery ' || late.id || ' of ' || late.event_type || ' was not sent, and nothing newer was'
FROM deliveries AS late JOIN orders ON orders.merchant_id = late.merchant_id AND orders.id = late.order_id
WHERE late.state IN ('expired', 'overtaken')
    AND NOT (late.event_type = 'order.requested' AND orders.state <> 'requested')
    AND NOT EXISTS (SELECT FROM deliveries AS newer
        WHERE newer.merchant_id = late.merchant_id AND newer.order_id = late.order_id AND newer.id > late.id
            AND newer.person_id = late.person_id AND newer.address_id = late.address_id AND newer.state = 'sent')
"""
_CELL = "merchant_id, product_id, location_id, grade_id"
# Each gives a line for whatever does not agree, and none where all does.
BOOKS = {
    "cells are the sums of their ledger": f"""
        SELECT format('cell of %s: on_hand %s held %s used %s seq %s, its ledger %s %s %s %s', product_id,
            cells.on_hand, cells.held, cells.used, cells.seq, told.on_hand, told.held, told.used, told.rows)
        FROM cells FULL JOIN (SELECT {_CELL}, sum(on_hand_change) AS on_hand, sum(held_change) AS held,
            sum(used_change) AS used, count(*) AS rows, max(seq) AS last FROM ledger GROUP BY {_CELL}) AS told
            USING ({_CELL})
        WHERE (cells.on_hand, cells.held, cells.used, cells.seq, cells.seq)
            IS DISTINCT FROM (told.on_hand, told.held, told.used, told.rows, told.last) AND cells.seq IS DISTINCT FROM 0
        """,
    "every ledger row goes on from the one before": f"""
        SELECT format('ledger row %s of %s', seq, product_id) FROM (SELECT *, sum(on_hand_change) OVER before AS a,
            sum(held_change) OVER before AS b, sum(used_change) OVER before AS c FROM ledger
            WINDOW before AS (PARTITION BY {_CELL} ORDER BY seq)) AS walked
        WHERE (on_hand, held, used) IS DISTINCT FROM (a, b, c)
        """,
    "cells are the sums of their holds": f"""
        SELECT format('cell of %s: held %s used %s, its holds %s %s', product_id, cells.held, cells.used, open, settled)
        FROM cells LEFT JOIN (SELECT {_CELL}, sum(quantity - back) FILTER (WHERE state = 'open') AS open,
            sum(quantity - back) FILTER (WHERE state = 'settled') AS settled FROM holds GROUP BY {_CELL}) AS kept
            USING ({_CELL})
        WHERE (cells.held, cells.used) IS DISTINCT FROM (coalesce(open, 0), coalesce(settled, 0))
        """,
    "what lies there and what was sold is what came in": f"""
        SELECT format('cell of %s: on_hand %s used %s, came in %s', product_id, cells.on_hand, cells.used, units)
        FROM cells JOIN (SELECT {_CELL}, sum(on_hand_change) AS units FROM ledger WHERE order_id IS NULL
            GROUP BY {_CELL}) AS came USING ({_CELL})
        WHERE cells.on_hand + cells.used <> units OR cells.on_hand < 0
        """,
    "orders hold what they sold, and nothing once they ended": """
        SELECT format('order %s (%s): line of %s units holds %s', order_id, orders.state, lines.quantity, units)
        FROM order_lines AS lines JOIN orders ON orders.merchant_id = lines.merchant_id AND orders.id = order_id
        CROSS JOIN LATERAL (SELECT coalesce(sum(quantity - back), 0) AS units FROM holds
            WHERE holds.merchant_id = lines.merchant_id AND holds.order_id = lines.order_id
                AND holds.line = lines.line AND holds.state IN ('open', 'settled')) AS kept
        WHERE units <> CASE WHEN orders.state IN ('declined', 'expired', 'cancelled') THEN 0
            WHEN lines.verdict = 'covered' THEN lines.quantity - lines.cancelled ELSE units END
        """,
    "what is paid is what payments say": """
        SELECT format('order %s: paid %s, its payments %s', id, orders.paid, coalesce(given, 0))
        FROM orders LEFT JOIN (SELECT merchant_id, order_id AS id, sum(amount) AS given FROM payments
            WHERE state = 'counted' GROUP BY 1, 2) AS sums USING (merchant_id, id)
        WHERE orders.paid <> coalesce(given, 0)
        """,
}


@dataclass(frozen=True, slots=True)
class OrderFound:
    """An order as it stands, with its steps in order, each with the state that it entered."""

    id: str
    note: str
    state: str
    moves: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is asked of the database."""

    orders: dict[str, OrderFound]
    payments: Counter[str]
    sold: dict[str, tuple[int, int]]  # of hot products with a merchant's number each: by cells, by orders
    ends: dict[str, int]
    never_sent: list[str]
    uneven: dict[str, list[str]]

    @property
    def by_note(self) -> dict[str, list[OrderFound]]:
        """Orders by the key that placed them."""
        found: dict[str, list[OrderFound]] = defaultdict(list)
        for order in self.orders.values():
            found[order.note].append(order)
        return found


def read(dsn: str) -> Facts:
    """Ask for all of it."""
    with psycopg.connect(dsn) as connection:
        orders = {row[0]: OrderFound(*row) for row in connection.execute(ORDERS)}
        for order_id, step, state in connection.execute(MOVES):
            orders[order_id].moves.append((step, state))
        return Facts(
            orders=orders,
            payments=Counter(row[0] for row in connection.execute(PAYMENTS)),
            sold={row[0]: (int(row[1]), int(row[2])) for row in connection.execute(SOLD)},
            ends=dict(connection.execute(ENDS).fetchall()),
            never_sent=[row[0] for row in connection.execute(NEVER_SENT)],
            uneven={name: [row[0] for row in connection.execute(text)] for name, text in BOOKS.items()},
        )


def is_quiet(connection: psycopg.Connection) -> bool:
    """Whether no event and no delivery waits any more."""
    return connection.execute(WAITING).fetchone() == (0, 0)
