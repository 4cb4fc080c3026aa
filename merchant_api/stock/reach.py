"""How far back a page of a log reaches where rows are wanted that no index knows: of a person, a location or a grade.

An index on who did it would cost every sale and every promotion, for a question that is seldom asked. So such a page
reads no more than `MOST` rows; what lies further back is for the next one. A page may thus hold fewer rows than its
limit, or none, and still name a next one.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from merchant_api.core.db import session
from merchant_api.core.paging import Window
from merchant_api.stock.narrow import Narrow

MOST = 100_000


def last_id(narrowed: Narrow, instants: tuple[InstrumentedAttribute[datetime], ...], at: Window) -> UUID | None:
    """The least id of a page, or None where it reaches to the end; `instants` are columns of the tables it reads."""
    if not narrowed.is_rare:
        return None
    found = [_last_id_of(narrowed, instant, at) for instant in instants]
    return max((each for each in found if each is not None), default=None)


def _last_id_of(narrowed: Narrow, instant: InstrumentedAttribute[datetime], at: Window) -> UUID | None:
    table = instant.class_
    rows = narrowed.indexed(select(table.id), table, instant)
    if at.after is not None:
        rows = rows.where(table.id < at.after[0])
    return session().execute(rows.order_by(table.id.desc()).offset(MOST - 1).limit(1)).scalar_one_or_none()
