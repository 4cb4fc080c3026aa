"""Which merchants have work due, and which rows of theirs: read over a partial index `(merchant_id, <due column>)`.

Every kind of work that waits for an instant has such an index. Its name is all that is stated: columns and condition
are taken from the index, so the query cannot drift away from it. Finding the merchants is a loose index scan, one
probe a merchant, whatever the number of rows that wait; it goes on where the last one of this process ended, so that
no merchant is always first. This is one of the reads that name no merchant (DESIGN.md 4.1).
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    Column,
    Index,
    Integer,
    Select,
    Table,
    TextClause,
    Uuid,
    bindparam,
    literal,
    select,
    true,
)

from merchant_api.core.db import Model, session
from merchant_api.core.tenancy import across_merchants

LOWEST = UUID(int=0)
_last_seen: dict[str, UUID] = {}


@dataclass(frozen=True, slots=True)
class DueIndex:
    """A partial index of due rows, taken apart."""

    table: Table
    merchant_id: Column[UUID]
    due_at: Column[datetime]
    condition: TextClause


@dataclass(frozen=True, slots=True)
class Due:
    """A kind of work: rows of a table, by the name of their index, as "ix_orders_requested".

    `later` is for how long they are left alone once their instant has come.
    """

    model: type[Model]
    index: str
    later: timedelta = timedelta()

    def merchants(self, at: datetime, limit: int) -> list[UUID]:
        """At most `limit` merchants with a row due at `at`, in no particular order."""
        given = {"start": _last_seen.get(self.index, LOWEST), "at": at - self.later, "limit": limit}
        with across_merchants():
            found = list(session().execute(_scan(self.model, self.index), given).scalars())
        if found:
            _last_seen[self.index] = found[-1]
        random.shuffle(found)  # several processes that begin together do not meet at each merchant
        return found

    def ids(self, merchant_id: UUID, at: datetime, limit: int) -> list[UUID]:
        """The ids of at most `limit` rows of a merchant that are due at `at`, the longest due first."""
        waiting = of(self.model, self.index)
        mine = (waiting.merchant_id == merchant_id, waiting.due_at <= at - self.later)
        rows = select(waiting.table.c.id).where(waiting.condition, *mine)
        return list(session().execute(rows.order_by(waiting.due_at).limit(limit)).scalars())


def of(model: type[Model], index: str) -> DueIndex:
    """The named index of a table; KeyError if there is none."""
    table = Model.metadata.tables[model.__tablename__]
    found: Index = {str(each.name): each for each in table.indexes}[index]
    merchant_id, due_at = found.columns
    return DueIndex(table, merchant_id, due_at, found.dialect_options["postgresql"]["where"])


@cache
def _scan(model: type[Model], index: str) -> Select[UUID]:
    """From after `start` to the end, then from the beginning to `start`; at most `limit` that are due at `at`.

    Made once: it is asked several times a second by every process, and making it costs more than asking it.
    """
    waiting = of(model, index)
    start, at = bindparam("start", type_=Uuid()), bindparam("at", type_=waiting.due_at.type)
    after = _walk(waiting, "after", start, None)
    before = _walk(waiting, "before", literal(LOWEST), start)
    both = select(after).where(after.c.due_at <= at).union_all(select(before).where(before.c.due_at <= at)).subquery()
    return select(both.c.merchant_id).limit(bindparam("limit", type_=Integer()))


def _walk(waiting: DueIndex, name: str, start: Any, end: Any) -> CTE:
    """Each merchant with waiting rows and the earliest of them, by one probe of the index each."""
    begin = _next(waiting, start, end).subquery()
    walk = select(begin.c.merchant_id, begin.c.due_at).cte(name, recursive=True)
    following = _next(waiting, walk.c.merchant_id, end).lateral()
    return walk.union_all(select(following.c.merchant_id, following.c.due_at).select_from(walk.join(following, true())))


def _next(waiting: DueIndex, after: Any, end: Any) -> Select[UUID, datetime]:
    rows = select(waiting.merchant_id.label("merchant_id"), waiting.due_at.label("due_at"))
    rows = rows.where(waiting.condition, waiting.merchant_id > after)
    if end is not None:
        rows = rows.where(waiting.merchant_id <= end)
    return rows.order_by(waiting.merchant_id, waiting.due_at).limit(1)
