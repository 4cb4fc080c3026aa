"""Whose rows a transaction may touch: the second line of tenancy, which PostgreSQL keeps (row-level security).

Every table with `merchant_id` has a policy that compares it with the setting `orderbell.merchant` of the transaction.
It is stated here and sent along with BEGIN, so it costs no statement of its own; it ends with the transaction. Where
nobody stated a merchant the setting is empty, and the database refuses every row: what was forgotten fails.
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Engine, event

_SENT = "orderbell.whose"
_OF_SAVEPOINTS = ("SAVEPOINT", "ROLLBACK TO", "RELEASE")


class Crossing(Exception):
    """Work for one merchant may neither turn to another's rows nor look over all of them."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose rows: of the merchant whose id is the word, of nobody (""), or a look over all ("across")."""

    word: str


NOBODY = Whose("")
ACROSS = Whose("across")
_stated: ContextVar[Whose | None] = ContextVar("whose", default=None)


def of(merchant_id: UUID) -> Whose:
    """The rows of one merchant, and no others."""
    return Whose(str(UUID(bytes=merchant_id.bytes)))  # whatever was handed over, its spelling is ours


@contextlib.contextmanager
def stated(whose: Whose) -> Iterator[None]:
    """What this thread asks the database in between is about these rows; it may narrow what was stated, never widen it.

    Raises Crossing.
    """
    before = _stated.get()
    if before not in (None, NOBODY, ACROSS, whose):
        raise Crossing
    token = _stated.set(whose)
    try:
        yield
    finally:
        _stated.reset(token)


def of_merchant(merchant_id: UUID) -> contextlib.AbstractContextManager[None]:
    """What happens inside happens to one merchant. Raises Crossing within another's."""
    return stated(of(merchant_id))


def across_merchants() -> contextlib.AbstractContextManager[None]:
    """A look over all merchants, at the few places that DESIGN.md 4.1 names. Raises Crossing below a merchant."""
    return stated(ACROSS)


def whose() -> Whose | None:
    """What was stated around, None where nothing was."""
    return _stated.get()


def or_nobody(given: Whose | None) -> Whose:
    """These, else what was stated around, else nobody's."""
    return given or _stated.get() or NOBODY


def opening(whose: Whose | None) -> str:
    """What a transaction is told first. SET LOCAL is set_config(…, true) without a snapshot, which an isolation level
    could not be chosen after. The word is an id that we spelt, or one of ours.
    """
    return f"SET LOCAL orderbell.merchant = '{(whose or NOBODY).word}'"


def follow(engine: Engine) -> None:
    """From now on each transaction of the engine says whose rows it is about, in the message that begins it."""
    event.listen(engine, "connect", _begin_ourselves)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _keep_up)
    event.listen(engine, "rollback_savepoint", _forget)


def _begin_ourselves(connection: Any, _record: object) -> None:
    connection.autocommit = True


def _begin(connection: Connection) -> None:
    isolation = connection.get_execution_options().get("isolation_level")
    raw: Any = connection.connection.dbapi_connection
    if isolation is None and not raw.autocommit:
        raw.autocommit = True  # it was taken with an isolation level before
    connection.info[_SENT] = whose = _stated.get()
    begin = "BEGIN; " if isolation is None else ""  # else psycopg begins, with that level, or nobody does
    words = begin + opening(whose)
    try:
        raw.execute(words)
    except psycopg.Error:
        connection.exec_driver_sql(words)  # it fails again, and SQLAlchemy says of it what it says of any statement


def _keep_up(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
    whose = _stated.get()
    if connection.info.get(_SENT, connection) == whose or statement.startswith(_OF_SAVEPOINTS):
        return
    connection.info[_SENT] = whose
    connection.exec_driver_sql(opening(whose))


def _forget(connection: Connection, *_: object) -> None:
    if not connection.invalidated:
        connection.info.pop(_SENT, None)  # what was set since the savepoint is undone with it
