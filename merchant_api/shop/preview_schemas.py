"""Shapes of the preview of a close."""

from dataclasses import dataclass

from marshmallow import fields

from merchant_api.core.paging import Window, page_of
from merchant_api.core.schema import Out, Text
from merchant_api.core.sentences.field import SentenceOut
from merchant_api.shop.mode import Mode
from merchant_api.stock.sessions.schemas import CellPageIn, PlacedOut
from merchant_api.stock.sessions.states import Moved, Scope


@dataclass(frozen=True, slots=True)
class PreviewWanted:
    """A page of the preview as it is asked for."""

    at: Window
    scope: Scope
    moved: Moved | None
    category: str | None


class PreviewIn(CellPageIn):
    """How the session would be closed; `category` narrows what is shown, never what a close does."""

    makes = PreviewWanted

    scope = fields.Enum(Scope, by_value=fields.String, load_default=Scope.PARTIAL)
    moved = fields.Enum(Moved, by_value=fields.String, load_default=None)
    category = Text(80, load_default=None)


class PlannedCellOut(PlacedOut):
    """A cell: what was counted (null: nothing), what was sold but on the shelf then, what moved since, and the sum.

    `left_out` is what moved since where `moved: ignore` leaves it out, else null: units sold since, which would be sold
    from again, are among it.
    """

    sku = fields.String(required=True, attribute="row.sku")
    name = fields.String(required=True, attribute="row.name")
    counted = fields.Integer(required=True, allow_none=True, attribute="row.counted")
    unpicked = fields.Integer(required=True, attribute="row.unpicked")
    moved = fields.Integer(required=True, attribute="row.moved")
    left_out = fields.Integer(required=True, allow_none=True, attribute="row.left_out")
    on_hand = fields.Integer(required=True, attribute="row.on_hand")
    on_hand_after = fields.Integer(required=True, attribute="row.after")
    held = fields.Integer(required=True, attribute="row.held")
    available_after = fields.Integer(required=True, attribute="available")
    is_conflict = fields.Boolean(required=True)
    why = SentenceOut(required=True)


class PlanTotalsOut(Out):
    """The plan in cells; `held` and `unpicked` in units: promises carried over, and those that wait for pickup."""

    counted = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    zeroed = fields.Integer(required=True)
    held = fields.Integer(required=True)
    unpicked = fields.Integer(required=True)
    conflicts = fields.Integer(required=True)
    modes = fields.Integer(required=True)


class ModeChangeOut(Out):
    """A product that an order would meet in another mode than now."""

    product_id = fields.UUID(required=True)
    sku = fields.String(required=True)
    before = fields.Enum(Mode, by_value=fields.String, required=True, data_key="from")
    after = fields.Enum(Mode, by_value=fields.String, required=True, data_key="to")
    reason = SentenceOut(required=True)


class PreviewOut(page_of(PlannedCellOut)):  # type: ignore[misc]  # made by a function: mypy can't see it is a class
    """What a close would do now, a page of its cells; `version` is what a close may name."""

    session_id = fields.UUID(required=True)
    version = fields.Integer(required=True)
    scope = fields.Enum(Scope, by_value=fields.String, required=True, attribute="wish.scope")
    moved = fields.Enum(Moved, by_value=fields.String, required=True, allow_none=True, attribute="wish.moved")
    totals = fields.Nested(PlanTotalsOut, required=True, attribute="figures")
    modes = fields.List(fields.Nested(ModeChangeOut), required=True)
