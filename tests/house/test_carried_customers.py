"""Whom a merchant trusts of those who were customers before there was trust: whom a seller entered."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import NullPool, create_engine, text

from merchant_api.core import migrate
from tests.make.revisions import before

PEOPLE = {
    1: "owner",
    2: "customer",
    3: None,
    4: "integration",
}  # by whom their first order was placed; 5 has no sign-in
CUSTOMER = text("INSERT INTO customers (merchant_id, person_id, name, created_at) VALUES (:merchant, :id, 'A', now())")
PERSON = text(
    "INSERT INTO people (id, name, email, password_hash, is_staff, created_at) "
    "VALUES (:id, 'A', CAST(:id AS text), '!', false, now())"
)
ORDER = text(
    "INSERT INTO orders (merchant_id, id, code, state, seq, mode, customer_id, customer_name, placed_by, payment_terms,"
    " currency, total, paid, parked, placed_at) VALUES (:merchant, :order, CAST(:order AS text), 'confirmed', 1,"
    " 'instant', :id, 'A', jsonb_build_object('kind', CAST(:kind AS text)), 'on_delivery', 'NPR', 1, 0, 0, now())"
)


def test_customers_whom_a_seller_entered_are_trusted_and_the_others_are_not(
    clone: Callable[[], str], drop: Callable[[str], None]
):
    url, merchant = clone(), UUID(int=99)
    migrate.downgrade(url, before("unproven_customers"))
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # customers alone, without their shop
        for number in (*PEOPLE, 5):
            connection.execute(CUSTOMER, {"merchant": merchant, "id": UUID(int=number)})
        for number, kind in PEOPLE.items():
            person = {"id": UUID(int=number)}
            connection.execute(PERSON, person)
            for later, placed_by in enumerate([kind, "customer"] if kind else []):
                order = {"merchant": merchant, "order": UUID(int=10 * number + later), "kind": placed_by}
                connection.execute(ORDER, person | order)

    migrate.upgrade(url)

    with engine.connect() as connection:
        trusted = text("SELECT person_id FROM customers WHERE is_trusted ORDER BY person_id")
        assert [found.int for found in connection.execute(trusted).scalars()] == [1, 4, 5]
    drop(url)
