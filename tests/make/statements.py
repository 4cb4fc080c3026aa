"""The statements that a piece of work sends, as they are sent; savepoints of the tests themselves are left out."""

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
    return [statement for statement in seen if "SAVEPOINT" not in statement]
