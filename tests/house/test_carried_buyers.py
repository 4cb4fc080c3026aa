"""Who has bought of those who were customers before it was kept with them: who has an order delivered or paid."""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import NullPool, create_engine, text

from merchant_api.core import migrate
from tests.house.test_carried_customers import CUSTOMER
from tests.make.revisions import before

ORDERS = {  # of customers by number: state, paid, given back
    1: ("confirmed", 0, 0),
    2: ("delivered", 0, 0),
    3: ("confirmed", 5, 0),
    4: ("confirmed", 5, 1),
    5: ("cancelled", 5, 0),
}
ORDER = text(
    "INSERT INTO orders (merchant_id, id, code, state, seq, mode, customer_id, customer_name, placed_by, payment_terms,"
    " currency, total, paid, refunded, parked, placed_at) VALUES (:merchant, :id, CAST(:id AS text), :state, 1,"
    " 'instant', :id, 'A', jsonb_build_object('kind', 'customer'), 'on_delivery', 'NPR', 5, :paid, :refunded, 0, now())"
)


def test_who_has_an_order_that_was_delivered_or_paid_has_bought(clone: Callable[[], str], drop: Callable[[str], None]):
    url, merchant = clone(), UUID(int=99)
    migrate.downgrade(url, before("who_has_bought"))
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # customers alone, without their shop
        for number, (state, paid, refunded) in ORDERS.items():
            person = {"merchant": merchant, "id": UUID(int=number)}
            connection.execute(CUSTOMER, person)
            connection.execute(ORDER, person | {"state": state, "paid": paid, "refunded": refunded})

    migrate.upgrade(url)

    with engine.connect() as connection:
        bought = text("SELECT person_id FROM customers WHERE has_bought ORDER BY person_id")
        assert [found.int for found in connection.execute(bought).scalars()] == [2, 3]
    drop(url)
