"""What a shop sends of itself, and what it is answered."""

from marshmallow import fields

from merchant_api.core.schema import In, Out


class ShopEventIn(In):
    """What a shop sends is its kind's own."""


class HeardOut(Out):
    """How many orders an event told of; what is to be read again is read by the next poll, which comes at once."""

    orders = fields.Integer(required=True)
