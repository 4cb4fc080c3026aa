"""Shapes of sessions, counts, snapshots and of a close."""

from dataclasses import dataclass
from uuid import UUID

from marshmallow import fields

from merchant_api.core.paging import PageIn, Window, page_of
from merchant_api.core.schema import ActorOut, In, InstantOut, Out, PlaceName, QuantityIn, Text, Whole
from merchant_api.stock.sessions.count import NewCount
from merchant_api.stock.sessions.find import CELL
from merchant_api.stock.sessions.promote import Close
from merchant_api.stock.sessions.states import CountKind, Moved, Scope, SessionState
from merchant_api.stock.states import Reason

LARGEST_VERSION = 2**53


@dataclass(frozen=True, slots=True)
class LevelList:
    """A page of levels as it is asked for."""

    at: Window
    product: UUID


class NewCountIn(In):
    """Units found of a product at a place; `moved: ignore` leaves out what moves until the promotion."""

    makes = NewCount

    product_id = fields.UUID(required=True)
    location = PlaceName()
    grade = PlaceName()
    quantity = QuantityIn(least=0, required=True)
    comment = Text(500)
    moved = fields.Enum(Moved, by_value=fields.String)


class CloseIn(In):
    """How to close the live session; a full count needs the `version` of the preview that was looked at."""

    makes = Close

    scope = fields.Enum(Scope, by_value=fields.String)
    moved = fields.Enum(Moved, by_value=fields.String)
    version = Whole(0, LARGEST_VERSION)
    comment = Text(500)


class CellPageIn(PageIn):
    """A page of something about cells."""

    key = CELL


class LevelListIn(PageIn):
    """Whose levels are wanted."""

    makes = LevelList

    product = fields.UUID(required=True)


class SessionOut(Out):
    """A session; `version` grows with every count while it is staged."""

    id = fields.UUID(required=True, attribute="row.id")
    state = fields.Enum(SessionState, by_value=fields.String, required=True, attribute="row.state")
    version = fields.Integer(required=True)
    scope = fields.Enum(Scope, by_value=fields.String, required=True, allow_none=True, attribute="row.scope")
    moved = fields.Enum(Moved, by_value=fields.String, required=True, allow_none=True, attribute="row.moved")
    comment = fields.String(required=True, allow_none=True, attribute="row.comment")
    opened_at = InstantOut(required=True, attribute="row.opened_at")
    opened_by = fields.Nested(ActorOut, required=True, allow_none=True, attribute="row.opened_by")
    promoted_at = InstantOut(required=True, allow_none=True, attribute="row.promoted_at")
    closed_at = InstantOut(required=True, allow_none=True, attribute="row.closed_at")
    closed_by = fields.Nested(ActorOut, required=True, allow_none=True, attribute="row.closed_by")


class PlacedOut(Out):
    """Something about a cell."""

    product_id = fields.UUID(required=True, attribute="row.product_id")
    location = fields.String(required=True)
    grade = fields.String(required=True)


class CountedCellOut(PlacedOut):
    """What is counted of a cell, and the live figures when it was."""

    sku = fields.String(required=True, attribute="row.sku")
    quantity = fields.Integer(required=True, attribute="row.quantity")
    unpicked = fields.Integer(required=True, attribute="row.unpicked")
    moved = fields.Enum(Moved, by_value=fields.String, required=True, allow_none=True, attribute="row.moved")
    read_on_hand = fields.Integer(required=True, attribute="row.read_on_hand")
    read_seq = fields.Integer(required=True, attribute="row.read_seq")
    count_id = fields.UUID(required=True, attribute="row.count_id")


class SessionDetailOut(SessionOut):
    """A session, the number of cells counted in it, and a page of them."""

    counted = fields.Integer(required=True)
    cells = fields.Nested(page_of(CountedCellOut), required=True)


class CountOut(PlacedOut):
    """A row of the log of counts; `quantity` is the counted total from then on, null when nothing is counted."""

    id = fields.UUID(required=True, attribute="row.id")
    session_id = fields.UUID(required=True, attribute="row.session_id")
    kind = fields.Enum(CountKind, by_value=fields.String, required=True, attribute="row.kind")
    quantity = fields.Integer(required=True, allow_none=True, attribute="row.quantity")
    change = fields.Integer(required=True, allow_none=True, attribute="row.change")
    reason = fields.Enum(Reason, by_value=fields.String, required=True, allow_none=True, attribute="row.reason")
    comment = fields.String(required=True, allow_none=True, attribute="row.comment")
    moved = fields.Enum(Moved, by_value=fields.String, required=True, allow_none=True, attribute="row.moved")
    unpicked = fields.Integer(required=True, attribute="row.unpicked")
    withdraws = fields.UUID(required=True, allow_none=True, attribute="row.withdraws")
    actor = fields.Nested(ActorOut, required=True, attribute="row.actor")
    counted_at = InstantOut(required=True, attribute="row.counted_at")


class ClosedOut(Out):
    """The sessions after a close; how many cells were counted, changed, and set to 0 because nobody counted them."""

    closed = fields.Nested(SessionOut, required=True)
    live = fields.Nested(SessionOut, required=True)
    staged = fields.Nested(SessionOut, required=True)
    counted = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    zeroed = fields.Integer(required=True)


class SnapshotOut(PlacedOut):
    """A cell as a session left it."""

    sku = fields.String(required=True, attribute="row.sku")
    on_hand = fields.Integer(required=True, attribute="row.on_hand")
    held = fields.Integer(required=True, attribute="row.held")
    available = fields.Integer(required=True, attribute="row.available")
    used = fields.Integer(required=True, attribute="row.used")
    seq = fields.Integer(required=True, attribute="row.seq")


class ComparedOut(PlacedOut):
    """A cell whose figures differ between two closed sessions."""

    sku = fields.String(required=True, attribute="row.sku")
    first_on_hand = fields.Integer(required=True, attribute="row.first_on_hand")
    first_held = fields.Integer(required=True, attribute="row.first_held")
    first_used = fields.Integer(required=True, attribute="row.first_used")
    second_on_hand = fields.Integer(required=True, attribute="row.second_on_hand")
    second_held = fields.Integer(required=True, attribute="row.second_held")
    second_used = fields.Integer(required=True, attribute="row.second_used")


class LevelOut(Out):
    """A product's figures at the end of a closed session."""

    session_id = fields.UUID(required=True)
    closed_at = InstantOut(required=True)
    on_hand = fields.Integer(required=True)
    held = fields.Integer(required=True)
    available = fields.Integer(required=True)
    used = fields.Integer(required=True)
