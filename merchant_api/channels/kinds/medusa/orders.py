"""An order of Medusa as one of ours: what its lines have taken, what was paid for one, and how far it got.

`status` stays pending while it is paid and delivered, and archiving hides that it was cancelled: `canceled_at`,
`payment_status` and `fulfillment_status` tell. A line that is edited to 0 is gone from the order.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from merchant_api.channels.faults import ShopAway
from merchant_api.channels.kinds.medusa.admin import MedusaAdmin, read_row, require_row
from merchant_api.channels.kinds.medusa.amounts import read_figure, to_money, whole_units
from merchant_api.channels.kinds.medusa.parts import MedusaPart, is_plain, read_parts
from merchant_api.channels.shop_orders import ShopCustomer, ShopLine, ShopOrder
from merchant_api.core.money import Money

PATH = "/admin/orders"
PAID = frozenset({"captured", "partially_refunded", "refunded"})
DONE = frozenset({"completed", "archived"})
FIELDS = (
    "id,display_id,custom_display_id,status,version,created_at,updated_at,canceled_at,currency_code,email,total,"
    "*items,items.total,items.raw_total,*items.detail,items.variant.id,items.variant.sku,"
    "items.variant.inventory_items.inventory_item_id,items.variant.inventory_items.required_quantity,"
    "*shipping_address,*billing_address,*customer"
)


def read_orders(admin: MedusaAdmin, external_ids: list[str]) -> list[ShopOrder]:
    """These, as they are now."""
    if not external_ids:
        return []
    query = {"id[]": external_ids, "limit": len(external_ids), "fields": FIELDS}
    return [as_order(row) for row in admin.get(PATH, query, "orders")]


def as_order(row: Mapping[str, Any]) -> ShopOrder:
    """One row of the list of orders."""
    currency = str(require_row(row, "currency_code")).upper()
    is_cancelled = bool(row.get("canceled_at")) or row.get("status") == "canceled"
    is_paid = row.get("payment_status") in PAID
    is_done = row.get("status") in DONE
    is_delivered = not is_cancelled and (is_done or row.get("fulfillment_status") == "delivered")
    items = [each for each in row.get("items") or () if read_row(each, "id")]
    return ShopOrder(
        external_id=str(require_row(row, "id")),
        name=str(row.get("custom_display_id") or f"#{row.get('display_id')}"),
        placed_at=read_stamp(require_row(row, "created_at")),
        currency=currency,
        lines=[line for item in items for line in _read_lines(item, currency, is_cancelled)],
        customer=_customer(row),
        is_paid=is_paid,
        is_open=not (is_cancelled or is_done or (is_paid and is_delivered)),
        is_delivered=is_delivered,
    )


def read_stamp(told: Any) -> datetime:
    """A stamp of the shop, which are UTC with milliseconds."""
    try:
        stamp = datetime.fromisoformat(str(told))
    except ValueError:
        raise ShopAway("The shop told a time that is none.", str(told)) from None
    return stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)


def _read_lines(item: Mapping[str, Any], currency: str, is_cancelled: bool) -> list[ShopLine]:
    """One line; of a bundle one for each part, with the price on the first and the others for nothing."""
    variant, price = item.get("variant"), _unit_price(item, currency)
    parts = read_parts(variant) or [MedusaPart("")]
    key = str(require_row(item, "id"))
    sku = read_row(variant, "sku") or item.get("variant_sku")
    if is_plain(parts):
        return [_read_line(item, parts[0], key, sku, price, is_cancelled)]
    prices = [Money(price.amount // parts[0].units, currency), *[Money(0, currency)] * (len(parts) - 1)]
    return [
        _read_line(item, part, f"{key}/{part.shop_id}", None, each, is_cancelled)
        for part, each in zip(parts, prices, strict=True)
    ]


def _read_line(
    item: Mapping[str, Any], part: MedusaPart, key: str, sku: str | None, price: Money | None, is_cancelled: bool
) -> ShopLine:
    """Returns that were received are stock again; those that came damaged are not."""
    quantity = whole_units(read_figure(item, "quantity")) * part.units
    returned = whole_units(read_figure(read_row(item, "detail") or {}, "return_received_quantity")) * part.units
    name, own = str(item.get("product_title") or item.get("title") or ""), str(item.get("variant_title") or "")
    return ShopLine(
        key=key,
        shop_id=part.shop_id or None,
        sku=sku,
        name=name if not own or own == name else f"{name}, {own}",
        quantity=quantity,
        taken=0 if is_cancelled else max(0, quantity - returned),
        cancelled=quantity if is_cancelled else 0,
        unit_price=price,
    )


def _unit_price(item: Mapping[str, Any], currency: str) -> Money:
    """What one unit came to with its discounts and taxes: the line's total is for what was not sent back."""
    detail = read_row(item, "detail") or {}
    back = sum(read_figure(detail, f"return_{how}_quantity") for how in ("received", "dismissed"))
    kept = read_figure(item, "quantity") - back
    if kept > 0 and (item.get("raw_total") or item.get("total") is not None):
        return to_money(read_figure(item, "total") / kept, currency)
    return to_money(read_figure(item, "unit_price") or Decimal(0), currency)


def _customer(row: Mapping[str, Any]) -> ShopCustomer:
    told = [row.get(who) for who in ("shipping_address", "customer", "billing_address")]
    names = [" ".join(filter(None, (read_row(each, f"{part}_name") for part in ("first", "last")))) for each in told]
    phones = [read_row(each, "phone") for each in told]
    return ShopCustomer(
        next(filter(None, names), None),
        row.get("email") or read_row(row, "customer", "email"),
        next(filter(None, phones), None),
    )
