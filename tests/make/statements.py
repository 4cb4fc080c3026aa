"""The statements that a piece of work sends, as they are sent; what the tests themselves need is left out."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from merchant_api.core.db import db


def statements_of(work: Callable[[], Any]) -> list[str]:
    """What the database is asked while `work` runs."""
    seen: list[str] = []
    connection = db.engines[None]

    def see(*told: Any) -> None:
        seen.append(told[2])

    event.listen(connection, "before_cursor_execute", see)
    try:
        work()
    finally:
        event.remove(connection, "before_cursor_execute", see)
    return asked(seen)


def asked(seen: list[str]) -> list[str]:
    """Without what the suite itself sends: savepoints, and the step from its own role into the application's."""
    return [statement for statement in seen if "SAVEPOINT" not in statement and "SET LOCAL ROLE" not in statement]
