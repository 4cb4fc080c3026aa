"""Shapes of a merchant's customer."""

from marshmallow import fields

from merchant_api.core.schema import Flag, In, InstantOut, Out
from merchant_api.orders.customers import Trust


class TrustIn(In):
    """Whether the merchant wants no proof of a customer."""

    makes = Trust
    is_trusted = Flag(required=True)


class CustomerOut(Out):
    """A customer of the merchant."""

    person_id = fields.UUID(attribute="row.person_id", required=True)
    name = fields.String(attribute="row.name", required=True)
    phone = fields.String(attribute="row.phone", required=True, allow_none=True)
    email = fields.String(attribute="row.email", required=True, allow_none=True)
    is_trusted = fields.Boolean(attribute="row.is_trusted", required=True)
    is_proven = fields.Boolean(
        required=True,
        metadata={
            "description": "Trusted, or an order of his was delivered or paid. Of who is not, the merchant is asked "
            "beyond `unproven_open_orders`, `unproven_units` and `unproven_share_percent`."
        },
    )
    open_orders = fields.Integer(required=True)
    created_at = InstantOut(attribute="row.created_at", required=True)
