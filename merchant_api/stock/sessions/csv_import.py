"""Counting from a file: all of its lines or none, with a report on every line.

Reading, finding the cells and counting are steps of their own, so that a command can show how far each one is. The
caller's transaction holds all of them; a refusal ends it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Text, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from merchant_api.catalog.models import Product
from merchant_api.core.actor import Actor
from merchant_api.core.csv_in import Complaint
from merchant_api.core.db import make_room, session
from merchant_api.stock import places
from merchant_api.stock.ledger import CellKey
from merchant_api.stock.models import Grade, Location
from merchant_api.stock.sessions import find, lock
from merchant_api.stock.sessions.count import CellCount, count_cells
from merchant_api.stock.sessions.csv_errors import BadLines
from merchant_api.stock.sessions.csv_lines import CsvLine, parsed

MOST_LINES = 50_000  # of a request, which is answered within seconds; a command takes more
BATCH = 2_000  # cells that one statement counts


@dataclass(slots=True)
class CountFileDraft:
    """A file that has been read: its lines, and what is wrong with it so far."""

    lines: list[CsvLine] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)

    def take(self, item: CsvLine | Complaint) -> None:
        """Add what was read."""
        if isinstance(item, Complaint):
            self.complaints.append(item)
        else:
            self.lines.append(item)


@dataclass(frozen=True, slots=True)
class LineReport:
    """What became of a line: the row of the log of counts that it made, or None where it was skipped."""

    line: CsvLine
    count_id: UUID | None


@dataclass(frozen=True, slots=True)
class CountFileReport:
    """What became of a file, line by line."""

    session_id: UUID
    lines: Sequence[LineReport]

    @property
    def rows(self) -> int:
        """Lines besides the header and blank ones."""
        return len(self.lines)

    @property
    def counted(self) -> int:
        """Lines that were counted."""
        return sum(each.count_id is not None for each in self.lines)


def read(raw: bytes) -> CountFileDraft:
    """What a file says; needs no database."""
    draft = CountFileDraft()
    for item in parsed(raw, MOST_LINES):
        draft.take(item)
    return draft


def bring_in(merchant_id: UUID, draft: CountFileDraft, actor: Actor) -> CountFileReport:
    """Count what a file says; raises NoStagedSession, BadLines, SessionClosing."""
    make_room()
    find.staged_id(merchant_id)
    cells = find_cells(merchant_id, draft)
    session_id = lock.counting(merchant_id).session_id
    counted = dict(pair for batch in count_lines(merchant_id, cells, actor) for pair in batch)
    return report(session_id, draft, counted)


def find_cells(merchant_id: UUID, draft: CountFileDraft) -> Mapping[CsvLine, CellKey]:
    """The cell of every line that is counted, by three reads however many lines there are; raises BadLines."""
    lines = [line for line in draft.lines if line.quantity is not None and line.sku]
    products = _products(merchant_id, {line.sku for line in lines})
    locations = places.ids(Location, merchant_id, {line.location for line in lines})
    grades = places.ids(Grade, merchant_id, {line.grade for line in lines})
    cells, complaints = {}, list(draft.complaints)
    for line in lines:
        product, location, grade = products.get(line.sku), locations.get(line.location), grades.get(line.grade)
        if product and product[1] and location and grade:
            cells[line] = (product[0], location, grade)
            continue
        wrong = {
            "sku": "there is no such SKU" if not product else None if product[1] else "its stock is not tracked",
            "location": None if location else "there is none of that name",
            "grade": None if grade else "there is none of that name",
        }
        complaints += [Complaint(line.line, column, why) for column, why in wrong.items() if why]
    if complaints:
        raise BadLines(complaints)
    return cells


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


def report(session_id: UUID, draft: CountFileDraft, counted: Mapping[CsvLine, UUID]) -> CountFileReport:
    """What became of the lines, in their order."""
    return CountFileReport(session_id, [LineReport(line, counted.get(line)) for line in draft.lines])


def _products(merchant_id: UUID, skus: Iterable[str]) -> dict[str, tuple[UUID, bool]]:
    """Id and whether it is tracked, by SKU."""
    wanted = bindparam("skus", sorted(skus), type_=ARRAY(Text))
    rows = select(Product.sku, Product.id, Product.is_tracked).where(
        Product.merchant_id == merchant_id, Product.sku == any_(wanted)
    )
    return {row[0]: (row[1], row[2]) for row in session().execute(rows)}
