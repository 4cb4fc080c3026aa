"""CSV as people's spreadsheets write it: bytes in, records by column name out, each with the line where it begins.

UTF-8 or UTF-16 with a byte order mark; comma, semicolon or tab, as the header shows; columns in any order and case.
What can't be read is a complaint about its line, never an exception, so that one reading names all that is wrong.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from merchant_api.core.csv_out import plain

DELIMITERS = ",;\t"
_WHY = {
    "unexpected end of data": "a quoted field that begins here is never closed",
    "expected after": "a quote inside a quoted field must be doubled",
    "field limit": "a field is too long",
}
_MOST_COLUMNS = 100
_LONGEST_HEADER = 10_000  # characters that are looked at for the delimiter
_NOT_UTF_8 = "not UTF-8: save the file as CSV UTF-8"


@dataclass(frozen=True, slots=True)
class Columns:
    """The names that a header must and may hold, in lower case."""

    required: tuple[str, ...]
    optional: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """Every name."""
        return self.required + self.optional


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the line where it begins, and its trimmed text by column."""

    line: int
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a line; `column` where it is one field."""

    line: int
    column: str | None
    complaint: str


def records(raw: bytes, columns: Columns, most_lines: int) -> Iterator[Record | Complaint]:
    """The records after the header, blank lines left out, and complaints in the places of those that can't be read."""
    text, wrong = _decoded(raw, most_lines)
    yield from wrong
    if wrong:
        return
    rows = _rows(text, _delimiter(text, columns), most_lines)
    header: Sequence[str] | None = None
    for row in rows:
        if isinstance(row, Complaint):
            yield row
        elif header is None:
            header = [name.strip().lower() for name in row[1]]
            wrong = list(_wrong_header(row[0], header, columns))
            yield from wrong
            if wrong:
                return
        else:
            yield _record(*row, header)
    if header is None:
        yield Complaint(1, None, "there is no header: the first line names the columns")


def line_count(raw: bytes) -> int:
    """About how many lines there are, for who shows how far the reading is."""
    return raw.count(b"\n") + 1


def _decoded(raw: bytes, most_lines: int) -> tuple[str, list[Complaint]]:
    is_utf_16 = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = raw.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        if is_utf_16:
            line = raw[: error.start].decode("utf-16", "ignore").count("\n") + 1
            return "", [Complaint(line, None, "not UTF-16, though the file begins as if it were")]
        return "", list(_not_utf_8(raw, most_lines)) or [_too_long(most_lines)]
    if "\0" in text:
        return "", list(_with_nul(text, most_lines)) or [_too_long(most_lines)]
    return text, []


def _not_utf_8(raw: bytes, most_lines: int) -> Iterator[Complaint]:
    for number, line in islice(enumerate(io.BytesIO(raw), 1), most_lines):
        try:
            line.decode()
        except UnicodeDecodeError:
            yield Complaint(number, None, _NOT_UTF_8)


def _with_nul(text: str, most_lines: int) -> Iterator[Complaint]:
    for number, line in islice(enumerate(io.StringIO(text), 1), most_lines):
        if "\0" in line:
            yield Complaint(number, None, f"holds a NUL character; {_NOT_UTF_8}")


def _delimiter(text: str, columns: Columns) -> str:
    """The one that makes the most known names out of the header."""
    header = next((line for line in io.StringIO(text, newline="") if line.strip()), "")[:_LONGEST_HEADER]

    def known(delimiter: str) -> int:
        names = next(csv.reader([header], delimiter=delimiter), [])
        return sum(name.strip().lower() in columns.all for name in names)

    return max(DELIMITERS, key=known)


def _rows(text: str, delimiter: str, most_lines: int) -> Iterator[tuple[int, list[str]] | Complaint]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            fields = []
            yield Complaint(line, None, next((why for said, why in _WHY.items() if said in str(error)), str(error)))
        if line > most_lines + 1:  # the header is one more
            yield _too_long(most_lines)
            return
        if any(field.strip() for field in fields):
            yield line, fields


def _wrong_header(line: int, header: Sequence[str], columns: Columns) -> Iterator[Complaint]:
    if len(header) > _MOST_COLUMNS:
        yield Complaint(line, None, f"{len(header):,} columns where {_MOST_COLUMNS} may be")
        return
    for name in columns.required:
        if name not in header:
            yield Complaint(line, name, "the header does not name this column")
    for name in dict.fromkeys(header):
        if name and name not in columns.all:
            yield Complaint(line, name[:80], f"no such column is known: {', '.join(columns.all)}")
        elif name and header.count(name) > 1:
            yield Complaint(line, name, "the header names this column twice")


def _record(line: int, fields: Sequence[str], header: Sequence[str]) -> Record | Complaint:
    if len(fields) != len(header):
        return Complaint(line, None, f"{len(fields)} fields where the header has {len(header)}")
    named = [(name, field.strip()) for name, field in zip(header, fields, strict=True)]
    if any(field and not name for name, field in named):  # spreadsheets leave empty columns behind, no more
        return Complaint(line, None, "a field in a column without a name")
    return Record(line, {name: plain(field) for name, field in named if name})


def _too_long(most_lines: int) -> Complaint:
    return Complaint(most_lines + 2, None, f"a file holds at most {most_lines:,} lines after its header: split it")
