"""Shapes of figures and of the ledger, and what is asked of them. Places are named, never numbered."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from marshmallow import fields

from merchant_api.core.paging import PageIn, Window
from merchant_api.core.schema import ActorOut, In, InstantOut, Name, Out, PlaceName, Text
from merchant_api.core.span import SpanIn
from merchant_api.stock.narrow import RowsWanted
from merchant_api.stock.places import DEFAULT, Place
from merchant_api.stock.states import Reason


@dataclass(frozen=True, slots=True)
class LiveView:
    """A page of the live view as it is asked for."""

    at: Window
    product: UUID | None
    location: str | None
    grade: str | None
    category: str | None


@dataclass(frozen=True, slots=True)
class LedgerList:
    """A page of the ledger or of the availability log as it is asked for."""

    at: Window
    product: UUID | None
    actor: str | None
    since: datetime | None
    until: datetime | None
    location: str | None
    grade: str | None

    @property
    def wanted(self) -> RowsWanted:
        """Which rows."""
        return RowsWanted(self.product, self.actor, self.since, self.until, self.location, self.grade)


class PlaceIn(In):
    """A location and a grade by name."""

    makes = Place

    location = PlaceName(load_default=DEFAULT)
    grade = PlaceName(load_default=DEFAULT)


class LiveViewIn(PageIn):
    """Which cells are wanted."""

    makes = LiveView

    product = fields.UUID(load_default=None)
    location = PlaceName(load_default=None)
    grade = PlaceName(load_default=None)
    category = Name(80, load_default=None)


class LedgerListIn(SpanIn):
    """Which rows are wanted; `since` inclusive, `until` exclusive, `actor` the id of who did it, places by name."""

    makes = LedgerList

    product = fields.UUID(load_default=None)
    actor = Text(load_default=None)
    location = PlaceName(load_default=None)
    grade = PlaceName(load_default=None)


class FiguresOut(Out):
    """Units; available = on_hand - held."""

    on_hand = fields.Integer(required=True)
    held = fields.Integer(required=True)
    available = fields.Integer(required=True)
    used = fields.Integer(required=True)


class EntryOut(Out):
    """One row of the ledger: what changed, and the figures after it."""

    id = fields.UUID(required=True, attribute="row.id")
    product_id = fields.UUID(required=True, attribute="row.product_id")
    location = fields.String(required=True)
    grade = fields.String(required=True)
    seq = fields.Integer(required=True, attribute="row.seq")
    on_hand_change = fields.Integer(required=True, attribute="row.on_hand_change")
    held_change = fields.Integer(required=True, attribute="row.held_change")
    used_change = fields.Integer(required=True, attribute="row.used_change")
    on_hand = fields.Integer(required=True, attribute="row.on_hand")
    held = fields.Integer(required=True, attribute="row.held")
    available = fields.Integer(required=True, attribute="row.available")
    used = fields.Integer(required=True, attribute="row.used")
    reason = fields.Enum(Reason, by_value=fields.String, required=True, attribute="row.reason")
    comment = fields.String(required=True, allow_none=True, attribute="row.comment")
    actor = fields.Nested(ActorOut, required=True, attribute="row.actor")
    order_id = fields.UUID(required=True, allow_none=True, attribute="row.order_id")
    happened_at = InstantOut(required=True, attribute="row.happened_at")
