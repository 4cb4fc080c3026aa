"""CSV for people's spreadsheets: UTF-8, a header, CRLF (RFC 4180), and no text that a spreadsheet would execute.

A file is written whole inside the transaction, to memory first and to a temporary file once it is long: what goes wrong
is still an error and no torn file, memory is bounded, and a slow reader keeps no transaction open.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import Any

from flask import Response
from werkzeug.wsgi import FileWrapper

MEDIA_TYPE = "text/csv"
IN_MEMORY = 1024 * 1024
# What spreadsheets take for the beginning of a formula, full-width letters included; apostrophes in front are counted,
# so that `plain` gives back every text that `safe` changed.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


@dataclass(frozen=True, slots=True)
class Download:
    """A file to be sent: its name, the names of its columns, and its rows as they come."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


def safe(value: Any) -> Any:
    """The value, with an apostrophe before text that a spreadsheet would take for a formula; numbers stay."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def plain(text: str) -> str:
    """The text that `safe` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def response(download: Download) -> Response:
    """The reply that carries a file."""
    with ExitStack() as undo:
        file = undo.enter_context(SpooledTemporaryFile(IN_MEMORY))
        text = TextIOWrapper(file, "utf-8", newline="")
        writer = csv.writer(text)
        writer.writerow(download.columns)
        writer.writerows([safe(value) for value in row] for row in download.rows)
        text.detach()
        length = file.tell()
        file.seek(0)
        reply = Response(content_type=f"{MEDIA_TYPE}; charset=utf-8")
        reply.headers["Content-Disposition"] = f'attachment; filename="{download.name}"'
        if length <= IN_MEMORY:
            reply.set_data(file.read())
            return reply
        reply.response = FileWrapper(file, 64 * 1024)
        reply.content_length = length
        reply.call_on_close(undo.pop_all().close)
        return reply
