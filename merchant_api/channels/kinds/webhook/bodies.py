"""What a shop of the kind `webhook` tells us: its orders, items and levels, as docs/channels.md has them."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from merchant_api.channels.shop_items import ShopItem
from merchant_api.channels.shop_levels import ItemRef
from merchant_api.channels.shop_orders import ShopCustomer, ShopLine, ShopOrder
from merchant_api.core.columns import LARGEST_QUANTITY
from merchant_api.core.schema import Flag, In, InstantIn, MoneyIn, Text, Whole

PLACED, CHANGED, CANCELLED, LEVELS = "order.placed", "order.changed", "order.cancelled", "levels.changed"
TYPES = (PLACED, CHANGED, CANCELLED, LEVELS)
LONGEST_ID = 200


class ToldByShop(Schema):
    """What may hold more than we know of: a shop that tells more than we read is no fault."""

    class Meta:
        unknown = EXCLUDE


class LineToldIn(ToldByShop):
    """A line: `taken` are the units that the shop has off its stock for it now; not said, all but the cancelled."""

    key = Text(most=LONGEST_ID, required=True)
    shop_id = Text(most=LONGEST_ID, allow_none=True)
    sku = fields.String(allow_none=True, validate=validate.Length(max=LONGEST_ID))
    name = Text(most=LONGEST_ID, required=True)
    quantity = Whole(1, LARGEST_QUANTITY, required=True)
    cancelled = Whole(0, LARGEST_QUANTITY)
    taken = Whole(0, LARGEST_QUANTITY)
    unit_price = MoneyIn(least=0)


class CustomerToldIn(ToldByShop):
    """Who ordered."""

    name = fields.String(allow_none=True, validate=validate.Length(max=LONGEST_ID))
    email = fields.String(allow_none=True, validate=validate.Length(max=LONGEST_ID))
    phone = fields.String(allow_none=True, validate=validate.Length(max=LONGEST_ID))


class OrderToldIn(ToldByShop):
    """An order as the shop has it now, whole."""

    id = Text(most=LONGEST_ID, required=True)
    number = Text(most=LONGEST_ID)
    placed_at = InstantIn(required=True)
    currency = fields.String(required=True, validate=validate.Length(equal=3))
    lines = fields.List(fields.Nested(LineToldIn), required=True, validate=validate.Length(1, 100))
    customer = fields.Nested(CustomerToldIn)
    is_paid = Flag(load_default=False)
    is_open = Flag(load_default=True)
    is_delivered = Flag(load_default=False)


class ShopTellsIn(In):
    """A signed call of the shop; `timestamp` is when it happened, which tells what is older from what is newer."""

    type = fields.String(required=True)
    timestamp = InstantIn(required=True)
    data = fields.Dict(required=True)


class ItemToldIn(ToldByShop):
    """Something that the shop sells; a level of null is one that it does not count."""

    shop_id = Text(most=LONGEST_ID, required=True)
    sku = fields.String(allow_none=True, validate=validate.Length(max=LONGEST_ID))
    name = Text(most=LONGEST_ID, required=True)
    price = MoneyIn(least=0, allow_none=True)
    level = fields.Integer(strict=True, allow_none=True, required=True)
    is_for_sale = Flag(load_default=True)
    categories = fields.List(fields.String(), load_default=list)


def order_of(told: Mapping[str, Any], *, is_cancelled: bool = False) -> ShopOrder:
    """The order, of what OrderToldIn read; of a cancelled one nothing is taken any more."""
    customer = told.get("customer", {})
    return ShopOrder(
        external_id=told["id"],
        name=told.get("number", told["id"]),
        placed_at=told["placed_at"],
        currency=told["currency"],
        lines=[_line(each, is_cancelled=is_cancelled) for each in told["lines"]],
        customer=ShopCustomer(customer.get("name"), customer.get("email"), customer.get("phone")),
        is_paid=told["is_paid"],
        is_open=told["is_open"] and not is_cancelled,
        is_delivered=told["is_delivered"],
    )


def _line(told: Mapping[str, Any], *, is_cancelled: bool) -> ShopLine:
    quantity = told["quantity"]
    cancelled = quantity if is_cancelled else min(told.get("cancelled", 0), quantity)
    taken = 0 if is_cancelled else min(told.get("taken", quantity - cancelled), quantity)
    return ShopLine(
        key=told["key"],
        shop_id=told.get("shop_id"),
        sku=told.get("sku"),
        name=told["name"],
        quantity=quantity,
        taken=taken,
        cancelled=cancelled,
        unit_price=told.get("unit_price"),
    )


def item_of(told: Mapping[str, Any]) -> ShopItem:
    """The item, of what ItemToldIn read."""
    return ShopItem(
        ref=ItemRef(told["shop_id"]),
        sku=told.get("sku"),
        name=told["name"],
        price=told.get("price"),
        sells=told["level"],
        is_for_sale=told["is_for_sale"],
        categories=told["categories"],
    )
