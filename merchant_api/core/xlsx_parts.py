"""What a workbook unpacks to, looked at before anything builds trees of it: bytes, parts, and tags in a row.

A workbook of a few kilobytes can unpack to gigabytes, and one row of it can hold millions of cells. What a file's own
directory says of its sizes is binding: no more than that is unpacked.
"""

import re
import zipfile
from io import BytesIO
from typing import IO

UNPACKED, UNPACKED_A_LINE = 4 * 1024 * 1024, 1_000  # bytes
TAGS, TAGS_A_LINE = 200_000, 20  # of a part, outside of rows
MOST_TAGS = 5_000  # of a row
MOST_PARTS = 500
_PIECE, _OVERLAP = 1024 * 1024, 64
_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_ROW = re.compile(rb"<(?:\w+:)?row[ />]|</(?:\w+:)?sheetData")
_LONG = ("xl/worksheets/", "xl/sharedStrings")


def is_bearable(raw: bytes, most_lines: int) -> bool:
    """Whether so many lines can need as much as this; raises what `zipfile` raises."""
    archive = zipfile.ZipFile(BytesIO(raw))
    parts = [part for part in archive.infolist() if part.filename.endswith((".xml", ".rels"))]
    if (
        len(archive.infolist()) > MOST_PARTS
        or sum(it.file_size for it in parts) > UNPACKED + UNPACKED_A_LINE * most_lines
    ):
        return False
    for each in parts:
        with archive.open(each) as part:
            if not _has_few_tags(part, TAGS + TAGS_A_LINE * most_lines * each.filename.startswith(_LONG)):
                return False
    return True


def has_formulas(raw: bytes) -> bool:
    """Whether some cell of some sheet is computed."""
    archive = zipfile.ZipFile(BytesIO(raw))
    for name in archive.namelist():
        if name.startswith(_LONG[0]) and name.endswith(".xml"):
            with archive.open(name) as part:
                before = b""
                while piece := part.read(_PIECE):
                    if _FORMULA.search(before + piece):
                        return True
                    before = piece[-_OVERLAP:]
    return False


def _has_few_tags(part: IO[bytes], most: int) -> bool:
    tags, limit, before = 0, most, b""
    while piece := part.read(_PIECE):
        text, at = before + piece, 0
        for mark in _ROW.finditer(text):
            if tags + text.count(b"<", at, mark.start()) > limit:
                return False
            tags, at = 0, mark.end()
            limit = most if mark[0].startswith(b"</") else MOST_TAGS
        tags += text.count(b"<", at)
        if tags > limit:
            return False
        before = piece[-_OVERLAP:]
    return True
