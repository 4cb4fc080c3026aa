"""Going back behind disputes and totals leaves payments as they were besides, and no row behind that nobody knows."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from sqlalchemy import NullPool, create_engine, text

from merchant_api.core import migrate

PAYMENTS = [  # amount, refunded, why parked, and the state that each has without its dispute
    (100, 0, None, "counted"),
    (100, 100, None, "refunded"),
    (100, 40, "late", "parked"),
]
ORDER = text(
    """
    INSERT INTO orders (merchant_id, id, code, state, seq, mode, customer_id, customer_name, placed_by, payment_terms,
        currency, total, paid, parked, placed_at, disputes)
    VALUES (:merchant, :merchant, 'C', 'confirmed', 1, 'instant', :merchant, 'Chandra', '{}', 'prepaid',
        'NPR', 100, 200, 0, now(), 3)
    """
)
PAYMENT = text(
    """
    INSERT INTO payments (merchant_id, id, order_id, state, amount, currency, reference, paid_at, received_at,
        recorded_by, parked_reason, refunded, disputed)
    VALUES (:merchant, :id, :merchant, 'disputed', :amount, 'NPR', :reference, now(), now(), '{}', :reason, :refunded,
        :amount)
    """
)
REFUND = text(
    """
    INSERT INTO refunds (merchant_id, id, payment_id, order_id, amount, state, actor, made_at, round, due_at, attempts)
    VALUES (:merchant, :merchant, :merchant, :merchant, 5, 'replaced', '{}', now(), 0, now(), 0)
    """
)


@pytest.fixture
def empty(clone: Callable[[], str], drop: Callable[[str], None]) -> Iterator[str]:
    """A migrated database without rows."""
    url = clone()
    yield url
    drop(url)


def test_disputed_payments_and_replaced_refunds_are_told_without_their_words(empty: str):
    merchant, engine = UUID(int=1), create_engine(empty, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # an order alone, without its shop
        connection.execute(ORDER, {"merchant": merchant})
        connection.execute(REFUND, {"merchant": merchant})
        for number, (amount, refunded, reason, _) in enumerate(PAYMENTS):
            named = {"merchant": merchant, "id": UUID(int=number), "reference": str(number)}
            connection.execute(PAYMENT, named | {"amount": amount, "refunded": refunded, "reason": reason})

    migrate.downgrade(empty, "0027")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT parked_sum FROM orders")).scalar_one() == 60
    migrate.downgrade(empty, "0020")

    with engine.connect() as connection:
        states = connection.execute(text("SELECT state FROM payments ORDER BY id")).scalars().all()
        parked = connection.execute(text("SELECT parked FROM orders")).scalar_one()
        refund = connection.execute(text("SELECT state FROM refunds")).scalar_one()
    assert (states, parked, refund) == ([state for *_, state in PAYMENTS], 1, "failed")
