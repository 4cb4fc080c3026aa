"""What the watch over statements lets pass, and what it does not."""

import pytest

from tests.house.statements import names_its_merchant


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT 1",
        "SELECT people.id FROM people WHERE people.id = %(id)s",
        "SELECT orders.id FROM orders WHERE orders.merchant_id = %(m)s",
        "UPDATE orders SET seq = 2 WHERE merchant_id = %(m)s AND id = %(id)s",
        "INSERT INTO events (merchant_id, id) VALUES (%(m)s, %(id)s)",
        "SELECT name FROM merchants WHERE merchants.id = %(m)s",
        "DELETE FROM holds WHERE merchant_id IN (%(m)s)",
    ],
)
def test_a_statement_that_says_whose_rows_it_means_passes(statement: str):
    assert names_its_merchant(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT orders.merchant_id, orders.id FROM orders WHERE orders.id = %(id)s",
        "UPDATE cells SET held = held + 1 WHERE product_id = %(p)s",
        "DELETE FROM idempotency_keys WHERE claimed_at < %(t)s",
        "SELECT name FROM merchants",
        "SELECT count(*) FROM people JOIN members ON members.person_id = people.id",
    ],
)
def test_a_statement_over_all_merchants_is_found(statement: str):
    assert not names_its_merchant(statement)
