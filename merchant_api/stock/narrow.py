"""Which rows of a log are wanted, in conditions that an index answers; the ledger and the counts share them.

A row's id is made at the instant that the row tells, so a time is said in ids too: a list that goes by id begins and
ends where the time does, and reads nothing before or after.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute

from merchant_api.core.ids import first_id
from merchant_api.stock.models import Grade, Location

T = TypeVar("T")
SLACK = timedelta(minutes=10)  # from a row's id to its instant: longer than any statement may take


@dataclass(frozen=True, slots=True)
class RowsWanted:
    """Which rows are wanted: `since` inclusive, `until` exclusive; `actor` is the id of who did it; places by name."""

    product_id: UUID | None = None
    actor: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    location: str | None = None
    grade: str | None = None


def narrowed(
    rows: Select[T], merchant_id: UUID, table: Any, at: InstrumentedAttribute[datetime], wanted: RowsWanted
) -> Select[T]:
    """The wanted ones of a merchant's rows; `at` is the column of `table` that tells when."""
    rows = rows.where(table.merchant_id == merchant_id)
    if wanted.product_id is not None:
        rows = rows.where(table.product_id == wanted.product_id)
    if wanted.location is not None:
        rows = rows.where(table.location_id == _id(Location, merchant_id, wanted.location))
    if wanted.grade is not None:
        rows = rows.where(table.grade_id == _id(Grade, merchant_id, wanted.grade))
    if wanted.actor is not None:
        rows = rows.where(_id_of(table.actor) == wanted.actor)
    if wanted.since is not None:
        rows = rows.where(at >= wanted.since, table.id >= first_id(wanted.since - SLACK))
    if wanted.until is not None:
        rows = rows.where(at < wanted.until, table.id < first_id(wanted.until + SLACK))
    return rows


def _id_of(actor: InstrumentedAttribute[dict[str, str]]) -> ColumnElement[str]:
    """Who did it, as the index spells it: a parameter in its place would keep a prepared statement from the index."""
    return actor.op("->>")(literal_column("'id'"))


def _id(table: type[Location] | type[Grade], merchant_id: UUID, name: str) -> Any:
    return select(table.id).where(table.merchant_id == merchant_id, table.name == name).scalar_subquery()
