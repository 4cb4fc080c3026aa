"""A table that comes in as a file of any kind: rows of text, each with the line where it begins.

What can't be read is a complaint about its line, never an exception, so that one reading names all that is wrong.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from merchant_api.core.csv_out import MEDIA_TYPE as CSV

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = (CSV, "text/tab-separated-values", XLSX)
MOST_COLUMNS = 500


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row, the header too: the line where it begins, and its fields from the left. Blank rows are left out."""

    line: int
    fields: Sequence[str]


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a line; `column` where it is one field."""

    line: int
    column: str | None
    complaint: str


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds, or one sheet of it: how it was read, and its rows as they come."""

    read_as: str
    name: str
    rows: Iterator[TableRow | Complaint]


def too_long(most_lines: int) -> Complaint:
    """The complaint about a file with more lines than are read."""
    return Complaint(most_lines + 2, None, f"a file holds at most {most_lines:,} lines after its header: split it")
