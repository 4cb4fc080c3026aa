"""Names that were two before names were compared stay two, and the oldest has the key alone from then on."""

from uuid import UUID

from sqlalchemy import NullPool, create_engine, text

from merchant_api.core import migrate
from tests.make.revisions import before

SHOP, OTHER = UUID(int=1), UUID(int=2)
LOCATIONS = [  # merchant, name, key and twin
    (SHOP, "Shed", "shed", 0),
    (SHOP, "SHED", "shed", 1),
    (SHOP, "She\u0301d", "sh\u00e9d", 0),
    (SHOP, "Sh\u00e9d", "sh\u00e9d", 1),
    (SHOP, "shed ", "shed", 2),
    (OTHER, "shed", "shed", 0),
]


def test_names_that_collide_stop_nothing_and_keep_their_spelling(empty: str):
    migrate.downgrade(empty, before("names"))
    engine = create_engine(empty, poolclass=NullPool)
    row = text("INSERT INTO locations (merchant_id, id, name, rank, created_at) VALUES (:shop, :id, :name, 0, now())")
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))  # shops with nothing but a name
        for shop in (SHOP, OTHER):
            connection.execute(
                text(
                    "INSERT INTO merchants (id, name, time_zone, currency, locale, respond_window_s, pay_window_s, "
                    "cancel_window_s, pay_grace_s, unpaid_orders_cap, created_at) "
                    "VALUES (:id, 'Shop', 'UTC', 'NPR', 'en', 60, 60, 60, 60, 20, now())"
                ),
                {"id": shop},
            )
        for number, (shop, name, _, _) in enumerate(LOCATIONS):
            connection.execute(row, {"shop": shop, "id": UUID(int=100 + number), "name": name})

    migrate.upgrade(empty)

    with engine.connect() as connection:
        found = connection.execute(text("SELECT merchant_id, name, name_key, twin FROM locations ORDER BY id")).all()
    assert [tuple(row) for row in found] == LOCATIONS
