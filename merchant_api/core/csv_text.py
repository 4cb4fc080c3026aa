"""The text of a file of CSV: UTF-8, UTF-16 with a byte order mark ("Unicode text"), or Windows-1252.

Excel's plain "CSV" is in the code page of its machine, which in the West is Windows-1252. Bytes do not say so, and
nearly any bytes are some text of it; so a file that also holds letters of UTF-8 is a damaged one of those, and refused.
"""

import codecs
import io
from collections.abc import Iterator
from itertools import islice

from merchant_api.core.table_in import Complaint, too_long

UTF_8, UTF_16, WINDOWS_1252 = "UTF-8", "UTF-16", "Windows-1252"
_NOT_UTF_8 = "not UTF-8: save the file as CSV UTF-8"
_STRAY = "\ufffd"


def decoded(raw: bytes, most_lines: int) -> tuple[str, str, list[Complaint]]:
    """The text, what it was read as, and what keeps it from being read."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            text, read_as = raw.decode("utf-16"), UTF_16
        except UnicodeDecodeError as error:
            line = raw[: error.start].decode("utf-16", "ignore").count("\n") + 1
            return "", UTF_16, [Complaint(line, None, "not UTF-16, though the file begins as if it were")]
    else:
        try:
            text, read_as = raw.decode("utf-8-sig"), UTF_8
        except UnicodeDecodeError:
            western = _western(raw)
            if western is None:
                return "", UTF_8, list(_not_utf_8(raw, most_lines)) or [too_long(most_lines)]
            text, read_as = western, WINDOWS_1252
    if "\0" in text:
        return "", read_as, list(_with_nul(text, most_lines)) or [too_long(most_lines)]
    return text, read_as, []


def _western(raw: bytes) -> str | None:
    """The text as Windows-1252, or None for damaged UTF-8 and for bytes that the code page does not know."""
    if raw.startswith(codecs.BOM_UTF8):
        return None
    as_utf_8 = raw.decode("utf-8", "replace")
    strays = as_utf_8.count(_STRAY)
    if sum(not letter.isascii() for letter in as_utf_8) - strays >= strays:
        return None
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return None


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
