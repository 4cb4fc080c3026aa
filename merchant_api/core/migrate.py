"""Bring a database to the newest schema: one process at a time, never waiting long for a lock."""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

import migrations
from merchant_api.core import roles
from merchant_api.core.db import engine_options
from merchant_api.core.settings import BadSetting

T = TypeVar("T")
FOLDER = Path(migrations.__file__).resolve().parent
ADVISORY_LOCK = 7_265_441_902
OLDEST = 15


class Schema(StrEnum):
    """How the schema of a database stands to what this code knows."""

    CURRENT = "current"
    NEWER = "newer"  # of a version that is being rolled out, whose migrations leave ours working
    OTHER = "other"


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings for our folder of migrations."""
    settings = Config()
    settings.set_main_option("script_location", str(FOLDER))
    settings.attributes["connection"] = connection
    return settings


def upgrade(url: str, target: str = "head") -> Schema:
    """Upgrade to `target`; two at once wait for each other and the second finds nothing to do.

    A schema that is newer than this code is left as it is. Refused: BadSetting, for a PostgreSQL that is too old.
    """

    def work(settings: Config) -> Schema:
        connection: Connection = settings.attributes["connection"]
        found = schema(connection)
        connection.rollback()  # so that each migration has a transaction of its own
        if found is Schema.NEWER:
            return found
        command.upgrade(settings, target)
        roles.grant(connection)
        return Schema.CURRENT

    return _run(url, work)


def downgrade(url: str, target: str) -> None:
    """Go back to `target` ("base" drops everything)."""
    _run(url, lambda settings: command.downgrade(settings, target))


def schema(connection: Connection) -> Schema:
    """What the database is at. Revisions are serial numbers: one that is higher than ours is of a newer version."""
    return _compared(MigrationContext.configure(connection).get_current_heads())


def _compared(found: Sequence[str]) -> Schema:
    newest = max(_newest())
    if set(found) == _newest():
        return Schema.CURRENT
    is_newer = len(found) == 1 and found[0].isascii() and found[0].isdigit() and found[0] > newest
    return Schema.NEWER if is_newer and len(found[0]) == len(newest) else Schema.OTHER


@cache
def _newest() -> frozenset[str]:
    return frozenset(ScriptDirectory.from_config(config()).get_heads())


def _run(url: str, work: Callable[[Config], T]) -> T:
    options = engine_options("migrations", pool_size=1)
    engine = create_engine(url, **options)
    try:
        with engine.connect() as connection:
            _check_version(connection)
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": ADVISORY_LOCK})
            connection.commit()
            try:
                done = work(config(connection))
                connection.commit()
                return done
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
