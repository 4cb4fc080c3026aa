"""Pages of cells: ordered by the cell's key, and a cursor is the last key seen."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from merchant_api.core.errors import Invalid
from merchant_api.core.paging import LARGEST_PAGE, BadCursor, Page
from merchant_api.stock.ledger import CellKey

T = TypeVar("T")
_ID = 16


def key_at(cursor: str | None) -> CellKey | None:
    """The key that a cursor stands for; raises BadCursor."""
    if cursor is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii"))
    except (ValueError, binascii.Error) as error:
        raise BadCursor from error
    if len(raw) != 3 * _ID:
        raise BadCursor
    product_id, location_id, grade_id = (UUID(bytes=raw[at : at + _ID]) for at in range(0, 3 * _ID, _ID))
    return (product_id, location_id, grade_id)


def size(limit: int) -> int:
    """A checked limit; raises Invalid below 1."""
    if limit < 1:
        raise Invalid("The limit must be at least 1.", errors={"limit": ["Must be at least 1."]})
    return min(limit, LARGEST_PAGE)


def page(found: Sequence[T], limit: int, key: Any) -> Page[T]:
    """A page of rows of which one more than `limit` was asked for; `key` gives a row's cell."""
    items = found[:limit]
    following = _cursor(key(items[-1])) if len(found) > limit else None
    return Page(items, following)


def _cursor(key: CellKey) -> str:
    return base64.urlsafe_b64encode(b"".join(part.bytes for part in key)).decode()
