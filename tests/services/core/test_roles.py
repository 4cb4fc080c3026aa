"""The roles of the database: what the application may not do, what the owner is held to, and who gives the rights."""

from collections.abc import Callable, Iterator

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from flask import Flask
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from merchant_api.core import migrate, roles
from merchant_api.core.db import in_transaction, session, sqlstate
from merchant_api.core.roles import APP, JOBS
from merchant_api.core.tenancy import of
from migrations.guard import unforced
from tests.make.people import make_merchant
from tests.tenancy import OWNER, as_role

MERCHANT = (
    (
        "INSERT INTO merchants (id, name, time_zone, currency, locale, respond_window_s, pay_window_s, "
        "cancel_window_s, pay_grace_s, unpaid_orders_cap, created_at) "
        "VALUES (gen_random_uuid(), 'Shop', 'UTC', 'NPR', 'en', 60, 60, 60, 60, 20, now())"
    ),
    (
        "INSERT INTO grades (merchant_id, id, name, rank, created_at) "
        "SELECT id, gen_random_uuid(), 'default', 0, now() FROM merchants"
    ),
)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET comment = ''",
        "DELETE FROM order_history",
        "DELETE FROM counts",
        "DELETE FROM orders",
        "DELETE FROM events",
        "TRUNCATE carts",
        "CREATE TABLE mine (n int)",
        "ALTER TABLE orders DISABLE ROW LEVEL SECURITY",
        "DROP POLICY of_merchant ON orders",
        "UPDATE alembic_version SET version_num = '0001'",
    ],
)
def test_the_application_neither_empties_nor_rewrites_nor_rebuilds(database: Flask, statement: str):
    merchant = make_merchant()

    with pytest.raises(DBAPIError) as error:
        in_transaction(lambda: session().execute(text(statement)), of(merchant.id))

    assert sqlstate(error.value) == "42501"


@pytest.fixture
def empty(clone: Callable[[], str], drop: Callable[[str], None]) -> Iterator[str]:
    """A database of one's own, as its superuser reaches it."""
    url = clone()
    yield url
    drop(url)


@pytest.fixture
def owner(empty: str) -> Iterator[Engine]:
    """As who owns the schema reaches it, with a merchant in it."""
    made = create_engine(empty)
    with made.begin() as connection:
        for statement in MERCHANT:
            connection.execute(text(statement))
    made.dispose()
    engine = create_engine(as_role(empty, OWNER))
    yield engine
    engine.dispose()


def test_the_owner_is_held_to_it_too(owner: Engine):
    with owner.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(text("SELECT * FROM grades")).all()


def test_a_migration_moves_the_rows_of_every_merchant_where_it_says_so(owner: Engine):
    moves = text("UPDATE grades SET name = 'first'")
    with owner.begin() as connection, unforced(Operations(MigrationContext.configure(connection)), "grades"):
        assert connection.execute(moves).rowcount == 1

    with owner.connect() as connection, pytest.raises(DBAPIError):
        connection.execute(moves)


def test_migrating_gives_the_rights_and_takes_what_is_beyond_them(empty: str):
    engine = create_engine(empty)
    with engine.begin() as connection:
        connection.execute(text(f"GRANT UPDATE ON ledger TO {APP}"))
        connection.execute(text(f"REVOKE SELECT ON orders FROM {JOBS}"))

    migrate.upgrade(as_role(empty, OWNER))

    may = text("SELECT has_table_privilege(:app, 'ledger', 'UPDATE'), has_table_privilege(:jobs, 'orders', 'SELECT')")
    with engine.connect() as connection:
        assert connection.execute(may, {"app": APP, "jobs": JOBS}).one() == (False, True)
    engine.dispose()


def test_who_owns_nothing_migrates_nothing_and_gives_nothing_away(empty: str):
    engine = create_engine(as_role(empty))
    with engine.begin() as connection:
        assert roles.grant(connection) == [APP, JOBS]
    engine.dispose()

    migrate.upgrade(as_role(empty))
