"""A column that holds sealed values: each opens in the row that it was closed for, and nowhere else.

The place that a value is bound to is the table's name, the row's primary key and, where a table has several such
columns, a word for this one. It is part of what was sealed: a place that is spelt otherwise opens nothing any more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from merchant_api.core.db import Model
from merchant_api.core.installed import seal
from merchant_api.core.seal import Unsealable

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class SealedField:
    """A column of a table, by name; `word` tells it from others of the same table."""

    table: type[Model]
    column: str
    word: str = ""

    def close(self, clear: bytes, *key: UUID | str) -> bytes:
        """Seal a value for the row with this primary key."""
        return seal().close(clear, self._place(key))

    def open(self, sealed: bytes, *key: UUID | str) -> bytes:
        """What was sealed for the row with this primary key; raises Unsealable."""
        return seal().open(sealed, self._place(key))

    def read(self, row: Model) -> bytes | None:
        """What lies in a row, or None where nothing does; raises Unsealable."""
        sealed = getattr(row, self.column)
        return None if sealed is None else self.open(sealed, *self._key(row))

    def put(self, row: Model, clear: bytes | None) -> None:
        """Seal a value in its row, or forget the one that is there."""
        setattr(row, self.column, None if clear is None else self.close(clear, *self._key(row)))

    def turn(self, row: Model) -> int:
        """Seal anew what lies under an older key; gives how many values that were (one or none). Raises Unsealable."""
        sealed = getattr(row, self.column)
        if sealed is None or seal().is_newest(sealed):
            return 0
        self.put(row, self.read(row))
        return 1

    def _key(self, row: Model) -> list[Any]:
        return [getattr(row, column.name) for column in self.table.__table__.primary_key]

    def _place(self, key: Sequence[Any]) -> str:
        parts = [self.table.__tablename__, *key, *([self.word] if self.word else [])]
        return ":".join(str(part) for part in parts)


@dataclass(frozen=True, slots=True)
class Turned:
    """Rows that were gone through: how many values were sealed anew, and how many rows hold what no key opens.

    `last` is the key of the last row where there may be more of them, None at the end.
    """

    number: int
    lost: int
    last: tuple[Any, ...] | None = None


def turned(rows: Sequence[Row], turn: Callable[[Row], int], last: tuple[Any, ...] | None = None) -> Turned:
    """Seal rows anew, each by `turn`; what no key opens is counted and left."""
    number = lost = 0
    for row in rows:
        try:
            number += turn(row)
        except Unsealable:
            lost += 1
    return Turned(number, lost, last)
