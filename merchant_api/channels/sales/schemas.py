"""How a channel's orders are told, listed and solved."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from merchant_api.channels.sales.cancel import CancelTold
from merchant_api.channels.sales.report import LineTold, OrderTold
from merchant_api.channels.sales.solve import SaleSolution
from merchant_api.channels.shop_orders import ShopCustomer
from merchant_api.channels.states import SaleState
from merchant_api.core.paging import PageIn, Window, page_of
from merchant_api.core.schema import Flag, In, InstantIn, InstantOut, MoneyIn, Out, QuantityIn, Text

MOST_LINES = 500
MOST_LINE = 10_000


class ToldLineIn(In):
    """A line by one of `product_id` (ours), `shop_id` (as it is listed) or `sku`."""

    makes = LineTold
    quantity = QuantityIn(required=True)
    sku = Text(most=200)
    shop_id = Text(most=200)
    product_id = fields.UUID()

    @validates_schema
    def _is_named(self, data: Mapping[str, Any], **_: object) -> None:
        if not {"sku", "shop_id", "product_id"} & set(data):
            raise ValidationError("Give a sku, a shop_id or a product_id.", "sku")


class SoldLineIn(ToldLineIn):
    """A line of a shop's order; `unit_price` is what was paid for one, the product's price where it is left out."""

    unit_price = MoneyIn()


class ShopCustomerIn(In):
    """Who ordered. One e-mail address, or one phone number with the same name, is one customer of the merchant."""

    makes = ShopCustomer
    name = Text(most=200)
    email = Text(most=254)
    phone = Text(most=40)


class ShopOrderIn(In):
    """An order that a shop has sold. What is short of it is owed; what can't be taken is parked."""

    makes = OrderTold
    external_id = Text(most=200, required=True)
    placed_at = InstantIn()
    customer = fields.Nested(ShopCustomerIn)
    lines = fields.List(fields.Nested(SoldLineIn), required=True, validate=validate.Length(1, MOST_LINES))
    is_paid = Flag()


class ShopCancelIn(In):
    """What of it was cancelled, all of it where no lines are named; `restock` stands for the channel's setting."""

    makes = CancelTold
    lines = fields.List(fields.Nested(ToldLineIn), validate=validate.Length(1, MOST_LINES))
    restock = Flag()


class SolveIn(In):
    """Products by the numbers of lines, from 1 on; or `ignore`, and why. Neither: try again with what is listed now."""

    makes = SaleSolution
    lines = fields.Dict(keys=fields.Integer(validate=validate.Range(1, MOST_LINE)), values=fields.UUID())
    ignore = Flag()
    reason = Text(most=500)

    @validates_schema
    def _says_why(self, data: Mapping[str, Any], **_: object) -> None:
        if data.get("ignore", False) != ("reason" in data) or ("reason" in data and "lines" in data):
            raise ValidationError("`ignore: true` goes with a reason, and without lines.", "reason")


class SaleStandsOut(Out):
    """What became of a shop's order. `parked`: `why` says what is wrong and what to do."""

    order_id = fields.UUID(required=True, allow_none=True)
    state = fields.Enum(SaleState, by_value=fields.String, required=True)
    why = fields.String(required=True, allow_none=True)


class SaleLineOut(Out):
    """A line as the shop has it; `taken` are units that it has sold and not put back into its stock."""

    line = fields.Integer(required=True)
    sku = fields.String(required=True, allow_none=True)
    shop_id = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)
    quantity = fields.Integer(required=True)
    taken = fields.Integer(required=True)
    cancelled = fields.Integer(required=True)
    product_id = fields.UUID(required=True, allow_none=True)


class SaleOut(SaleStandsOut):
    """A shop's order as it was last seen. `order_ids` are our orders for it, which units added later make more."""

    external_id = fields.String(required=True)
    name = fields.String(required=True)
    order_ids = fields.List(fields.UUID(), required=True)
    is_open = fields.Boolean(required=True)
    placed_at = InstantOut(required=True)
    read_at = InstantOut(required=True)
    lines = fields.List(fields.Nested(SaleLineOut), required=True)


@dataclass(frozen=True, slots=True)
class SaleList:
    """Which of a channel's orders are wanted."""

    at: Window
    state: SaleState | None = None


class SaleListIn(PageIn):
    """A channel's orders, newest first; `state=parked` are those that need somebody."""

    makes = SaleList
    state = fields.Enum(SaleState, by_value=fields.String)


SalePageOut = page_of(SaleOut)
