"""Claim rows that are due, under a lease: the row stays pending, with a token and with `due_at` moved to its end.

A lease is as long as whoever acts may take at the most, and a margin: so what a killed worker held is taken up soon,
and never while it could still be at it.
Who claims commits, acts, and records the outcome under the token (`finish.py`). A worker that dies records nothing;
when the lease has run out its rows are due again, by themselves, and the new token shuts the old one out. Rows that a
rival has locked are passed over, so any number of workers may claim at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, CTE, Integer, Uuid, any_, cast, func, select, text, true, update

from merchant_api.core.db import session
from merchant_api.core.due import Due
from merchant_api.core.ids import new_id
from merchant_api.outbox.models import Leased
from merchant_api.outbox.retry import MOST_ATTEMPTS

Row = TypeVar("Row", bound=Leased)
LARGEST_ROOM = 50
MARGIN_S = 5.0  # to set out, and to record what came of it


@dataclass(frozen=True, slots=True)
class ClaimPlan:
    """How much to claim: at most `rooms[merchant]` rows of each (never above 50), at most `limit` in all."""

    rooms: Mapping[UUID, int]
    limit: int
    at: datetime
    lease_s: float


def merchants_due(model: type[Leased], at: datetime, limit: int) -> list[UUID]:
    """Merchants with rows to claim."""
    return Due(model, f"ix_{model.__tablename__}_due").merchants(at, limit)


def lease_for(deadline_s: float) -> float:
    """The lease of what takes so many seconds at the most."""
    return deadline_s + MARGIN_S


def take(model: type[Row], wish: ClaimPlan) -> list[Row]:
    """Lease rows of several merchants in one statement, the longest due of each first; gives them, oldest id first.

    They are detached: a refresh would give them the token of who claims them later. Rows that had their last attempt
    are left to the rescue job.
    """
    if not wish.rooms or wish.limit < 1:
        return []
    return _leased(model, list(wish.rooms), _lock(model, wish), wish.at + timedelta(seconds=wish.lease_s))


def take_chosen(chosen: Sequence[Row], at: datetime, lease_s: float) -> list[Row]:
    """Lease those of the rows that are still due and that no rival has; as `take`."""
    if not chosen:
        return []
    model, merchants = type(chosen[0]), list({row.merchant_id for row in chosen})
    ids = cast([row.id for row in chosen], ARRAY(Uuid))
    mine = (
        select(model.merchant_id, model.id)
        .where(text("state = 'pending'"), model.merchant_id.in_(merchants), model.id == any_(ids))
        .where(model.due_at <= at, model.attempts < MOST_ATTEMPTS)
        .with_for_update(skip_locked=True)
        .cte("mine")
        .prefix_with("MATERIALIZED")
    )
    return _leased(model, merchants, mine, at + timedelta(seconds=lease_s))


def _leased(model: type[Row], merchants: list[UUID], mine: CTE, until: datetime) -> list[Row]:
    claimed = (
        update(model)
        .where(model.merchant_id == mine.c.merchant_id, model.id == mine.c.id)
        .where(model.merchant_id.in_(merchants))
        .values(lease_token=new_id(), due_at=until, attempts=model.attempts + 1)
        .returning(model)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    rows = sorted(session().execute(claimed).scalars(), key=lambda row: row.id)
    for row in rows:
        session().expunge(row)
    return rows


def _lock(model: type[Row], wish: ClaimPlan) -> CTE:
    ids = cast(list(wish.rooms), ARRAY(Uuid))
    rooms = cast([min(room, LARGEST_ROOM) for room in wish.rooms.values()], ARRAY(Integer))
    merchants: Any = func.unnest(ids, rooms).table_valued("merchant_id", "room", name="wished").render_derived()
    rows = (
        select(model.merchant_id, model.id)
        .where(text("state = 'pending'"), model.merchant_id == merchants.c.merchant_id)
        .where(model.due_at <= wish.at, model.attempts < MOST_ATTEMPTS)
        .order_by(model.due_at)
        .limit(merchants.c.room)
        .with_for_update(skip_locked=True)
        .lateral("waiting")
    )
    locked = select(rows.c.merchant_id, rows.c.id).select_from(merchants.join(rows, true())).limit(wish.limit)
    # Materialized: looked up twice it would lock other rows the second time.
    return locked.cte("mine").prefix_with("MATERIALIZED")
