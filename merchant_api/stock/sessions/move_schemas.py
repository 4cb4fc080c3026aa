"""Shapes of moving a count to the cell where its units lie."""

from marshmallow import fields

from merchant_api.core.schema import In, Out, PlaceName, Text
from merchant_api.stock.sessions.move_count import CountMove
from merchant_api.stock.sessions.schemas import CountOut


class MoveCountIn(In):
    """The place where the units lie in truth, by name."""

    makes = CountMove

    location = PlaceName(required=True)
    grade = PlaceName(required=True)
    comment = Text(500)


class MovedCountOut(Out):
    """Both rows of the log: the withdrawal in the wrong cell, and the count in the right one; each names the other."""

    withdrawn = fields.Nested(CountOut, required=True)
    counted = fields.Nested(CountOut, required=True)
