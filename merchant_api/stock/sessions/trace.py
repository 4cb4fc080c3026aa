"""Reading how a product's figures came about: snapshot, ledger since, open holds; without contradicting itself.

One statement reads the cells, where they start and what they hold, all at one instant; the ledger is then read up to
the row that each cell named, and rows are only ever added. So a sale in between changes nothing that is told. Of a long
chain the newest rows are given whole, and those before them as one sum for each reason.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, Uuid, bindparam, select, text

from merchant_api.core.db import session
from merchant_api.stock import places
from merchant_api.stock.ledger_models import LedgerRow
from merchant_api.stock.sessions.chain import Chain, Figures, Held, Promoted, Start, Summed
from merchant_api.stock.states import Reason

SHOWN = 200  # rows, and holds, of all cells together
LEAST_SHOWN = 5  # of each cell, however many there are

CellPlace = tuple[UUID, UUID]  # location, grade


def _of_product(sql: str) -> TextClause:
    return text(sql).bindparams(*(bindparam(name, type_=Uuid()) for name in ("merchant_id", "product_id")))


_CELLS = _of_product(
    """
    WITH began AS (
        SELECT id, closed_at FROM sessions WHERE merchant_id = :merchant_id AND state = 'closed'
        ORDER BY closed_at DESC, id DESC LIMIT 1
    ), selling AS (
        SELECT id, moved FROM sessions WHERE merchant_id = :merchant_id AND state = 'live'
    )
    SELECT cells.location_id, cells.grade_id, locations.name AS location, grades.name AS grade,
        cells.on_hand, cells.held, cells.used, cells.seq,
        snapshots.session_id AS began_id, began.closed_at, coalesce(snapshots.on_hand, 0) AS began_on_hand,
        coalesce(snapshots.held, 0) AS began_held, coalesce(snapshots.used, 0) AS began_used,
        coalesce(snapshots.seq, 0) AS began_seq,
        selling.id AS selling_id, counted.quantity AS counted, coalesce(counted.unpicked, 0) AS unpicked,
        counted.read_on_hand, coalesce('ignore' IN (counted.moved, selling.moved), false) AS is_ignored,
        promised.holds, promised.units, promised.oldest
    FROM cells
    JOIN locations ON locations.merchant_id = :merchant_id AND locations.id = cells.location_id
    JOIN grades ON grades.merchant_id = :merchant_id AND grades.id = cells.grade_id
    LEFT JOIN selling ON true
    LEFT JOIN began ON true
    LEFT JOIN snapshots ON snapshots.merchant_id = :merchant_id AND snapshots.session_id = began.id
        AND snapshots.product_id = cells.product_id AND snapshots.location_id = cells.location_id
        AND snapshots.grade_id = cells.grade_id
    LEFT JOIN staged_cells AS counted ON counted.merchant_id = :merchant_id AND counted.session_id = selling.id
        AND counted.product_id = cells.product_id AND counted.location_id = cells.location_id
        AND counted.grade_id = cells.grade_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS holds, coalesce(sum(quantity - back), 0) AS units, jsonb_agg(jsonb_build_array(
            id, order_id, line, quantity - back, settle_at IS NOT NULL) ORDER BY id)
            FILTER (WHERE number <= :shown) AS oldest
        FROM (
            SELECT *, row_number() OVER (ORDER BY id) AS number FROM holds
            WHERE holds.merchant_id = :merchant_id AND holds.product_id = cells.product_id
                AND holds.location_id = cells.location_id AND holds.grade_id = cells.grade_id AND holds.state = 'open'
        ) AS open_holds
    ) AS promised
    WHERE cells.merchant_id = :merchant_id AND cells.product_id = :product_id
        AND cells.location_id = coalesce(:location_id, cells.location_id)
        AND cells.grade_id = coalesce(:grade_id, cells.grade_id)
    ORDER BY locations.rank, grades.rank, cells.location_id, cells.grade_id
    """
).bindparams(bindparam("location_id", type_=Uuid()), bindparam("grade_id", type_=Uuid()))
_PART = """
    FROM jsonb_to_recordset(CAST(:parts AS jsonb)) AS part(location_id uuid, grade_id uuid, after bigint, until bigint)
    JOIN ledger ON ledger.merchant_id = :merchant_id AND ledger.product_id = :product_id
        AND ledger.location_id = part.location_id AND ledger.grade_id = part.grade_id
        AND ledger.seq > part.after AND ledger.seq <= part.until
"""
_ROWS = _of_product("SELECT ledger.*" + _PART + "ORDER BY ledger.location_id, ledger.grade_id, ledger.seq")
_SUMS = _of_product(
    "SELECT ledger.location_id, ledger.grade_id, reason, count(*) AS rows, sum(on_hand_change) AS on_hand_change,"
    " sum(held_change) AS held_change, sum(used_change) AS used_change"
    + _PART
    + "GROUP BY ledger.location_id, ledger.grade_id, reason ORDER BY min(seq)"
)


@dataclass(frozen=True, slots=True)
class Where:
    """Which cells of a product are wanted, by the names of their places; None is any."""

    location: str | None = None
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a cell's ledger: after one running number up to another."""

    place: CellPlace
    after: int
    until: int


def chains(merchant_id: UUID, product_id: UUID, where: Where) -> list[Chain]:
    """The chains of a product's cells, the preferred places first; raises AmbiguousName."""
    given = {"merchant_id": merchant_id, "product_id": product_id}
    place = {"location_id": None, "grade_id": None} | places.sought(merchant_id, where.location, where.grade)
    cells = session().execute(_CELLS, given | place | {"shown": SHOWN}).all()
    share = max(SHOWN // max(len(cells), 1), LEAST_SHOWN)
    firsts = {_place(cell): max(cell.began_seq, cell.seq - share) for cell in cells}
    rows = _rows(given, [_Part(_place(cell), firsts[_place(cell)], cell.seq) for cell in cells])
    sums = _sums(given, [_Part(_place(cell), cell.began_seq, firsts[_place(cell)]) for cell in cells])
    return [_chain(cell, sums.get(_place(cell), []), rows.get(_place(cell), []), share) for cell in cells]


def _place(row: Row[Any] | LedgerRow) -> CellPlace:
    return (row.location_id, row.grade_id)


def _rows(given: dict[str, Any], parts: Iterable[_Part]) -> dict[CellPlace, list[LedgerRow]]:
    found: dict[CellPlace, list[LedgerRow]] = {}
    asked = _asked(parts)
    if asked is not None:
        rows = session().execute(select(LedgerRow).from_statement(_ROWS), given | asked).scalars()
        for row in rows:
            found.setdefault(_place(row), []).append(row)
    return found


def _sums(given: dict[str, Any], parts: Iterable[_Part]) -> dict[CellPlace, list[Summed]]:
    found: dict[CellPlace, list[Summed]] = {}
    asked = _asked(parts)
    if asked is not None:
        for row in session().execute(_SUMS, given | asked):
            figures = (int(each) for each in (row.rows, row.on_hand_change, row.held_change, row.used_change))
            found.setdefault(_place(row), []).append(Summed(Reason(row.reason), *figures))
    return found


def _asked(parts: Iterable[_Part]) -> dict[str, str] | None:
    """The parts that are not empty, as a statement takes them; None where there is nothing to ask for."""
    records = [
        {"location_id": str(part.place[0]), "grade_id": str(part.place[1]), "after": part.after, "until": part.until}
        for part in parts
        if part.until > part.after
    ]
    return {"parts": json.dumps(records)} if records else None


def _chain(cell: Row[Any], earlier: Sequence[Summed], rows: Sequence[LedgerRow], share: int) -> Chain:
    return Chain(
        location=cell.location,
        grade=cell.grade,
        now=Figures(cell.on_hand, cell.held, cell.used),
        seq=cell.seq,
        start=_start(cell),
        earlier=earlier,
        rows=rows,
        held=[_held(*hold) for hold in (cell.oldest or [])[:share]],
        holds=cell.holds,
        units=cell.units,
        promoted=_promoted(cell, rows),
    )


def _start(cell: Row[Any]) -> Start:
    figures = Figures(cell.began_on_hand, cell.began_held, cell.began_used)
    return Start(cell.began_id, None if cell.began_id is None else cell.closed_at, figures, cell.began_seq)


def _held(hold_id: str, order_id: str, line: int, quantity: int, is_confirmed: bool) -> Held:
    return Held(UUID(hold_id), UUID(order_id), line, quantity, is_confirmed)


def _promoted(cell: Row[Any], rows: Sequence[LedgerRow]) -> Promoted | None:
    """A chain begins where the session before was closed, so a promotion on it is the one of the live session."""
    for row in rows:
        if row.reason is Reason.PROMOTION:
            moved = 0 if cell.counted is None else row.on_hand - row.on_hand_change - cell.read_on_hand
            taken, left_out = (0, moved) if cell.is_ignored else (moved, None)
            return Promoted(cell.selling_id, cell.counted, cell.unpicked, taken, left_out, row.on_hand)
    return None
