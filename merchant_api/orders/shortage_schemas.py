"""How a reply names lines that stock does not cover."""

from marshmallow import fields

from merchant_api.core.schema import Out


class ShortageOut(Out):
    """A line that stock does not cover: units `promised` by the merchant's word, and `owed` until stock comes in."""

    line = fields.Integer(attribute="row.line", required=True)
    sku = fields.String(attribute="row.sku", required=True)
    name = fields.String(attribute="row.name", required=True)
    wanted = fields.Integer(attribute="row.kept", required=True)
    promised = fields.Integer(required=True)
    owed = fields.Integer(required=True)
