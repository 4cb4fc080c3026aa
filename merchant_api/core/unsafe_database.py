"""What a database must not be: one that may lose what was promised, or whose rules do not bind the application.

Asked of connections as the application gets them, with their role and settings: when a process starts, and on each new
one of its pool, for a server may be away at the start, and another one may take over. A pool that is refused answers as
if the database were away. ORDERBELL_ALLOW_UNSAFE_DATABASE=1 takes it all the same.
"""

import psycopg
from flask import Flask
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import OperationalError

from merchant_api.core.db import db, engine_options
from merchant_api.core.log import log
from merchant_api.core.settings import BadSetting, Settings

_ASK = """
    SELECT current_setting('fsync'), current_setting('synchronous_commit'),
        (SELECT min(rolname) FROM pg_roles WHERE rolname IN (current_user, session_user) AND (rolsuper OR rolbypassrls))
"""
_FIRST = "DATABASE_URL leads to an unsafe database, which ORDERBELL_ALLOW_UNSAFE_DATABASE=1 would take all the same:"
_log = log(__name__)


class UnsafeDatabaseError(psycopg.OperationalError):
    """A line for each thing that is wrong with the database."""


def check(settings: Settings, role: str) -> None:
    """Connect once as the app of this role will; nothing is said of a database that is away. Raises BadSetting."""
    engine = create_engine(settings.database_url, **engine_options(role, pool_size=1))
    _watch(engine, settings)
    try:
        engine.connect().close()
    except OperationalError as error:
        if is_unsafe(error):
            raise BadSetting(str(error.orig)) from None
    finally:
        engine.dispose()


def watch(app: Flask) -> None:
    """Let the app's pool take no connection to an unsafe database."""
    with app.app_context():
        _watch(db.engine, app.extensions["orderbell.settings"])


def is_unsafe(error: BaseException) -> bool:
    """Whether it is a connection that was refused for what its database is."""
    return isinstance(getattr(error, "orig", None), UnsafeDatabaseError)


def faults(fsync: str, synchronous_commit: str, superuser: str | None) -> list[str]:
    """What is wrong and what to do, a line each; `superuser` is the role that is one, if any is."""
    found = []
    if fsync == "off":
        found.append("fsync is off, a crash may destroy everything: set fsync = on in postgresql.conf and reload it")
    if synchronous_commit == "off":
        found.append(
            "synchronous_commit is off, a crash loses orders that were confirmed: set it to on, for the server, "
            "the database or the role, wherever it was set"
        )
    if superuser is not None:
        found.append(
            f'the role "{superuser}" is a superuser, or has BYPASSRLS: no rule of the database binds it. Name one in '
            "DATABASE_URL that is none (only `migrate` may run as one)"
        )
    return found


def _watch(engine: Engine, settings: Settings) -> None:
    if settings.allow_unsafe_database:
        return
    said: set[str] = set()

    def look(connection: psycopg.Connection, _record: object) -> None:
        found = faults(*connection.execute(_ASK).fetchone() or ("", "", None))
        connection.rollback()
        if found:
            connection.close()
            for fault in set(found) - said:
                _log.error("database.unsafe", why=fault)
            said.update(found)
            raise UnsafeDatabaseError("\n".join([_FIRST, *(f"  {fault}" for fault in found)]))

    event.listen(engine, "connect", look)
