"""Customers who were entered before are known again, those entered twice as one person; who signs in is not marked."""

from uuid import UUID

from sqlalchemy import NullPool, create_engine, text

from merchant_api.core import migrate
from tests.make.revisions import before

SHOP = UUID(int=1)
CUSTOMERS = [  # name, phone, e-mail, whether he signs in
    ("Asha Rai", "9841234567", "Asha@example.com", False),
    ("asha rai", "+977 984-1234567", None, False),
    ("Chandra", None, "asha@example.com", True),
    ("Deepa", None, "ASHA@example.com", False),
    ("Nobody", None, None, False),
]
MARKS = [
    ("email:asha@example.com", 0, 100),
    ("email:asha@example.com", 1, 103),
    ("phone:+9779841234567 asha rai", 0, 100),
    ("phone:+9779841234567 asha rai", 1, 101),
]


def test_customers_who_were_entered_before_are_known_again(empty: str):
    migrate.downgrade(empty, before("customer_marks"))
    engine = create_engine(empty, poolclass=NullPool)
    shop = text(
        "INSERT INTO merchants (id, name, time_zone, currency, locale, respond_window_s, pay_window_s, "
        "cancel_window_s, pay_grace_s, unpaid_orders_cap, created_at) "
        "VALUES (:id, 'Shop', 'Asia/Kathmandu', 'NPR', 'en', 60, 60, 60, 60, 20, now())"
    )
    customer = text(
        "INSERT INTO customers (merchant_id, person_id, name, phone, email, created_at) "
        "VALUES (:shop, :id, :name, :phone, :email, now())"
    )
    person = text(
        "INSERT INTO people (id, name, email, password_hash, is_staff, created_at) "
        "VALUES (:id, :name, :email, '!', false, now())"
    )
    with engine.begin() as connection:
        connection.execute(shop, {"id": SHOP})
        for number, (name, phone, email, signs_in) in enumerate(CUSTOMERS):
            row = {"shop": SHOP, "id": UUID(int=100 + number), "name": name, "phone": phone, "email": email}
            connection.execute(customer, row)
            if signs_in:
                connection.execute(person, row)

    migrate.upgrade(empty)

    with engine.connect() as connection:
        found = connection.execute(text("SELECT mark, twin, person_id FROM customer_marks ORDER BY mark, twin")).all()
    assert [(row.mark, row.twin, row.person_id.int) for row in found] == MARKS
