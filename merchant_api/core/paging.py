"""Keyset pages: `?limit&cursor`, ordered by id; a cursor is the last id seen, opaque to clients."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from marshmallow import fields
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from merchant_api.core.db import session
from merchant_api.core.errors import Invalid
from merchant_api.core.schema import In, Out

T = TypeVar("T")
LARGEST_PAGE = 200


class BadCursor(Invalid):
    """The cursor was not given out by this list."""

    code = "bad_cursor"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows and the cursor of the next page, or None at the end."""

    items: Sequence[T]
    next: str | None


@dataclass(frozen=True, slots=True)
class Window:
    """Which page is wanted."""

    limit: int = 50
    after: UUID | None = None


class PageIn(In):
    """`limit` (clamped to 200) and `cursor`; lists with filters extend it."""

    limit = fields.Integer(load_default=50, metadata={"minimum": 1, "maximum": LARGEST_PAGE})
    cursor = fields.String(load_default=None, allow_none=True)


def window(limit: int, cursor: str | None) -> Window:
    """A checked window; raises Invalid for a limit below 1 and BadCursor."""
    if limit < 1:
        raise Invalid("The limit must be at least 1.", errors={"limit": ["Must be at least 1."]})
    return Window(min(limit, LARGEST_PAGE), None if cursor is None else _open(cursor))


def _open(cursor: str) -> UUID:
    try:
        return UUID(bytes=base64.urlsafe_b64decode(cursor.encode("ascii") + b"=="))
    except (ValueError, binascii.Error) as error:
        raise BadCursor from error


def cursor_of(last: UUID) -> str:
    """The cursor after a row."""
    return base64.urlsafe_b64encode(last.bytes).rstrip(b"=").decode()


def newest_first(
    rows: Select[Any], by: InstrumentedAttribute[UUID], at: Window, last_id: UUID | None = None
) -> Page[Any]:
    """A page of rows, newest id first; it reaches back to `last_id`, where that is given, and the next one goes on."""
    if at.after is not None:
        rows = rows.where(by < at.after)
    if last_id is not None:
        rows = rows.where(by >= last_id)
    page = _page(rows.order_by(by.desc()), by, at)
    return page if page.next or last_id is None else Page(page.items, cursor_of(last_id))


def oldest_first(rows: Select[Any], by: InstrumentedAttribute[UUID], at: Window) -> Page[Any]:
    """A page of rows, oldest id first."""
    if at.after is not None:
        rows = rows.where(by > at.after)
    return _page(rows.order_by(by.asc()), by, at)


def _page(rows: Select[Any], by: InstrumentedAttribute[UUID], at: Window) -> Page[Any]:
    found = session().execute(rows.limit(at.limit + 1)).scalars().all()
    items = found[: at.limit]
    following = cursor_of(getattr(items[-1], by.key)) if len(found) > at.limit else None
    return Page(items, following)


def mapped(page: Page[Any], change: Callable[[Any], T]) -> Page[T]:
    """The same page with every row changed."""
    return Page([change(item) for item in page.items], page.next)


def page_of(schema: type[Out]) -> type[Out]:
    """The reply schema {"items": [...], "next": ...} of a list of `schema`."""
    name = schema.__name__.removesuffix("Out") + "PageOut"
    members = {
        "items": fields.List(fields.Nested(schema), required=True),
        "next": fields.String(required=True, allow_none=True),
        "__doc__": f"A page of {schema.__name__.removesuffix('Out').lower()} rows.",
    }
    return type(name, (Out,), members)
