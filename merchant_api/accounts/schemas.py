"""Shapes of merchants and their settings, and what is a zone or a currency."""

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from merchant_api.accounts.models import (
    LONGEST_CART_S,
    LONGEST_WINDOW_S,
    SHORTEST_CART_S,
    Allocation,
    Terms,
)
from merchant_api.core import zones
from merchant_api.core.columns import LARGEST_QUANTITY
from merchant_api.core.language_tag import LanguageTag
from merchant_api.core.money import is_currency, is_payable
from merchant_api.core.schema import Flag, In, InstantOut, Out, Text, Whole

NOT_PAYABLE = "Not a currency that people pay with today, as NPR: GET /v1/currencies lists them."


def is_time_zone(name: str) -> None:
    """A validator: a zone of the IANA database, as Asia/Kathmandu."""
    if name not in zones.names():
        raise ValidationError("Not a time zone of the IANA database, as Asia/Kathmandu.")


def is_known_currency(code: str) -> None:
    """A validator: a code of ISO 4217, as NPR, today's or an earlier one."""
    if not is_currency(code):
        raise ValidationError("Not a currency of ISO 4217, as NPR.")


def is_payable_currency(code: str) -> None:
    """A validator: a currency that people can pay with today."""
    if not is_payable(code):
        raise ValidationError(NOT_PAYABLE)


class MerchantOut(Out):
    """A merchant; windows are seconds."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    time_zone = fields.String(required=True)
    currency = fields.String(required=True)
    locale = fields.String(required=True)
    respond_window_s = fields.Integer(required=True)
    pay_window_s = fields.Integer(required=True)
    cancel_window_s = fields.Integer(required=True)
    pay_grace_s = fields.Integer(required=True)
    allowed_terms = fields.List(fields.String(), required=True, allow_none=True)
    default_terms = fields.Enum(Terms, by_value=fields.String, required=True, allow_none=True)
    unpaid_orders_cap = fields.Integer(required=True)
    unproven_open_orders = fields.Integer(required=True)
    unproven_units = fields.Integer(required=True)
    unproven_share_percent = fields.Integer(required=True)
    allocation = fields.Enum(Allocation, by_value=fields.String, required=True)
    cart_ttl_s = fields.Integer(required=True)
    is_synchronised = fields.Boolean(required=True)
    created_at = InstantOut(required=True)


class CurrencyOut(Out):
    """A currency that a merchant may choose: its code, and how many digits its minor unit has, by ISO 4217."""

    code = fields.String(required=True)
    digits = fields.Integer(required=True, metadata={"description": "9950 of RSD, which has 2, is 99.50."})
    name = fields.String(required=True, metadata={"description": "In English."})


class CurrencyListOut(Out):
    """All of them, by code."""

    items = fields.List(fields.Nested(CurrencyOut), required=True)
    next = fields.String(required=True, allow_none=True)


class MerchantPatchIn(In):
    """Settings of a merchant; what is left out stays. The currency is fixed by the first product."""

    name = Text(200)
    time_zone = fields.String(validate=is_time_zone)
    currency = fields.String(validate=is_known_currency)
    locale = LanguageTag()
    respond_window_s = Whole(1, LONGEST_WINDOW_S)
    pay_window_s = Whole(1, LONGEST_WINDOW_S)
    cancel_window_s = Whole(0, LONGEST_WINDOW_S)
    pay_grace_s = Whole(0, 3600)
    allowed_terms = fields.List(
        fields.Enum(Terms, by_value=fields.String), allow_none=True, validate=validate.Length(min=1, max=len(Terms))
    )
    default_terms = fields.Enum(Terms, by_value=fields.String, allow_none=True)
    unpaid_orders_cap = Whole(1, 10_000)
    unproven_open_orders = Whole(
        0,
        10_000,
        metadata={
            "description": "Orders that a customer may have open before one of his was delivered or paid; beyond them "
            "the merchant is asked. 0: customers need no proof."
        },
    )
    unproven_units = Whole(
        0, LARGEST_QUANTITY, metadata={"description": "Units of a product that such a customer may hold at once."}
    )
    unproven_share_percent = Whole(
        0, 100, metadata={"description": "The share of its stock that he may hold, where that is more."}
    )
    allocation = fields.Enum(
        Allocation,
        by_value=fields.String,
        metadata={"description": "Where units come from first: the merchant's order of preference, or the nearest."},
    )
    cart_ttl_s = Whole(
        SHORTEST_CART_S, LONGEST_CART_S, metadata={"description": "Seconds that a cart is kept after its last change."}
    )
    is_synchronised = Flag(metadata={"description": "Whether levels and orders go to and from its channels at all."})

    @post_load
    def _in_order(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        if data.get("allowed_terms") is not None:
            data["allowed_terms"] = [terms.value for terms in Terms if terms in data["allowed_terms"]]
        return data
