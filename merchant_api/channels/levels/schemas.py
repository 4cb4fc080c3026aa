"""Shapes of the web stack."""

from marshmallow import fields

from merchant_api.channels.levels.stack import ShownState, StackItem, StackWanted
from merchant_api.channels.states import LevelState
from merchant_api.core.paging import PageIn
from merchant_api.core.schema import InstantOut, Out

_LAG = "For how many seconds the shop has been behind; 0 where nothing waits."
_P99 = "In how many seconds 99 of 100 levels of the last hour arrived; null where none did."


class StackIn(PageIn):
    """Records, newest first; `state` as it is shown."""

    makes = StackWanted
    state = fields.Enum(ShownState, by_value=fields.String)


class ResponseOut(Out):
    """What the shop answered last: the text as received, cut."""

    status = fields.Integer(required=True, allow_none=True)
    text = fields.String(required=True, allow_none=True)
    at = InstantOut(required=True, attribute="tried_at", allow_none=True)


class StackItemOut(Out):
    """A level that waits for a shop, is on its way, or came to an end in the last 30 days."""

    id = fields.UUID(required=True, attribute="row.id")
    product_id = fields.UUID(required=True, attribute="row.product_id")
    sku = fields.String(required=True)
    level = fields.Integer(required=True, attribute="row.level")
    attempts = fields.Integer(required=True, attribute="row.attempts")
    last_response = fields.Method("_last_response", required=True, metadata={"type": ["object", "null"]})
    next_try_at = fields.Method("_next_try_at", required=True, metadata={"type": ["string", "null"]})
    state = fields.Enum(ShownState, by_value=fields.String, required=True)

    def _last_response(self, item: StackItem) -> object:
        row = item.row
        return None if row.text is None and row.tried_at is None else ResponseOut().dump(row)

    def _next_try_at(self, item: StackItem) -> str | None:
        return item.row.due_at.isoformat() if item.row.state is LevelState.PENDING else None


class StackPageOut(Out):
    """A page of the stack, and how far behind the shop is."""

    items = fields.List(fields.Nested(StackItemOut), required=True)
    next = fields.String(required=True, allow_none=True)
    lag_s = fields.Float(required=True, metadata={"description": _LAG})
    p99_s = fields.Float(required=True, allow_none=True, metadata={"description": _P99})


class StackActedOut(Out):
    """How many records it was done with."""

    records = fields.Integer(required=True)
