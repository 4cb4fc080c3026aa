"""Look at rows that are due without leasing them: who has lanes to fill chooses among them, and leases what it chose.

Each merchant's stand in a line of their own: a row that waited for its next try, or whose worker died, has the place
that it always had. What is first in any line comes before what is second in another.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Integer,
    Select,
    SQLColumnExpression,
    Uuid,
    any_,
    bindparam,
    cast,
    func,
    select,
    text,
    true,
)
from sqlalchemy.orm import aliased

from merchant_api.core.db import session
from merchant_api.outbox.claim import LARGEST_ROOM
from merchant_api.outbox.models import Leased
from merchant_api.outbox.retry import MOST_ATTEMPTS

Row = TypeVar("Row", bound=Leased)


@dataclass(frozen=True, slots=True)
class Glance:
    """What to look at: at most `rooms[merchant]` rows of each (never above 50).

    `only` are further conditions on the rows, `line` is what they are sorted by: the same objects at every look, for
    the statement is made of them once. What differs from look to look is `given` to the parameters in them.
    """

    rooms: Mapping[UUID, int]
    at: datetime
    only: tuple[ColumnElement[bool], ...]
    line: tuple[SQLColumnExpression[Any], ...]
    given: Mapping[str, Any] = field(default_factory=dict)


def look(model: type[Row], glance: Glance) -> list[Row]:
    """The rows, detached: the first of each merchant, then the second of each."""
    if not glance.rooms:
        return []
    rooms = [min(room, LARGEST_ROOM) for room in glance.rooms.values()]
    given = {"look_ids": list(glance.rooms), "look_rooms": rooms, "look_at": glance.at, **glance.given}
    found = session().execute(_statement(model, glance.only, glance.line), given).scalars().all()
    for row in found:
        session().expunge(row)
    lines = [list(some) for _, some in itertools.groupby(found, key=lambda row: row.merchant_id)]
    return [row for places in itertools.zip_longest(*lines) for row in places if row is not None]


@lru_cache(maxsize=32)
def _statement(
    model: type[Row], only: tuple[ColumnElement[bool], ...], line: tuple[SQLColumnExpression[Any], ...]
) -> Select[Row]:
    """Made once: a loop asks it many times a second, and making it costs more than asking it."""
    ids = cast(bindparam("look_ids", type_=ARRAY(Uuid)), ARRAY(Uuid))
    rooms = cast(bindparam("look_rooms", type_=ARRAY(Integer)), ARRAY(Integer))
    at = bindparam("look_at", type_=DateTime(timezone=True))
    merchants: Any = func.unnest(ids, rooms).table_valued("merchant_id", "room", name="wished").render_derived()
    waiting = (
        select(model)
        .where(text("state = 'pending'"), model.merchant_id == merchants.c.merchant_id)
        # Shifted by nothing: by the index of what is due, a planner without figures would sort a backlog at each look.
        .where(model.due_at + timedelta() <= at, model.attempts < MOST_ATTEMPTS, *only)
        .order_by(*line)
        .limit(merchants.c.room)
        .lateral("waiting")
    )
    each = aliased(model, waiting)
    return select(each).select_from(merchants.join(waiting, true())).where(each.merchant_id == any_(ids))
