"""Bring a database to the newest schema: one process at a time, never waiting long for a lock."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

import migrations
from merchant_api.core.db import engine_options
from merchant_api.core.settings import BadSetting

FOLDER = Path(migrations.__file__).resolve().parent
ADVISORY_LOCK = 7_265_441_902
OLDEST = 15


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings for our folder of migrations."""
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.attributes["connection"] = connection
    return settings


def upgrade(url: str, target: str = "head") -> None:
    """Upgrade to `target`; two at once wait for each other and the second finds nothing to do.

    Refused: BadSetting, for a PostgreSQL that is too old.
    """
    _run(url, lambda settings: command.upgrade(settings, target))


def downgrade(url: str, target: str) -> None:
    """Go back to `target` ("base" drops everything)."""
    _run(url, lambda settings: command.downgrade(settings, target))


def is_current(connection: Connection) -> bool:
    """Whether the schema is the newest one that this code knows."""
    return set(MigrationContext.configure(connection).get_current_heads()) == _newest()


@cache
def _newest() -> frozenset[str]:
    return frozenset(ScriptDirectory.from_config(config()).get_heads())


def _run(url: str, work: Callable[[Config], None]) -> None:
    options = engine_options("migrations", pool_size=1)
    engine = create_engine(url, **options)
    try:
        with engine.connect() as connection:
            _check_version(connection)
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": ADVISORY_LOCK})
            connection.commit()
            try:
                work(config(connection))
                connection.commit()
            finally:
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": ADVISORY_LOCK})
                connection.commit()
    finally:
        engine.dispose()


def _check_version(connection: Connection) -> None:
    found = connection.execute(text("SHOW server_version")).scalar_one()
    if int(re.split(r"\D", found, maxsplit=1)[0]) < OLDEST:
        raise BadSetting(f"DATABASE_URL leads to PostgreSQL {found}, and {OLDEST} or later is needed")
