"""Look at rows that are due without leasing them: who has lanes to fill chooses among them, and leases what it chose.

Each merchant's stand in a line of their own: a row that waited for its next try, or whose worker died, has the place
that it always had. What is first in any line comes before what is second in another.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Integer, SQLColumnExpression, Uuid, any_, cast, func, select, text, true
from sqlalchemy.orm import aliased

from merchant_api.core.db import session
from merchant_api.outbox.claim import LARGEST_ROOM
from merchant_api.outbox.models import Leased
from merchant_api.outbox.retry import MOST_ATTEMPTS

Row = TypeVar("Row", bound=Leased)


@dataclass(frozen=True, slots=True)
class Glance:
    """What to look at: at most `rooms[merchant]` rows of each (never above 50).

    `only` are further conditions on the rows, `line` is what they are sorted by.
    """

    rooms: Mapping[UUID, int]
    at: datetime
    only: tuple[ColumnElement[bool], ...]
    line: tuple[SQLColumnExpression[Any], ...]


def look(model: type[Row], glance: Glance) -> list[Row]:
    """The rows, detached: the first of each merchant, then the second of each."""
    if not glance.rooms:
        return []
    ids = cast(list(glance.rooms), ARRAY(Uuid))
    rooms = cast([min(room, LARGEST_ROOM) for room in glance.rooms.values()], ARRAY(Integer))
    merchants: Any = func.unnest(ids, rooms).table_valued("merchant_id", "room", name="wished").render_derived()
    waiting = (
        select(model)
        .where(text("state = 'pending'"), model.merchant_id == merchants.c.merchant_id)
        # Shifted by nothing: by the index of what is due, a planner without figures would sort a backlog at each look.
        .where(model.due_at + timedelta() <= glance.at, model.attempts < MOST_ATTEMPTS, *glance.only)
        .order_by(*glance.line)
        .limit(merchants.c.room)
        .lateral("waiting")
    )
    each = aliased(model, waiting)
    rows = select(each).select_from(merchants.join(waiting, true())).where(each.merchant_id == any_(ids))
    found = session().execute(rows).scalars().all()
    for row in found:
        session().expunge(row)
    lines = [list(some) for _, some in itertools.groupby(found, key=lambda row: row.merchant_id)]
    return [row for places in itertools.zip_longest(*lines) for row in places if row is not None]
