"""The endpoint that moves a count to the right cell."""

from uuid import UUID

from flask import Blueprint

from merchant_api.core.actor import Actor
from merchant_api.core.endpoint import endpoint
from merchant_api.stock.sessions import find, move_count
from merchant_api.stock.sessions.find import AtPlace
from merchant_api.stock.sessions.move_count import CountMove
from merchant_api.stock.sessions.move_schemas import MoveCountIn, MovedCountOut

moved_counts = Blueprint("moved_counts", __name__)


@endpoint(
    moved_counts,
    "POST",
    "/staged/counts/<uuid:count_id>/move",
    needs="sessions.count",
    body=MoveCountIn,
    reply=MovedCountOut,
    status=201,
)
def move_staged_count(merchant_id: UUID, count_id: UUID, body: CountMove, actor: Actor) -> dict[str, AtPlace]:
    """Move a count that was entered for the wrong cell to the right one."""
    moved = move_count.move(merchant_id, count_id, body, actor)
    return {"withdrawn": find.placed(moved.withdrawn), "counted": find.placed(moved.counted)}
