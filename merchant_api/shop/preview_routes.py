"""The endpoint that shows what closing the live session would do."""

from uuid import UUID

from flask import Blueprint

from merchant_api.core.endpoint import endpoint
from merchant_api.shop import preview as looking
from merchant_api.shop.preview_schemas import PreviewIn, PreviewOut, PreviewWanted
from merchant_api.stock.sessions.plan import Promotion

previews = Blueprint("previews", __name__)


@endpoint(previews, "GET", "/staged/preview", needs="stock.read", query=PreviewIn, reply=PreviewOut)
def preview_close(merchant_id: UUID, query: PreviewWanted, **_: object) -> looking.Preview:
    """What closing the live session now would do, cell by cell."""
    return looking.preview(merchant_id, Promotion(query.scope, query.moved), query.at, query.category)
