"""Shapes of explained figures, records and what is owed. Every part of a chain says in `why` what it is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from marshmallow import fields, validate

from merchant_api.core.paging import PageIn, Window, page_of
from merchant_api.core.schema import In, InstantOut, Out, PlaceName
from merchant_api.core.sentences.field import SentenceOut
from merchant_api.core.span import SpanIn
from merchant_api.orders.figures import records
from merchant_api.orders.states import State
from merchant_api.stock.schemas import EntryOut, FiguresOut
from merchant_api.stock.sessions.trace import Where
from merchant_api.stock.states import Reason


@dataclass(frozen=True, slots=True)
class RecordList:
    """A page of the inventory log as it is asked for."""

    at: Window
    product: UUID | None
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class OwedList:
    """A page of what is owed as it is asked for."""

    at: Window
    product: UUID | None


class ExplainIn(In):
    """Which cells of the product; all of them where no place is named."""

    makes = Where

    location = PlaceName(load_default=None)
    grade = PlaceName(load_default=None)


class ChainStartOut(FiguresOut):
    """The cell in the snapshot of the session closed last; nothing (and no session) where no snapshot has it."""

    session_id = fields.UUID(required=True, allow_none=True, attribute="row.session_id")
    closed_at = InstantOut(required=True, allow_none=True, attribute="row.closed_at")
    on_hand = fields.Integer(required=True, attribute="row.figures.on_hand")
    held = fields.Integer(required=True, attribute="row.figures.held")
    available = fields.Integer(required=True, attribute="row.figures.available")
    used = fields.Integer(required=True, attribute="row.figures.used")
    seq = fields.Integer(required=True, attribute="row.seq")
    why = SentenceOut(required=True)


class ChainSumOut(Out):
    """Ledger rows of one reason that are not shown one by one: how many, and what they come to."""

    reason = fields.Enum(Reason, by_value=fields.String, required=True, attribute="row.reason")
    rows = fields.Integer(required=True, attribute="row.rows")
    on_hand_change = fields.Integer(required=True, attribute="row.on_hand_change")
    held_change = fields.Integer(required=True, attribute="row.held_change")
    used_change = fields.Integer(required=True, attribute="row.used_change")
    why = SentenceOut(required=True)


class ChainRowOut(EntryOut):
    """One row of the ledger: what changed, the figures after it, and the order behind it."""

    class Meta:
        exclude = ("product_id", "location", "grade")

    order_code = fields.String(required=True, allow_none=True)
    why = SentenceOut(required=True)


class ChainHoldOut(Out):
    """Units that an order holds; `is_confirmed` once they are about to leave the stock."""

    hold_id = fields.UUID(required=True, attribute="row.id")
    order_id = fields.UUID(required=True, attribute="row.order_id")
    order_code = fields.String(required=True, allow_none=True)
    line = fields.Integer(required=True, attribute="row.line")
    quantity = fields.Integer(required=True, attribute="row.quantity")
    is_confirmed = fields.Boolean(required=True, attribute="row.is_confirmed")
    why = SentenceOut(required=True)


class SumOut(Out):
    """start + changes = now, or `is_right` is false."""

    start = fields.Integer(required=True)
    changes = fields.Integer(required=True)
    now = fields.Integer(required=True)
    is_right = fields.Boolean(required=True)


class ChainCheckOut(Out):
    """The sums of a chain: its figures, the running numbers of its rows (none is missing), and its open holds."""

    on_hand = fields.Nested(SumOut, required=True)
    held = fields.Nested(SumOut, required=True, attribute="promised")
    used = fields.Nested(SumOut, required=True)
    rows = fields.Nested(SumOut, required=True, attribute="numbers")
    open_holds = fields.Nested(SumOut, required=True)
    is_right = fields.Boolean(required=True)


class ExplainedCellOut(FiguresOut):
    """A cell now, where its chain starts, sums of the earlier rows, the newest rows in order, its oldest open holds."""

    location = fields.String(required=True, attribute="chain.location")
    grade = fields.String(required=True, attribute="chain.grade")
    on_hand = fields.Integer(required=True, attribute="chain.now.on_hand")
    held = fields.Integer(required=True, attribute="chain.now.held")
    available = fields.Integer(required=True, attribute="chain.now.available")
    used = fields.Integer(required=True, attribute="chain.now.used")
    seq = fields.Integer(required=True, attribute="chain.seq")
    why = SentenceOut(required=True)
    start = fields.Nested(ChainStartOut, required=True)
    earlier = fields.List(fields.Nested(ChainSumOut), required=True)
    rows = fields.List(fields.Nested(ChainRowOut), required=True)
    holds = fields.List(fields.Nested(ChainHoldOut), required=True)
    holds_not_shown = fields.Integer(required=True)
    units_not_shown = fields.Integer(required=True)
    check = fields.Nested(ChainCheckOut, required=True, attribute="chain")


class ExplanationOut(FiguresOut):
    """Why a product's figures are what they are, over the cells shown; `is_right` when every chain adds up."""

    product_id = fields.UUID(required=True, attribute="product.id")
    sku = fields.String(required=True, attribute="product.sku")
    name = fields.String(required=True, attribute="product.name")
    is_tracked = fields.Boolean(required=True, attribute="product.is_tracked")
    on_hand = fields.Integer(required=True, attribute="now.on_hand")
    held = fields.Integer(required=True, attribute="now.held")
    available = fields.Integer(required=True, attribute="now.available")
    used = fields.Integer(required=True, attribute="now.used")
    why = SentenceOut(required=True)
    is_right = fields.Boolean(required=True)
    cells = fields.List(fields.Nested(ExplainedCellOut), required=True)


class RecordListIn(SpanIn):
    """Which records are wanted; `since` inclusive, `until` exclusive, by when the order was placed."""

    makes = RecordList
    key = records.KEY
    product = fields.UUID(load_default=None)


class OwedListIn(PageIn):
    """Of which product."""

    makes = OwedList
    product = fields.UUID(load_default=None)


class RecordOut(Out):
    """A line of a tracked product; `quantity` are the units it still stands for, 0 once the order was cancelled."""

    order_id = fields.UUID(required=True)
    code = fields.String(required=True)
    state = fields.Enum(State, by_value=fields.String, required=True)
    line = fields.Integer(required=True)
    product_id = fields.UUID(required=True)
    sku = fields.String(required=True)
    name = fields.String(required=True)
    quantity = fields.Integer(required=True)
    ordered = fields.Integer(required=True)
    cancelled = fields.Integer(required=True)
    returned = fields.Integer(required=True)
    customer_name = fields.String(required=True)
    placed_at = InstantOut(required=True)


class OwedOut(Out):
    """Units that a line was promised and that are not there; `kind` is backorder, or conflict after a count."""

    order_id = fields.UUID(required=True)
    code = fields.String(required=True)
    state = fields.Enum(State, by_value=fields.String, required=True)
    line = fields.Integer(required=True)
    product_id = fields.UUID(required=True)
    sku = fields.String(required=True)
    name = fields.String(required=True)
    location = fields.String(required=True)
    grade = fields.String(required=True)
    held = fields.Integer(required=True)
    owed = fields.Integer(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(("backorder", "conflict")))
    customer_name = fields.String(required=True)
    placed_at = InstantOut(required=True)


RecordPageOut = page_of(RecordOut)


OwedPageOut = page_of(OwedOut)
