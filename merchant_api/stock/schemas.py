"""Shapes of adjustments, transfers, availability and the ledger. Places are named, never numbered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import ValidationError, fields, validates_schema

from merchant_api.core.paging import PageIn, Window
from merchant_api.core.schema import ActorOut, In, InstantIn, InstantOut, Out, PlaceName, QuantityIn, Text
from merchant_api.stock.adjust import Adjustment
from merchant_api.stock.narrow import RowsWanted
from merchant_api.stock.places import DEFAULT, Place
from merchant_api.stock.states import BY_HAND, Reason
from merchant_api.stock.transfer import Transfer

_AMOUNTS = ("quantity", "increase", "decrease")


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


class AdjustmentIn(In):
    """A new total of on_hand (`quantity`), or a direction and an amount; exactly one of the three."""

    makes = Adjustment

    product_id = fields.UUID(required=True)
    location = PlaceName()
    grade = PlaceName()
    quantity = QuantityIn(least=0)
    increase = QuantityIn()
    decrease = QuantityIn()
    reason = fields.Enum(Reason, by_value=fields.String, required=True)
    comment = Text(500)

    @validates_schema
    def _one_amount(self, data: Mapping[str, Any], **_: object) -> None:
        if sum(name in data for name in _AMOUNTS) != 1:
            raise ValidationError({name: ["Give exactly one of quantity, increase and decrease."] for name in _AMOUNTS})
        if data["reason"] not in BY_HAND:
            raise ValidationError({"reason": ["This reason is not given by hand."]})


class TransferIn(In):
    """Units to be moved between two places; a change of grade is a transfer."""

    makes = Transfer

    product_id = fields.UUID(required=True)
    source = fields.Nested(PlaceIn, required=True, data_key="from")
    target = fields.Nested(PlaceIn, required=True, data_key="to")
    quantity = QuantityIn(required=True)
    comment = Text(500)


class LiveViewIn(PageIn):
    """Which cells are wanted."""

    makes = LiveView

    product = fields.UUID(load_default=None)
    location = PlaceName(load_default=None)
    grade = PlaceName(load_default=None)
    category = Text(80, load_default=None)


class LedgerListIn(PageIn):
    """Which rows are wanted; `since` inclusive, `until` exclusive, `actor` the id of who did it, places by name."""

    makes = LedgerList

    product = fields.UUID(load_default=None)
    actor = Text(load_default=None)
    since = InstantIn(load_default=None)
    until = InstantIn(load_default=None)
    location = PlaceName(load_default=None)
    grade = PlaceName(load_default=None)


class FiguresOut(Out):
    """Units; available = on_hand - held."""

    on_hand = fields.Integer(required=True)
    held = fields.Integer(required=True)
    available = fields.Integer(required=True)
    used = fields.Integer(required=True)


class CellOut(FiguresOut):
    """One cell."""

    location = fields.String(required=True)
    grade = fields.String(required=True)


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


class AdjustedOut(Out):
    """A cell after a change of its stock, and the ledger row of it."""

    product_id = fields.UUID(required=True, attribute="entry.row.product_id")
    location = fields.String(required=True, attribute="entry.location")
    grade = fields.String(required=True, attribute="entry.grade")
    on_hand = fields.Integer(required=True, attribute="entry.row.on_hand")
    held = fields.Integer(required=True, attribute="entry.row.held")
    available = fields.Integer(required=True, attribute="entry.row.available")
    used = fields.Integer(required=True, attribute="entry.row.used")
    entry = fields.Nested(EntryOut, required=True)


class TransferredOut(Out):
    """Both cells after a transfer."""

    source = fields.Nested(AdjustedOut, required=True, data_key="from")
    target = fields.Nested(AdjustedOut, required=True, data_key="to")


class HeldOut(Out):
    """Units that an order holds; `is_confirmed` once they are about to leave the stock."""

    hold_id = fields.UUID(required=True, attribute="row.id")
    order_id = fields.UUID(required=True, attribute="row.order_id")
    line = fields.Integer(required=True, attribute="row.line")
    quantity = fields.Integer(required=True, attribute="row.units")
    location = fields.String(required=True)
    grade = fields.String(required=True)
    is_confirmed = fields.Function(
        lambda held: held.row.settle_at is not None, required=True, metadata={"type": "boolean"}
    )


class AvailabilityOut(FiguresOut):
    """A product's stock over the cells shown; `owed` is what is promised beyond what is there."""

    product_id = fields.UUID(required=True, attribute="product.id")
    sku = fields.String(required=True, attribute="product.sku")
    name = fields.String(required=True, attribute="product.name")
    is_tracked = fields.Boolean(required=True, attribute="product.is_tracked")
    on_hand = fields.Integer(required=True, attribute="totals.on_hand")
    held = fields.Integer(required=True, attribute="totals.held")
    available = fields.Integer(required=True, attribute="totals.available")
    used = fields.Integer(required=True, attribute="totals.used")
    owed = fields.Integer(required=True, attribute="totals.owed")
    cells = fields.List(fields.Nested(CellOut), required=True)


class DetailOut(AvailabilityOut):
    """All about the stock of one product: cells, the oldest open holds, the latest ledger rows."""

    holds = fields.List(fields.Nested(HeldOut), required=True)
    history = fields.List(fields.Nested(EntryOut), required=True)
