"""API keys from before their makers were known go on as they are, and so do those that an older version finds."""

from uuid import UUID

from sqlalchemy import NullPool, create_engine, text

from merchant_api.core import migrate
from tests.make.revisions import before

SHOP, KEY, MAKER = (UUID(f"01a20300-7ce5-7102-bca7-4cc59c9b798{each}") for each in range(3))


def test_keys_that_were_there_have_no_maker_and_are_bound_to_nobody(empty: str):
    migrate.downgrade(empty, before("who_made_a_key"))
    engine = create_engine(empty, poolclass=NullPool)
    given = {"shop": SHOP, "key": KEY, "maker": MAKER}
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO merchants (id, name, time_zone, currency, locale, respond_window_s, pay_window_s, "
                "cancel_window_s, pay_grace_s, unpaid_orders_cap, created_at) "
                "VALUES (:shop, 'S', 'UTC', 'NPR', 'en', 1, 1, 1, 1, 1, now())"
            ),
            given,
        )
        connection.execute(
            text(
                "INSERT INTO api_keys (merchant_id, id, name, secret_hash, permissions, created_at) "
                "VALUES (:shop, :key, 'Shop', '', '{orders.read}', now())"
            ),
            given,
        )

    migrate.upgrade(empty)
    with engine.begin() as connection:
        carried = connection.execute(text("SELECT made_by, is_bound FROM api_keys")).one()
        connection.execute(text("UPDATE api_keys SET made_by = :maker, is_bound = true"), given)
    migrate.downgrade(empty, before("who_made_a_key"))

    with engine.connect() as connection:
        assert connection.execute(text("SELECT id FROM api_keys")).scalar_one() == KEY
    assert tuple(carried) == (None, False)
