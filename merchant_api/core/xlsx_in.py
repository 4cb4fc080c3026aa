"""Workbooks of Excel (.xlsx): the visible sheets as tables of text, by openpyxl, which reads them row by row.

A figure is its digits (12, never 12.0), a day is ISO 8601, and a formula is the value that the file holds for it. How
much a workbook may unpack to is limited (core/xlsx_parts.py); what sheets say of their own size is not believed.
"""

import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from itertools import repeat
from lzma import LZMAError
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook

from merchant_api.core import xlsx_parts
from merchant_api.core.table_in import MOST_COLUMNS, Complaint, Table, TableRow, too_long

warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")  # of styles and the like, which nobody reads

READ_AS = "xlsx"
LAST_ROW = 1_048_576
_PACKED, _OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SHOWN = re.compile(r'(?:"([^"]*)")?(0{2,})')  # formats that show 12 as 0012 or SKU-0012
_RETURN = "_x000D_"  # how a workbook writes one, which openpyxl leaves as it is
# What the libraries raise where a file is not what it says; `xml` gives SyntaxErrors.
_BROKEN = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LZMAError, LookupError, OSError, ParseError,
    RuntimeError, TypeError, ValueError, struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def is_workbook(raw: bytes) -> bool:
    """Whether these bytes are a workbook, of the old kind too, and no text."""
    return raw.startswith((_PACKED, _OLD))


def tables(raw: bytes, most_lines: int) -> list[Table]:
    """The visible sheets."""
    if raw.startswith(_OLD):
        return _refused("an old workbook (.xls), or one with a password: save it as .xlsx without one, or as CSV UTF-8")
    try:
        if not xlsx_parts.is_bearable(raw, most_lines):
            return _refused("the workbook unpacks to more than is read: save the sheet as CSV UTF-8, or split it")
        values = _sheets(raw, data_only=True)
        formulas = _sheets(raw, data_only=False) if xlsx_parts.has_formulas(raw) else repeat(None)
        return [
            Table(READ_AS, sheet.title, _rows(sheet, formula, most_lines))
            for sheet, formula in zip(values, formulas, strict=False)
        ] or _refused("the workbook holds no visible sheet")
    except _BROKEN:
        return _refused()


def _refused(why: str = "not a workbook that can be read: save it anew as .xlsx, or as CSV UTF-8") -> list[Table]:
    return [Table(READ_AS, "", iter([Complaint(1, None, why)]))]


def _sheets(raw: bytes, data_only: bool) -> list[Any]:
    workbook = load_workbook(BytesIO(raw), read_only=True, data_only=data_only, keep_links=False)
    return [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]


def _rows(sheet: Any, formulas: Any, most_lines: int) -> Iterator[TableRow | Complaint]:
    try:
        sheet.reset_dimensions()
        if formulas is not None:
            formulas.reset_dimensions()
        told = repeat(()) if formulas is None else formulas.iter_rows()
        for line, (cells, others) in enumerate(zip(sheet.iter_rows(), told, strict=False), 1):
            if line > LAST_ROW or len(cells) > MOST_COLUMNS:
                yield Complaint(line, None, f"a sheet of more than {LAST_ROW:,} rows or {MOST_COLUMNS} columns")
                return
            fields = [_text(cell) for cell in cells]
            for at, other in enumerate(others):
                if other.data_type == "f" and not fields[at]:
                    fields[at] = "="  # a formula that nobody has computed
            if any(field.strip() for field in fields):
                if line > most_lines + 1:
                    yield too_long(most_lines)
                    return
                yield TableRow(line, fields)
    except _BROKEN:
        yield Complaint(1, None, "the workbook is damaged: save it anew as .xlsx, or as CSV UTF-8")


def _text(cell: Any) -> str:
    value = cell.value
    if value is None or isinstance(value, str):
        return (value or "").replace(_RETURN, "\r")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return _figure(value)
    if isinstance(value, int):
        shown = _SHOWN.fullmatch(cell.number_format or "")
        return f"{shown[1] or ''}{value:0{len(shown[2])}}" if shown and value >= 0 else str(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)


def _figure(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    text = repr(value)
    return f"{text}0" if len(text.partition(".")[2]) == 3 else text  # so that nobody takes 1.125 for thousands
