"""The availability log: every row of the ledger and every count, increase, decrease and withdrawal, newest first.

Both tables are asked for their newest rows, and the newest of these make the page. Rows are only ever added, so what
is then read of them is what they were.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Row, ScalarSelect, Select, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, aliased

from merchant_api.catalog.models import Product
from merchant_api.core.db import session
from merchant_api.core.paging import Page, Window, cursor_of, newest
from merchant_api.stock import places, reach
from merchant_api.stock.ledger_models import LedgerRow
from merchant_api.stock.narrow import Narrow, RowsWanted, narrow
from merchant_api.stock.sessions.models import Count, Session
from merchant_api.stock.states import Reason


class LogKind(StrEnum):
    """A change of what is for sale, or something counted ahead."""

    LEDGER = "ledger"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Logged:
    """A row of the log, with names: from what to what on_hand went, or what was counted (None: nothing was).

    `session_id` is the session counted in, or the one whose promotion it was.
    """

    kind: LogKind
    row: Any
    happened_at: datetime
    before: int | None
    after: int | None
    session_id: UUID | None
    sku: str
    location: str
    grade: str

    @property
    def difference(self) -> int | None:
        """What was counted beyond what the books said must lie there, units sold but not picked up among it."""
        if self.kind is LogKind.LEDGER or self.after is None:
            return None
        return self.after - int(self.row.unpicked) - int(self.row.read_on_hand)


def page(merchant_id: UUID, wanted: RowsWanted, at: Window) -> Page[Logged]:
    """The wanted rows of both tables in one order, newest first."""
    narrowed = narrow(merchant_id, wanted)
    last_id = reach.last_id(narrowed, (LedgerRow.happened_at, Count.counted_at), at)
    found = session().execute(_newest(narrowed, at, last_id)).all()
    shown = found[: at.limit]
    names = places.names(merchant_id) if shown else {}
    told = {
        logged.row.id: logged
        for logged in (
            *_changes(merchant_id, _ids(shown, LogKind.LEDGER), names),
            *_counts(merchant_id, _ids(shown, LogKind.COUNT), names),
        )
    }
    following = shown[-1].id if len(found) > at.limit else last_id
    return Page([told[row.id] for row in shown], None if following is None else cursor_of(following))


def _newest(narrowed: Narrow, at: Window, last_id: UUID | None) -> Select[Any]:
    """Ids and kinds of the page and one more: the newest of the newest of each table."""
    both = union_all(
        _newest_of(LogKind.LEDGER, LedgerRow.happened_at, narrowed, at, last_id),
        _newest_of(LogKind.COUNT, Count.counted_at, narrowed, at, last_id),
    ).subquery()
    return select(both).order_by(both.c.id.desc()).limit(at.limit + 1)


def _newest_of(
    kind: LogKind, instant: InstrumentedAttribute[datetime], narrowed: Narrow, at: Window, last_id: UUID | None
) -> Select[Any]:
    table = instant.class_
    rows = narrowed.of(select(table.id, literal(kind.value).label("kind")), table, instant)
    return newest(rows, table.id, at, last_id)


def _ids(shown: Sequence[Row[Any]], kind: LogKind) -> list[UUID]:
    return [row.id for row in shown if row.kind == kind]


def _changes(merchant_id: UUID, ids: list[UUID], names: dict[UUID, str]) -> list[Logged]:
    if not ids:
        return []
    rows = (
        select(LedgerRow, Product.sku, Session.id)
        .join(Product, (Product.merchant_id == LedgerRow.merchant_id) & (Product.id == LedgerRow.product_id))
        .outerjoin(
            Session,  # a promotion gives its rows and its session one instant
            (Session.merchant_id == LedgerRow.merchant_id)
            & (Session.promoted_at == LedgerRow.happened_at)
            & (LedgerRow.reason == Reason.PROMOTION),
        )
        .where(LedgerRow.merchant_id == merchant_id, LedgerRow.id.in_(ids))
    )
    return [_changed(row, sku, session_id, names) for row, sku, session_id in session().execute(rows)]


def _changed(row: LedgerRow, sku: str, session_id: UUID | None, names: dict[UUID, str]) -> Logged:
    return Logged(
        kind=LogKind.LEDGER,
        row=row,
        happened_at=row.happened_at,
        before=row.on_hand - row.on_hand_change,
        after=row.on_hand,
        session_id=session_id,
        sku=sku,
        location=names[row.location_id],
        grade=names[row.grade_id],
    )


def _counts(merchant_id: UUID, ids: list[UUID], names: dict[UUID, str]) -> list[Logged]:
    if not ids:
        return []
    rows = (
        select(Count, Product.sku, _counted_before(merchant_id))
        .join(Product, (Product.merchant_id == Count.merchant_id) & (Product.id == Count.product_id))
        .where(Count.merchant_id == merchant_id, Count.id.in_(ids))
    )
    return [_counted(row, sku, before, names) for row, sku, before in session().execute(rows)]


def _counted_before(merchant_id: UUID) -> ScalarSelect[Any]:
    """What the row before said of the same cell in the same session: one probe."""
    earlier = aliased(Count)
    rows = select(earlier.quantity).where(
        earlier.merchant_id == merchant_id,
        earlier.product_id == Count.product_id,
        earlier.location_id == Count.location_id,
        earlier.grade_id == Count.grade_id,
        earlier.session_id == Count.session_id,
        earlier.id < Count.id,
    )
    return rows.order_by(earlier.id.desc()).limit(1).scalar_subquery()


def _counted(row: Count, sku: str, before: int | None, names: dict[UUID, str]) -> Logged:
    return Logged(
        kind=LogKind.COUNT,
        row=row,
        happened_at=row.counted_at,
        before=before,
        after=row.quantity,
        session_id=row.session_id,
        sku=sku,
        location=names[row.location_id],
        grade=names[row.grade_id],
    )
