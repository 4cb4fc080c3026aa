"""Migrations are numbered, make what the models say (down to constraints, indexes and triggers), and go back."""

import re
from collections.abc import Callable

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, text

from merchant_api.core import migrate
from merchant_api.core.settings import BadSetting
from merchant_api.tables import METADATA
from tests.house.sources import ROOT

TRIGGERS = {
    ("counts", "counts_append_only"),
    ("counts", "counts_not_emptied"),
    ("holds", "holds_back"),
    ("holds", "holds_moves"),
    ("ledger", "ledger_append_only"),
    ("ledger", "ledger_not_emptied"),
    ("order_history", "order_history_append_only"),
    ("order_history", "order_history_not_emptied"),
    ("orders", "orders_moves"),
    ("payments", "payments_stay"),
    ("refunds", "refunds_kept"),
    ("refunds", "refunds_moves"),
    ("refunds", "refunds_not_emptied"),
    ("refunds", "refunds_stay"),
    ("returns", "returns_append_only"),
    ("returns", "returns_not_emptied"),
    ("sessions", "sessions_moves"),
    ("snapshots", "snapshots_append_only"),
    ("snapshots", "snapshots_not_emptied"),
}
OURS = "n.nspname = 'public' AND c.relname <> 'alembic_version'"
PARTS = {
    "columns": f"""
        SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE {OURS} AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped""",
    "options": f"""
        SELECT c.relname, c.reloptions::text
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OURS} AND c.relkind = 'r'""",
    "constraints": f"""
        SELECT c.relname, k.conname, pg_get_constraintdef(k.oid)
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {OURS}""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes "
    "WHERE schemaname = 'public' AND tablename <> 'alembic_version'",
}


@pytest.fixture
def empty(clone: Callable[[], str], drop: Callable[[str], None]):
    """A migrated database without rows, to be taken apart."""
    url = clone()
    yield url
    drop(url)


def _parts(connection: Connection) -> dict[str, set[tuple[object, ...]]]:
    return {name: {tuple(row) for row in connection.execute(text(query))} for name, query in PARTS.items()}


def _triggers(connection: Connection) -> set[tuple[str, str]]:
    rows = connection.execute(text("SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"))
    return {(table, name) for table, name in rows}


def _everything(url: str) -> dict[str, object]:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return {**_parts(connection), "triggers": _triggers(connection)}
    finally:
        engine.dispose()


def test_migrations_are_numbered_without_a_gap():
    names = sorted(path.stem for path in (ROOT / "migrations" / "versions").glob("*.py"))

    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]
    for name in names:
        written = (ROOT / "migrations" / "versions" / f"{name}.py").read_text()
        assert re.search(r'^revision = "(\d+)"', written, re.MULTILINE).group(1) == name[:4]


def test_the_models_ask_for_nothing_that_no_migration_makes(empty: str):
    engine = create_engine(empty)
    with engine.connect() as connection:
        command.check(migrate.config(connection))
    engine.dispose()


def test_migrations_make_what_the_models_make(empty: str):
    migrated = _everything(empty)
    engine = create_engine(empty)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
        METADATA.create_all(connection)
        made = _parts(connection)
    engine.dispose()

    for name in PARTS:
        assert migrated[name] - made[name] == set(), f"{name} only in the migrations"
        assert made[name] - migrated[name] == set(), f"{name} only in the models"


def test_the_database_keeps_its_triggers(empty: str):
    assert _everything(empty)["triggers"] == TRIGGERS


def test_migrations_go_all_the_way_back_and_up_again(empty: str):
    before = _everything(empty)

    migrate.downgrade(empty, "base")

    assert not any(_everything(empty).values()), "something is left behind"
    engine = create_engine(empty)
    with engine.connect() as connection:
        left = connection.execute(text("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"))
        assert left.all() == []
    engine.dispose()

    migrate.upgrade(empty)

    assert _everything(empty) == before


def test_a_server_that_is_too_old_is_refused_by_its_version(empty: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(migrate, "OLDEST", 99)

    with pytest.raises(BadSetting, match=r"leads to PostgreSQL 1\d\.\d+.*, and 99 or later is needed"):
        migrate.upgrade(empty)
