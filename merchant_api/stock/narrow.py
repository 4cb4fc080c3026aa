"""Which rows of a log are wanted; the ledger and the counts share the conditions.

A row's id is made at the instant that the row tells, so a time is said in ids too: a list that goes by id begins and
ends where the time does, and reads nothing before or after.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from merchant_api.core.ids import first_id
from merchant_api.stock import places

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


@dataclass(frozen=True, slots=True)
class Narrow:
    """A merchant's wanted rows, with the ids of the places: by those the database knows how rare they are."""

    merchant_id: UUID
    wanted: RowsWanted
    place: Mapping[str, UUID]

    @property
    def is_rare(self) -> bool:
        """Whether rows are wanted that no index knows, so that many may be read for one that is shown."""
        return self.wanted.actor is not None or bool(self.place)

    def of(self, rows: Select[T], table: Any, at: InstrumentedAttribute[datetime]) -> Select[T]:
        """The wanted ones of `table`; `at` is its column that tells when."""
        rows = self.indexed(rows, table, at)
        for column, place_id in self.place.items():
            rows = rows.where(getattr(table, column) == place_id)
        if self.wanted.actor is not None:
            rows = rows.where(table.actor["id"].astext == self.wanted.actor)
        return rows

    def indexed(self, rows: Select[T], table: Any, at: InstrumentedAttribute[datetime]) -> Select[T]:
        """Those of the wanted product and time: what an index finds, in the order of ids."""
        wanted = self.wanted
        rows = rows.where(table.merchant_id == self.merchant_id)
        if wanted.product_id is not None:
            rows = rows.where(table.product_id == wanted.product_id)
        if wanted.since is not None:
            rows = rows.where(at >= wanted.since, table.id >= first_id(wanted.since - SLACK))
        if wanted.until is not None:
            rows = rows.where(at < wanted.until, table.id < first_id(wanted.until + SLACK))
        return rows


def narrow(merchant_id: UUID, wanted: RowsWanted) -> Narrow:
    """What narrows the rows of any log of the merchant; no row lies at a place that it does not have."""
    return Narrow(merchant_id, wanted, places.sought(merchant_id, wanted.location, wanted.grade))
