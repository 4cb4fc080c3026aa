"""Migrations that give rows a new column fill it from what the rows said before."""

from uuid import UUID

from sqlalchemy import Connection, NullPool, create_engine, text

from merchant_api.core import migrate
from tests.make.revisions import before

MERCHANT = UUID(int=1)
ENDED = [
    ("declined", "too_busy", "too_busy"),
    ("declined", "other", "other"),
    ("expired", "no_answer", "no_answer"),
    ("cancelled", "payment_overdue", "payment_overdue"),
    ("cancelled", "undelivered", "undelivered"),
    ("cancelled", "too_busy", None),
    ("cancelled", "changed my mind", None),
    ("confirmed", None, None),
]


def _insert(connection: Connection, number: int, state: str, reason: str | None) -> None:
    row = {"merchant": MERCHANT, "id": UUID(int=number), "code": f"C{number}", "state": state, "reason": reason}
    order = text(
        "INSERT INTO orders (merchant_id, id, code, state, seq, mode, customer_id, customer_name, placed_by, "
        "payment_terms, currency, total, paid, parked, placed_at, reason) "
        "VALUES (:merchant, :id, :code, :state, 1, 'backorder', :merchant, 'Chandra', '{}', "
        "'on_delivery', 'NPR', 100, 0, 1, now(), :reason)"
    )
    payment = text(
        "INSERT INTO payments (merchant_id, id, order_id, state, amount, currency, reference, paid_at, received_at, "
        "recorded_by, parked_reason) SELECT merchant_id, id, id, 'parked', 100, 'NPR', code, now(), now(), '{}', "
        "'order_ended' FROM orders WHERE id = :id"
    )
    connection.execute(order, row)
    connection.execute(payment, row)


def test_orders_that_ended_before_keep_why(empty: str):
    migrate.downgrade(empty, before("causes"))
    engine = create_engine(empty, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # an order alone, without its shop
        for number, (state, reason, _) in enumerate(ENDED):
            _insert(connection, number, state, reason)

    migrate.upgrade(empty)

    with engine.connect() as connection:
        found = connection.execute(text("SELECT state, reason, cause, mode FROM orders ORDER BY id")).all()
        parked = connection.execute(text("SELECT DISTINCT parked_reason FROM payments")).scalars().all()
    assert [tuple(row) for row in found] == [(*row, "backorder") for row in ENDED]
    assert parked == ["order_ended"]


def test_orders_know_what_was_parked_for_them_before_in_their_own_currency(empty: str):
    migrate.downgrade(empty, before("parts_of_payments"))
    engine = create_engine(empty, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for number in range(4):
            _insert(connection, number, "cancelled", "payment_overdue")
        connection.execute(text("UPDATE payments SET currency = 'INR' WHERE reference = 'C1'"))
        connection.execute(text("UPDATE payments SET refunded = 30 WHERE reference = 'C2'"))
        connection.execute(text("UPDATE payments SET refunded = amount, state = 'refunded' WHERE reference = 'C3'"))

    migrate.upgrade(empty)

    with engine.connect() as connection:
        found = connection.execute(text("SELECT parked_sum FROM orders ORDER BY id")).scalars().all()
    assert found == [100, 0, 70, 0]
