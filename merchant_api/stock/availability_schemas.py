"""Shapes of availability: a product's stock over its cells, and what holds it."""

from marshmallow import fields

from merchant_api.core.schema import Out
from merchant_api.stock.schemas import EntryOut, FiguresOut


class CellOut(FiguresOut):
    """One cell; `available` is what an order can take from it: on_hand - held, and no more than over all places."""

    location = fields.String(required=True)
    grade = fields.String(required=True)


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
    """A product's stock over the cells shown; `owed` is what is promised in cells beyond what is there.

    What an order can take is never more than `available` over all places, 0 where that is negative.
    """

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
