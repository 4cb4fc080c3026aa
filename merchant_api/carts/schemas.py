"""What calls on carts take and give."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from merchant_api.accounts.models import Terms
from merchant_api.carts.checkout import Checkout
from merchant_api.carts.edit import CartLineAsked
from merchant_api.carts.find import CartStanding
from merchant_api.carts.seen import SeenCart, SeenLine
from merchant_api.core.schema import In, InstantOut, MoneyIn, MoneyOut, Out, PlaceName, QuantityIn, Text
from merchant_api.core.sentences.field import SentenceOut
from merchant_api.orders.models import MOST_GUESTS, MOST_LINES
from merchant_api.orders.place.schemas import DeliverToIn
from merchant_api.orders.states import Verdict
from merchant_api.orders.verdict_field import VerdictCodeOut
from merchant_api.shop.mode import Mode


class CartLineIn(In):
    """Units of a product; `guests` are the names of those who come beside the customer."""

    makes = CartLineAsked
    quantity = QuantityIn(required=True)
    guests = fields.List(Text(most=200), validate=validate.Length(0, MOST_GUESTS))
    location = PlaceName()
    grade = PlaceName()


class SeenLineIn(In):
    """The verdict of a line as it was shown."""

    makes = SeenLine
    product_id = fields.UUID(required=True)
    verdict = fields.Enum(Verdict, by_value=fields.String, required=True)


class SeenIn(In):
    """The cart as it was shown: what became worse since is refused, what became better is taken."""

    makes = SeenCart
    total = MoneyIn(required=True)
    lines = fields.List(fields.Nested(SeenLineIn), required=True, validate=validate.Length(1, MOST_LINES))

    @validates_schema
    def _names_each_once(self, data: Mapping[str, Any], **_: object) -> None:
        if len({line.product_id for line in data["lines"]}) != len(data["lines"]):
            raise ValidationError("Name each product once.", "lines")


class CheckoutIn(In):
    """How the order shall be, and what the customer saw."""

    makes = Checkout
    payment_terms = fields.Enum(Terms, by_value=fields.String)
    note = Text(most=1000)
    deliver_to = fields.Nested(DeliverToIn)
    seen = fields.Nested(SeenIn)


class CartLineOut(Out):
    """A line, and what it would meet if it were ordered now; `available` is null where stock is not counted."""

    product_id = fields.UUID(attribute="row.product_id", required=True)
    sku = fields.String(required=True)
    name = fields.String(required=True)
    quantity = fields.Integer(attribute="row.quantity", required=True)
    guests = fields.List(fields.String(), attribute="row.guests", required=True, allow_none=True)
    location = fields.String(attribute="line.location", required=True, allow_none=True)
    grade = fields.String(attribute="line.grade", required=True, allow_none=True)
    unit_price = MoneyOut(required=True)
    line_total = MoneyOut(required=True)
    verdict = fields.Enum(Verdict, by_value=fields.String, attribute="judged.verdict", required=True)
    verdict_code = VerdictCodeOut(attribute="judged.reason.code", required=True)
    verdict_reason = SentenceOut(attribute="judged.reason", required=True)
    available = fields.Integer(attribute="judged.available", required=True, allow_none=True)
    message = SentenceOut(attribute="judged.message", required=True)
    is_ok = fields.Boolean(required=True)


class CartOut(Out):
    """A cart. `mode` is what an order of it would be, `closed` where it would be refused, null without lines.

    A cart that is checked out has no lines of its own any more: they are the order's.
    """

    id = fields.UUID(attribute="cart.id", required=True)
    merchant_id = fields.UUID(attribute="cart.merchant_id", required=True)
    state = fields.Enum(CartStanding, by_value=fields.String, required=True)
    lines = fields.List(fields.Nested(CartLineOut), required=True)
    total = MoneyOut(required=True)
    mode = fields.Enum(Mode, by_value=fields.String, required=True, allow_none=True)
    order_id = fields.UUID(attribute="cart.order_id", required=True, allow_none=True)
    expires_at = InstantOut(attribute="cart.expires_at", required=True)
    version = fields.Integer(attribute="cart.version", required=True)
