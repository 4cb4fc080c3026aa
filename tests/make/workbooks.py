"""Workbooks (.xlsx) as bytes, of invented rows."""

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook


def make_workbook(rows: Sequence[Sequence[Any]], formats: dict[str, str] | None = None, **sheets: Any) -> bytes:
    """A workbook whose first sheet holds these rows; `formats` by cell; further sheets by name."""
    book = Workbook()
    for name, content in {"Sheet": rows, **sheets}.items():
        sheet = book.active if name == "Sheet" else book.create_sheet(name)
        for row in content:
            sheet.append(row)
    for cell, shown in (formats or {}).items():
        book.active[cell].number_format = shown
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def rewritten(workbook: bytes, part: str, pattern: bytes, by: bytes) -> bytes:
    """The same workbook with something else in one of its parts, as another program would have written it."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, re.sub(pattern, by, content) if name == part else content)
    return file.getvalue()
