"""The database itself refuses what would give a unit back twice, whatever the program did."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from merchant_api.core.db import session
from merchant_api.orders.steps import cancel
from merchant_api.orders.steps.cancel import Cancel
from merchant_api.orders.steps.reduce import Part
from tests.make.orders import place_one, settle_all
from tests.make.people import make_actor
from tests.make.stock import make_product

AGAIN = """
    INSERT INTO ledger (merchant_id, id, product_id, location_id, grade_id, seq, on_hand_change, held_change,
        used_change, on_hand, held, used, reason, actor, order_id, hold_id, happened_at, hold_back)
    SELECT merchant_id, gen_random_uuid(), product_id, location_id, grade_id, seq + 1, on_hand_change, held_change,
        used_change, on_hand, held, used, {reason}, actor, order_id, hold_id, happened_at, hold_back
    FROM ledger WHERE merchant_id = :merchant_id ORDER BY seq DESC LIMIT 1
"""


@pytest.fixture
def order(database):
    """A settled order of five units, of which two went back."""
    order = place_one([(make_product(on_hand=9), 5)])
    settle_all(order)
    cancel.cancel(order.merchant_id, order.id, Cancel("fewer", None, [Part(0, 2)]), make_actor())
    session().commit()
    return order


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE holds SET back = back - 1 WHERE merchant_id = :merchant_id",
        "UPDATE holds SET back = quantity + 1 WHERE merchant_id = :merchant_id",
        "UPDATE holds SET back = quantity WHERE merchant_id = :merchant_id",
        "UPDATE holds SET state = 'restored' WHERE merchant_id = :merchant_id",
        "UPDATE holds SET quantity = quantity + 1 WHERE merchant_id = :merchant_id",
        "UPDATE holds SET state = 'open' WHERE merchant_id = :merchant_id",
        "UPDATE order_lines SET returned = quantity WHERE merchant_id = :merchant_id",
        "UPDATE ledger SET hold_back = 0 WHERE merchant_id = :merchant_id",
        AGAIN.format(reason="reason"),
        AGAIN.format(reason="'returned'"),
        AGAIN.format(reason="'released'"),
    ],
)
def test_no_statement_gives_a_unit_back_again(order, statement):
    with pytest.raises(IntegrityError), session().begin_nested():
        session().execute(text(statement), {"merchant_id": order.merchant_id})
