"""CSV as people's spreadsheets and other systems write it: text in, rows out, each with the line where it begins.

Comma, semicolon, tab or bar, as a first line `sep=;` says or else as the header shows.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Literal

from merchant_api.core import csv_text
from merchant_api.core.table_in import Complaint, Table, TableRow, too_long

DELIMITERS = ",;\t|"
_SAID = re.compile(rf'"?sep=([{DELIMITERS}])"?[ \t]*(\r\n|\r|\n|\Z)', re.IGNORECASE)  # Excel's own first line
_WHY = {
    "unexpected end of data": "a quoted field that begins here is never closed",
    "expected after": "a quote inside a quoted field must be doubled",
    "field limit": "a field is too long",
}
_LONGEST_HEADER = 20_000  # characters that are looked at for the delimiter


def table(raw: bytes, most_lines: int, is_known: Callable[[str], bool]) -> Table:
    """The rows of a file, blank ones left out; `is_known` tells names of columns from other text."""
    text, read_as, wrong = csv_text.decoded(raw, most_lines)
    return Table(read_as, "", iter(wrong) if wrong else _rows(text, most_lines, is_known))


def line_count(raw: bytes) -> int:
    """About how many lines there are, for who shows how far the reading is."""
    return raw.count(b"\n") + 1


def _delimiter(text: str, is_known: Callable[[str], bool]) -> str:
    """The one that makes the most known names out of the header, or else the most fields."""
    header = next((line for line in io.StringIO(text, newline="") if line.strip()), "")[:_LONGEST_HEADER]

    def known(delimiter: str) -> tuple[int, int]:
        names = next(csv.reader([header], delimiter=delimiter), [])
        return sum(is_known(name) for name in names), len(names)

    return max(DELIMITERS, key=known)


def _quoting(text: str, delimiter: str) -> Literal[0, 3]:
    """Excel quotes between tabs; Amazon does not, and a name with a mark of inches is no quoted field there."""
    if delimiter == "\t":
        try:
            for _ in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
                pass
        except csv.Error:
            return csv.QUOTE_NONE
    return csv.QUOTE_MINIMAL


def _rows(text: str, most_lines: int, is_known: Callable[[str], bool]) -> Iterator[TableRow | Complaint]:
    said = _SAID.match(text)
    lines = io.StringIO(text, newline="")
    delimiter = said[1] if said else _delimiter(text, is_known)
    reader = csv.reader(lines, delimiter=delimiter, quoting=_quoting(text, delimiter), strict=True)
    if said:
        next(reader)
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            fields = []
            yield Complaint(line, None, next((why for said, why in _WHY.items() if said in str(error)), str(error)))
        if line > most_lines + 1 + bool(said):  # the header is one more
            yield too_long(most_lines)
            return
        if any(field.strip() for field in fields):
            yield TableRow(line, fields)
