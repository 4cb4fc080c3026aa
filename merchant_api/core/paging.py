"""Keyset pages: `?limit&cursor`, ordered by a key of ids and numbers; a cursor is the last key seen, opaque to all."""

import base64
import binascii
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar
from uuid import UUID

from marshmallow import fields, post_load
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from merchant_api.core.asked import Asked
from merchant_api.core.db import session
from merchant_api.core.errors import Invalid
from merchant_api.core.schema import In, Out

T = TypeVar("T")
S = TypeVar("S", bound=Select[*tuple[Any, ...]])
LARGEST_PAGE = 200
_LIMIT = f"How many rows a page has; above {LARGEST_PAGE} it has {LARGEST_PAGE}."
Key = tuple[Any, ...]
_SPELT = {UUID: "16s", int: "i"}  # the parts of a key, in bytes


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
    """Which page is wanted: how many rows, and the key of the row that it goes on after."""

    limit: int = 50
    after: Key | None = None


def _alone(at: Window) -> Window:
    return at


class PageIn(In):
    """`limit` (clamped to 200) and `cursor` make a window; lists with filters extend it and take it as `at`.

    `key` are the kinds of what the list is ordered by. Refused: a limit below 1 (Invalid), a cursor that was not given
    out by such a list (BadCursor).
    """

    makes: ClassVar[Callable[..., Any]] = staticmethod(_alone)
    key: ClassVar[tuple[type[UUID] | type[int], ...]] = (UUID,)

    limit = Asked(load_default=50, metadata={"minimum": 1, "description": _LIMIT})
    cursor = fields.String(load_default=None, allow_none=True)

    @post_load
    def _make(self, data: Mapping[str, Any], **_: object) -> Any:
        filters = {name: value for name, value in data.items() if name not in ("limit", "cursor")}
        return self.makes(at=window(data["limit"], data["cursor"], self.key), **filters)


def window(limit: int, cursor: str | None, key: tuple[type[UUID] | type[int], ...] = (UUID,)) -> Window:
    """A checked window; raises Invalid for a limit below 1 and BadCursor."""
    if limit < 1:
        raise Invalid("The limit must be at least 1.", errors={"limit": ["Must be at least 1."]})
    return Window(min(limit, LARGEST_PAGE), None if cursor is None else _opened(cursor, key))


def _opened(cursor: str, key: tuple[type[UUID] | type[int], ...]) -> Key:
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"==")
        parts = struct.unpack(">" + "".join(_SPELT[kind] for kind in key), raw)
    except (ValueError, binascii.Error, struct.error) as error:
        raise BadCursor from error
    return tuple(UUID(bytes=part) if isinstance(part, bytes) else part for part in parts)


def cursor_of(*key: UUID | int) -> str:
    """The cursor after the row with this key."""
    spelt = ">" + "".join(_SPELT[type(part)] for part in key)
    raw = struct.pack(spelt, *(part.bytes if isinstance(part, UUID) else part for part in key))
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def cut(found: Sequence[T], at: Window, key: Callable[[T], Key]) -> Page[T]:
    """A page of rows of which one more than the limit was asked for; `key` is what a row is ordered by."""
    items = found[: at.limit]
    return Page(items, cursor_of(*key(items[-1])) if len(found) > at.limit else None)


def newest(rows: S, by: InstrumentedAttribute[UUID], at: Window, last_id: UUID | None = None) -> S:
    """The statement of a page, of whatever columns: newest id first, one row more than `cut` shows."""
    if at.after is not None:
        rows = rows.where(by < at.after[0])
    if last_id is not None:
        rows = rows.where(by >= last_id)
    return rows.order_by(by.desc()).limit(at.limit + 1)


def newest_first(
    rows: Select[Any], by: InstrumentedAttribute[UUID], at: Window, last_id: UUID | None = None
) -> Page[Any]:
    """A page of rows, newest id first; it reaches back to `last_id`, where that is given, and the next one goes on."""
    page = _page(newest(rows, by, at, last_id), by, at)
    return page if page.next or last_id is None else Page(page.items, cursor_of(last_id))


def oldest_first(rows: Select[Any], by: InstrumentedAttribute[UUID], at: Window) -> Page[Any]:
    """A page of rows, oldest id first."""
    if at.after is not None:
        rows = rows.where(by > at.after[0])
    return _page(rows.order_by(by.asc()).limit(at.limit + 1), by, at)


def _page(rows: Select[Any], by: InstrumentedAttribute[UUID], at: Window) -> Page[Any]:
    found = session().execute(rows).scalars().all()
    return cut(found, at, lambda row: (getattr(row, by.key),))


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
