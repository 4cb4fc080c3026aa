"""Shapes of the availability log: one row for changes and counts alike; what a row's kind does not have is null."""

from marshmallow import fields

from merchant_api.core.schema import InstantOut
from merchant_api.stock.schemas import EntryOut
from merchant_api.stock.sessions.log import LogKind
from merchant_api.stock.sessions.states import CountKind, Moved
from merchant_api.stock.states import Reason


def _units(attribute: str) -> fields.Integer:
    """A figure that one kind of row has and the other has not."""
    return fields.Integer(required=True, allow_none=True, dump_default=None, attribute=attribute)


def _id(attribute: str) -> fields.UUID:
    return fields.UUID(required=True, allow_none=True, dump_default=None, attribute=attribute)


class LogOut(EntryOut):
    """One row of the availability log: on_hand (kind `ledger`) or the counted units (`count`) went from `before` to
    `after`. Null is what the other kind has, and a count of nothing; `difference` is what was found beyond the books.
    """

    kind = fields.Enum(LogKind, by_value=fields.String, required=True)
    sku = fields.String(required=True)
    before = fields.Integer(required=True, allow_none=True)
    after = fields.Integer(required=True, allow_none=True)
    happened_at = InstantOut(required=True)
    reason = fields.Enum(Reason, by_value=fields.String, required=True, allow_none=True, attribute="row.reason")
    session_id = fields.UUID(required=True, allow_none=True)

    seq = _units("row.seq")
    on_hand_change = _units("row.on_hand_change")
    held_change = _units("row.held_change")
    used_change = _units("row.used_change")
    on_hand = _units("row.on_hand")
    held = _units("row.held")
    available = _units("row.available")
    used = _units("row.used")
    order_id = _id("row.order_id")

    count_kind = fields.Enum(
        CountKind, by_value=fields.String, required=True, allow_none=True, dump_default=None, attribute="row.kind"
    )
    change = _units("row.change")
    difference = fields.Integer(required=True, allow_none=True)
    read_on_hand = _units("row.read_on_hand")
    unpicked = _units("row.unpicked")
    moved = fields.Enum(
        Moved, by_value=fields.String, required=True, allow_none=True, dump_default=None, attribute="row.moved"
    )
    withdraws = _id("row.withdraws")
