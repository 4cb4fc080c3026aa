"""The database: one typed entry to sessions, the pool with its health checks, and how a transaction is opened.

Transactions are opened by `endpoint()`, by the jobs' `sweep` and by placing, nowhere else; all of them call
`in_transaction`, and nothing below commits.
"""

import random
import select
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import psycopg
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine, ExceptionContext, MetaData, event, exc, text
from sqlalchemy.orm import DeclarativeBase, Session

from merchant_api.core import cut_off, tenancy
from merchant_api.core.clock import clock
from merchant_api.core.tenancy import Whose

T = TypeVar("T")
TRIES = 5
RETRYABLE = ("40001", "40P01")  # serialization failure, deadlock: the whole transaction again
MOVED = "25006"  # read only: a standby, since a switch-over; another connection finds the one that takes writes
UNAVAILABLE = ("55P03", "57014", "25P03", "57P01", "57P02", "57P03", "53100", "53200", "53300", MOVED)

# Milliseconds: statement, lock, idle in transaction. A job process that stands still lets go of what it locked before
# a request that waits for it gives up: one locked cell soon has every thread of the API waiting.
TIMEOUTS = {"api": (5_000, 4_000, 5_000), "jobs": (30_000, 2_000, 3_000), "migrations": (0, 5_000, 60_000)}
_LOOKS_ACROSS = "-c orderbell.merchant=across "  # a new foreign key is checked on the rows of every merchant
CONNECT_WITHIN_S = 5
_LATER = "after_commit"
LEAST_POOL = {"jobs": 28}  # every job, loop and poll of a shop has a thread of its own, whatever the API has


class Model(DeclarativeBase):
    """What every table's class descends from."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )


db = SQLAlchemy(
    model_class=Model, session_options={"expire_on_commit": False, "join_transaction_mode": "create_savepoint"}
)


def session() -> Session:
    """The session of this request or job run."""
    return db.session()


def engine_options(role: str, pool_size: int) -> dict[str, Any]:
    """Pool and connection options of a role: `api`, `jobs` (its pool has a least size) or `migrations`."""
    statement, lock, idle = TIMEOUTS[role]
    options = (
        f"{_LOOKS_ACROSS if role == 'migrations' else ''}-c statement_timeout={statement} -c lock_timeout={lock} "
        f"-c idle_in_transaction_session_timeout={idle} -c timezone=UTC"
    )
    return {
        "pool_size": max(pool_size, LEAST_POOL.get(role, 0)),
        "max_overflow": 2,
        "pool_timeout": 5,
        "hide_parameters": True,  # errors are logged, and parameters are people's data and secrets
        "connect_args": {
            "options": options,
            "connect_timeout": CONNECT_WITHIN_S,
            "keepalives_idle": 10,
            "keepalives_interval": 3,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000,
            "application_name": f"orderbell-{role}",
        },
    }


def attach(app: Flask) -> None:
    """Bind the app to its engine, with the health check and the clock's measurement on its pool."""
    db.init_app(app)
    with app.app_context():
        watch(db.engine)


def watch(engine: Engine) -> None:
    """Check connections when they are taken from the pool, measure the clock, and cut off who is out of time."""
    event.listen(engine, "do_connect", _connect_in_time)
    event.listen(engine, "checkout", _check_alive)
    for given_back in ("checkin", "invalidate", "close"):
        event.listen(engine, given_back, lambda connection, *_: cut_off.lines.leave(connection))
    event.listen(engine, "engine_connect", _measure_clock)
    event.listen(engine, "handle_error", _leave_standby)
    tenancy.follow(engine)
    clock.follow(lambda: engine.connect().close())


def _connect_in_time(_dialect: object, _record: object, _args: object, named: dict[str, Any]) -> None:
    named["connect_timeout"] = max(1, round(cut_off.left_s(CONNECT_WITHIN_S)))


def _check_alive(connection: Any, _record: object, _proxy: object) -> None:
    # An idle connection has nothing to read: if it has, the server said goodbye. No statement is spent on asking.
    poll = select.poll()
    try:
        poll.register(connection.fileno(), select.POLLIN)
        is_talking = bool(poll.poll(0))
    except (OSError, psycopg.Error) as gone:
        raise exc.DisconnectionError from gone
    if is_talking:
        raise exc.DisconnectionError
    cut_off.lines.take(connection)


def _leave_standby(context: ExceptionContext) -> None:
    # Every connection of the pool leads to it: all are made anew, and find the server that takes writes.
    if getattr(context.original_exception, "sqlstate", None) == MOVED:
        context.is_disconnect = True


def _measure_clock(connection: Any) -> None:
    if not clock.is_due():
        return

    def ask() -> datetime:
        instant: datetime = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
        return instant

    clock.measure(ask)
    connection.rollback()


def in_transaction(work: Callable[[], T], whose: Whose | None = None) -> T:
    """Run `work` in one transaction, on the rows that are stated here or around it (`tenancy`), else on no merchant's.

    A serialization failure, a deadlock or a server that only reads any more runs it again, five times at most.
    What `work` left to `after_commit` is done once, by the try that was committed.
    """
    with tenancy.stated(tenancy.or_nobody(whose)):
        return _tried(work)


def _tried(work: Callable[[], T]) -> T:
    for attempt in range(1, TRIES + 1):
        later = session().info[_LATER] = []
        try:
            result = work()
            session().commit()
        except exc.DBAPIError as error:
            session().rollback()
            if sqlstate(error) not in (*RETRYABLE, MOVED) or attempt == TRIES:
                raise
            time.sleep(random.uniform(0.005, 0.02) * 2**attempt)
        except BaseException:
            session().rollback()
            raise
        else:
            for each in later:
                each()
            return result
    raise AssertionError("unreachable")


def end_read() -> None:
    """End a transaction that only read, and give its connection back.

    By a commit: at every rollback psycopg forgets all the statements that its connection keeps prepared.
    """
    session().commit()


def after_commit(work: Callable[[], None]) -> None:
    """Do something once the transaction is committed, as counting it; not at all if it is not. It may not fail."""
    session().info.setdefault(_LATER, []).append(work)


def sqlstate(error: exc.DBAPIError) -> str:
    """PostgreSQL's five-letter code, or nothing when the connection itself failed."""
    return getattr(error.orig, "sqlstate", None) or ""


def is_unavailable(error: exc.SQLAlchemyError) -> bool:
    """Whether the database is away, overloaded or waited too long, so that asking again may help."""
    if isinstance(error, exc.TimeoutError):
        return True
    if not isinstance(error, exc.DBAPIError):
        return False
    state = sqlstate(error)
    return state in UNAVAILABLE or state in RETRYABLE or (not state and isinstance(error, exc.OperationalError))


def make_room() -> None:
    """Let this transaction's statements take 30 s and the pauses between them 60 s: for long files, never for locks."""
    session().execute(
        text(
            "SELECT set_config('statement_timeout', '30s', true), "
            "set_config('idle_in_transaction_session_timeout', '60s', true)"
        )
    )
