"""The endpoint that shows what closing the live session would do."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import Blueprint

from merchant_api.core.http import endpoint
from merchant_api.shop import preview as looking
from merchant_api.shop.preview_schemas import PreviewIn, PreviewOut, PreviewWanted
from merchant_api.stock.sessions.plan import Wish

previews = Blueprint("previews", __name__)


@endpoint(previews, "GET", "/staged/preview", needs="stock.read", query=PreviewIn, reply=PreviewOut)
def preview_close(merchant_id: UUID, query: PreviewWanted, **_: object) -> dict[str, Any]:
    """What closing the live session now would do, cell by cell."""
    seen = looking.preview(merchant_id, Wish(query.scope, query.moved), query.at, query.category)
    return {
        "session_id": seen.session_id,
        "version": seen.version,
        "wish": seen.wish,
        "totals": {**asdict(seen.totals), "modes": seen.modes_changed},
        "modes": seen.modes,
        "items": seen.cells.items,
        "next": seen.cells.next,
    }
