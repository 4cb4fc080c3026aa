"""Strict JSON: what the standard parser lets pass (duplicate keys, NaN, infinite numbers, NUL) is refused here.

What can't be parsed is 400, what can be parsed but is not valid is 422 (DESIGN.md 6). A file is only taken whole: what
it says is for its endpoint to read (core/csv_in.py, core/xlsx_in.py).
"""

import json
from typing import Any, NoReturn

from flask import Request
from werkzeug.exceptions import BadRequest

from merchant_api.core.errors import Invalid, Malformed, TooLarge, WrongMedia
from merchant_api.core.numbers import BadNumber, fraction_or_whole, whole
from merchant_api.core.table_in import MEDIA_TYPES


class DuplicateKey(Malformed):
    """The JSON names one key twice in the same object."""

    code = "duplicate_key"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise DuplicateKey
    return found


def _constant(_text: str) -> NoReturn:
    raise BadNumber


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=fraction_or_whole, parse_int=whole, parse_constant=_constant, strict=True
)


def parse(raw: bytes) -> Any:
    """The JSON value of a body; raises Malformed, or Invalid for text that can't be stored."""
    try:
        value = _DECODER.decode(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Malformed("The body is not UTF-8.") from error
    except json.JSONDecodeError as error:
        raise Malformed(f"The body is not JSON: {error.msg} at character {error.pos}.") from error
    except RecursionError as error:
        raise Malformed("The JSON is nested too deeply.") from error
    check_text(value)
    return value


def check_text(value: Any) -> None:
    """Refuse text that PostgreSQL can't store, anywhere in a value; raises Invalid."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting.extend(item.keys())
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, str) and ("\x00" in item or any("\ud800" <= letter <= "\udfff" for letter in item)):
            raise Invalid("Text may hold neither NUL nor half of a surrogate pair.", errors={})


def read(request: Request) -> Any:
    """The parsed body of a request that must have one."""
    raw = raw_body(request)
    if not raw:
        raise Malformed("A JSON body is required; send {} where nothing needs saying.")
    if request.mimetype != "application/json":
        raise WrongMedia
    value = parse(raw)
    if not isinstance(value, dict):
        raise Invalid("The body must be a JSON object.", errors={})
    return value


def read_or_none(request: Request) -> Any:
    """The parsed body of a request that need not have one; None where it is left out or says nothing."""
    return (read(request) or None) if raw_body(request) else None


def read_nothing(request: Request) -> None:
    """Check that the body is empty or {}."""
    if raw_body(request) and read(request):
        raise Invalid("This call takes no fields.", errors={})


def read_csv(request: Request, most: int) -> bytes:
    """The bytes of a file as the body, at most so many; what they say is for the endpoint to read."""
    request.max_content_length = most
    raw = raw_body(request)
    if not raw:
        raise Malformed("A file is required as the body: CSV, or a workbook.")
    if request.mimetype not in MEDIA_TYPES:
        raise WrongMedia(f"Send the body as {', '.join(MEDIA_TYPES)}.")
    return raw


def raw_body(request: Request) -> bytes:
    """The bytes of the body; a broken transfer is Malformed, and one that is too long TooLarge."""
    try:
        raw = request.get_data(cache=True)
    except BadRequest as error:
        raise Malformed("The body broke off.") from error
    most = request.max_content_length
    if request.content_length is None and most is not None and len(raw) >= most:
        raise TooLarge  # one sent in chunks is cut there without a word
    return raw
