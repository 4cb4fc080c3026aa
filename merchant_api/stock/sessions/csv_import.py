"""Counting from a file: all of its lines or none, with a report on every line.

Reading, finding the cells and counting are steps of their own, so that a command can show how far each one is. The
caller's transaction holds all of them; a refusal ends it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from merchant_api.catalog import skus
from merchant_api.core.actor import Actor
from merchant_api.core.db import make_room
from merchant_api.core.named import unclear
from merchant_api.core.table_in import Complaint
from merchant_api.stock import places
from merchant_api.stock.ledger import CellKey
from merchant_api.stock.models import Grade, Location
from merchant_api.stock.sessions import csv_cells, csv_skus, find, lock
from merchant_api.stock.sessions.count import CellCount, count_cells
from merchant_api.stock.sessions.csv_cells import FoundCells, NamesFound
from merchant_api.stock.sessions.csv_errors import BadLines
from merchant_api.stock.sessions.csv_header import LONGEST_NAME, CountFileHeader, CountFileWish
from merchant_api.stock.sessions.csv_lines import AS_IT_IS, CsvLine, Item, parsed
from merchant_api.stock.sessions.csv_report import CountFileReport, LineReport

MOST_LINES = 50_000  # of a request, which is answered within seconds; a command takes more
BATCH = 2_000  # cells that one statement counts
SEVERAL = "it may be any of {}: spell the one that is meant as it is"


@dataclass(slots=True)
class CountFileDraft:
    """A file that has been read: its lines, and what is wrong with it so far; no header where it can't be read."""

    wish: CountFileWish = AS_IT_IS
    header: CountFileHeader | None = None
    lines: list[CsvLine] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)

    def take(self, item: Item) -> None:
        """Add what was read."""
        if isinstance(item, Complaint):
            self.complaints.append(item)
        elif isinstance(item, CountFileHeader):
            self.header = item
        else:
            self.lines.append(item)


def read(raw: bytes, wish: CountFileWish = AS_IT_IS) -> CountFileDraft:
    """What a file says; needs no database."""
    draft = CountFileDraft(wish)
    for item in parsed(raw, MOST_LINES, wish):
        draft.take(item)
    return draft


def bring_in(merchant_id: UUID, draft: CountFileDraft, actor: Actor) -> CountFileReport:
    """Count what a file says; raises NoStagedSession, BadLines, SessionClosing."""
    make_room()
    find.staged_id(merchant_id)
    found = find_cells(merchant_id, draft)
    session_id = lock.counting(merchant_id).session_id
    counted = dict(pair for batch in count_lines(merchant_id, found.cells, actor) for pair in batch)
    return report(session_id, draft, found, counted)


def find_cells(merchant_id: UUID, draft: CountFileDraft) -> FoundCells:
    """The cell of every line that is counted, by a few reads in all; raises BadLines, AmbiguousName."""
    header, ignores = draft.header, draft.wish.ignores_unknown
    if header is None:
        raise BadLines(draft.complaints)
    known = _known(merchant_id, draft.lines, header)
    unplaced = csv_cells.unplaced(header, known)
    if wrong := csv_cells.header_complaint(header, unplaced, ignores):
        raise BadLines([wrong])
    lost = set(unplaced)
    lines = [line for line in draft.lines if line.column not in lost]
    left_out = csv_cells.left_out(lines, known) if ignores else []
    numbers = {each.line for each in left_out} | {line.line for line in draft.lines if ignores and not line.sku}
    cells, wrong_lines = csv_cells.matched((line for line in lines if line.line not in numbers), known)
    shown = {name[:LONGEST_NAME] for name in unplaced}
    unread = [each for each in draft.complaints if each.line not in numbers and each.column not in shown]
    if unread or wrong_lines:
        raise BadLines(unread + wrong_lines)
    return FoundCells(cells, left_out, [*header.ignored, *unplaced])


def count_lines(
    merchant_id: UUID, cells: Mapping[CsvLine, CellKey], actor: Actor
) -> Iterator[Sequence[tuple[CsvLine, UUID]]]:
    """Count line by line, a batch at a time, in the order of the cells' keys, so that no two files wait in a circle.

    Raises NoStagedSession, SessionClosing.
    """
    lines = sorted(cells, key=lambda line: cells[line])
    for at in range(0, len(lines), BATCH):
        batch = lines[at : at + BATCH]
        counts = [CellCount(cells[line], line.quantity or 0, line.comment) for line in batch]
        yield list(zip(batch, count_cells(merchant_id, counts, actor), strict=True))


def report(
    session_id: UUID, draft: CountFileDraft, found: FoundCells, counted: Mapping[CsvLine, UUID]
) -> CountFileReport:
    """What became of the lines, in their order."""
    numbers, lost = {each.line for each in found.left_out}, set(found.columns)
    kept = [line for line in draft.lines if line.line not in numbers and line.column not in lost]
    lines = [LineReport(line, counted.get(line)) for line in kept]
    columns = draft.header.read if draft.header else {}
    read_as = draft.header.read_as if draft.header else ""
    return CountFileReport(session_id, read_as, columns, lines, found.left_out, found.columns)


def _known(merchant_id: UUID, lines: Sequence[CsvLine], header: CountFileHeader) -> NamesFound:
    """What there is of what the lines name; raises AmbiguousName for a column that may be several locations."""
    counts = [line for line in lines if line.quantity is not None and line.sku]
    wanted = {line.sku for line in counts}
    products = skus.meant(merchant_id, wanted)
    columns = {each.location for each in header.quantities if each.location}
    places.ids(Location, merchant_id, columns)
    locations = places.meant(Location, merchant_id, {line.location for line in counts} | columns)
    grades = places.meant(Grade, merchant_id, {line.grade for line in counts})
    return NamesFound(
        {sku: (row.id, row.is_tracked) for sku, row in _one(products).items()},
        {name: row.id for name, row in _one(locations).items()},
        {name: row.id for name, row in _one(grades).items()},
        {**_unclear(products), **csv_skus.spoilt(merchant_id, wanted - products.keys())},
        {("location", name): why for name, why in _unclear(locations).items()}
        | {("grade", name): why for name, why in _unclear(grades).items()},
    )


def _one(found: Mapping[str, list[Row[Any]]]) -> dict[str, Row[Any]]:
    return {name: rows[0] for name, rows in found.items() if len(rows) == 1}


def _unclear(found: Mapping[str, list[Row[Any]]]) -> dict[str, str]:
    return {name: SEVERAL.format(", ".join(names)) for name, names in unclear(found).items()}
