"""Shapes of adjustments and transfers."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from merchant_api.core.schema import In, Out, PlaceName, QuantityIn, Text
from merchant_api.stock.adjust import Adjustment
from merchant_api.stock.schemas import EntryOut, PlaceIn
from merchant_api.stock.states import BY_HAND, Reason
from merchant_api.stock.transfer import Transfer

_AMOUNTS = ("quantity", "increase", "decrease")


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
