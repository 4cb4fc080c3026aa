"""What the lines of a file of counts say, pure: a product by its SKU, a place by its names, units found, a comment.

A line without a quantity is not a count: it is skipped, for a counting sheet comes back with what nobody got to. One
cell is counted once in a file, since nobody could tell which of two figures is meant.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from merchant_api.core.columns import LARGEST_QUANTITY
from merchant_api.core.csv_in import Columns, Complaint, Record, records
from merchant_api.stock.places import DEFAULT

LONGEST_COMMENT = 500
# Columns of the counting sheet that are there to be looked at; a file may bring them back, and nobody reads them.
LOOKED_AT = ("name", "category", "counted", "counted_by", "counted_at", "on_hand", "on_shelf")
COLUMNS = Columns(("sku", "quantity"), ("location", "grade", "comment", *LOOKED_AT))
_WHOLE = re.compile(r"-?[0-9]+")

Named: TypeAlias = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class CsvLine:
    """One line of the file; without a quantity it is skipped."""

    line: int
    sku: str
    location: str
    grade: str
    quantity: int | None
    comment: str | None

    @property
    def cell(self) -> Named:
        """The cell by the names that the line gives it."""
        return (self.sku, self.location, self.grade)


def parsed(raw: bytes, most_lines: int) -> Iterator[CsvLine | Complaint]:
    """The lines of a file and what is wrong with them, in order; a line of which one field is wrong is among both."""
    first: dict[Named, int] = {}
    for record in records(raw, COLUMNS, most_lines):
        if isinstance(record, Complaint):
            yield record
            continue
        line, wrong = _line(record)
        yield from wrong
        if line.quantity is not None and line.sku:
            before = first.setdefault(line.cell, line.line)
            if before != line.line:
                yield Complaint(line.line, "sku", f"the same cell as in line {before}")
        yield line


def _line(record: Record) -> tuple[CsvLine, list[Complaint]]:
    fields = record.fields
    quantity, why = _quantity(fields["quantity"])
    complaints = {
        "sku": None if fields["sku"] or quantity is None else "missing",
        "quantity": why,
        "comment": _too_long(fields),
    }
    line = CsvLine(
        record.line,
        fields["sku"],
        fields.get("location") or DEFAULT,
        fields.get("grade") or DEFAULT,
        quantity,
        fields.get("comment") or None,
    )
    return line, [Complaint(record.line, column, wrong) for column, wrong in complaints.items() if wrong]


def _quantity(text: str) -> tuple[int | None, str | None]:
    """Units, or None for a line that is skipped; and the complaint about what is neither."""
    if not text:
        return None, None
    if not _WHOLE.fullmatch(text):
        return 0, "not a whole number"
    if text.startswith("-"):
        return 0, "below 0"
    digits = text.lstrip("0") or "0"
    if len(digits) > len(str(LARGEST_QUANTITY)) or int(digits) > LARGEST_QUANTITY:
        return 0, f"above {LARGEST_QUANTITY:,}"
    return int(digits), None


def _too_long(fields: Mapping[str, str]) -> str | None:
    return f"longer than {LONGEST_COMMENT} characters" if len(fields.get("comment", "")) > LONGEST_COMMENT else None
