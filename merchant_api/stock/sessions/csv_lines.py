"""What the lines of a file of counts say, pure: a product by its SKU, a place by its names, units found, a comment.

A line without a quantity is not a count: it is skipped, for a counting sheet comes back with what nobody got to. One
cell is counted once in a file, since nobody could tell which of two figures is meant.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from merchant_api.core import csv_in, xlsx_in
from merchant_api.core.csv_out import plain
from merchant_api.core.table_in import Complaint, TableRow
from merchant_api.stock.places import DEFAULT
from merchant_api.stock.sessions import csv_quantity
from merchant_api.stock.sessions.csv_columns import canonical, is_known
from merchant_api.stock.sessions.csv_header import (
    LONGEST_NAME,
    CountFileHeader,
    CountFileWish,
    QuantityColumn,
    understand,
)

LONGEST_COMMENT = 500
_REFERENCE = re.compile(r"\[([^\]]+)\]")  # before the name of a product of Odoo's

Named: TypeAlias = tuple[str, str, str]
Item: TypeAlias = "CountFileHeader | CsvLine | Complaint"


@dataclass(frozen=True, slots=True)
class CsvLine:
    """One line of the file, or what its column of a location says; without a quantity it is skipped."""

    line: int
    sku: str
    location: str
    grade: str
    quantity: int | None
    comment: str | None
    column: str | None = None

    @property
    def cell(self) -> Named:
        """The cell by the names that the line gives it."""
        return (self.sku, self.location, self.grade)


AS_IT_IS = CountFileWish()


def parsed(raw: bytes, most_lines: int, wish: CountFileWish = AS_IT_IS) -> Iterator[Item]:
    """The header, the lines and what is wrong, in order; a line of which one field is wrong is among both."""
    table = _table(raw, most_lines, wish)
    header = next(table)
    if not isinstance(header, CountFileHeader):
        yield from (item for item in chain([header], table) if isinstance(item, Complaint))
        return
    yield header
    first: dict[Named, int] = {}
    left = most_lines
    for row in table:
        found = _lines(row, header, wish) if isinstance(row, TableRow) else [row]
        left -= len(found)
        if left < 0 and isinstance(row, TableRow) and len(header.quantities) > 1:
            yield Complaint(row.line, None, f"a file holds at most {most_lines:,} counts: split it")
            return
        for item in found:
            if isinstance(item, CsvLine) and item.quantity is not None and item.sku:
                before = first.setdefault(item.cell, item.line)
                if before != item.line:
                    yield Complaint(item.line, "sku", f"the same cell as in line {before}")
            yield item


def _table(raw: bytes, most_lines: int, wish: CountFileWish) -> Iterator[CountFileHeader | TableRow | Complaint]:
    """The header and the rows below it, of the one sheet whose header can be read."""
    is_workbook = xlsx_in.is_workbook(raw)
    given = wish.columns.values()

    def knows(name: str) -> bool:
        return is_known(name) or canonical(name) in map(canonical, given)

    tables = xlsx_in.tables(raw, most_lines) if is_workbook else [csv_in.table(raw, most_lines, knows)]
    firsts = [(table, next(table.rows, None)) for table in tables]
    headed = [(table, understand(it, wish, table.read_as)) for table, it in firsts if isinstance(it, TableRow)]
    readable = [(table, header) for table, header in headed if isinstance(header, CountFileHeader)]
    if len(readable) > 1:
        names = ", ".join(table.name for table, _ in readable)
        yield Complaint(1, None, f"several sheets hold counts: {names}; keep one of them")
    elif readable:
        yield readable[0][1]
        yield from readable[0][0].rows
    elif headed:
        yield headed[0][1]
    else:
        wrong = [item for _, item in firsts if isinstance(item, Complaint)]
        wrong += [item for table in tables for item in table.rows if isinstance(item, Complaint)]
        yield from wrong[:1] or [Complaint(1, None, "there is no header: the first line names the columns")]


def _lines(row: TableRow, header: CountFileHeader, wish: CountFileWish) -> Sequence[CsvLine | Complaint]:
    """What a row says: a line, or one for each location's column that holds something; complaints before them."""
    fields = [plain(field.strip()) for field in row.fields]
    width = len(header.names)
    if any(fields[width:]):
        return [Complaint(row.line, None, f"{len(fields)} fields where the header has {width}")]
    fields += [""] * (width - len(fields))  # spreadsheets and tills leave out empty ones at the end
    nameless = "" in header.names and any(field and not name for name, field in zip(header.names, fields, strict=False))
    if nameless and not wish.ignores_unknown:
        return [Complaint(row.line, None, "a field in a column without a name")]
    told = [each for each in header.quantities if each.location is None or fields[each.at]] or header.quantities[:1]
    return list(chain.from_iterable(_line(row.line, fields, header, each) for each in told))


def _line(
    line: int, fields: Sequence[str], header: CountFileHeader, column: QuantityColumn
) -> Iterator[CsvLine | Complaint]:
    said = {key: fields[at] for key, at in header.fields.items()}
    quantity, why = csv_quantity.read(fields[column.at])
    comment = said.get("comment") or None
    sku = _sku(said["sku"], header)
    complaints = {
        "sku": None if sku or quantity is None else "missing",
        "quantity" if column.location is None else column.name[:LONGEST_NAME]: why,
        "comment": f"longer than {LONGEST_COMMENT} characters" if len(comment or "") > LONGEST_COMMENT else None,
    }
    yield from (Complaint(line, each, wrong) for each, wrong in complaints.items() if wrong)
    place = column.location or said.get("location") or DEFAULT
    yield CsvLine(line, sku, place, said.get("grade") or DEFAULT, quantity, comment, column.location and column.name)


def _sku(text: str, header: CountFileHeader) -> str:
    named = _REFERENCE.match(text)
    return named[1].strip() if named and canonical(header.names[header.fields["sku"]]) == "product" else text
