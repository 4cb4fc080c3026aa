"""One order of a Vendure in our words.

A line's `quantity` falls with what is cancelled and moves with what is edited, whatever the order's state, and that is
what the shop has taken of its stock from the authorised payment on; `orderPlacedQuantity` stays.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from merchant_api.channels.kinds.vendure.figures import money
from merchant_api.channels.shop_orders import ShopCustomer, ShopLine, ShopOrder
from merchant_api.core import clock

_NOT_YET = frozenset({"Created", "Draft", "AddingItems", "ArrangingPayment"})
_CANCELLED = "Cancelled"
_DELIVERED = "Delivered"
_TOO_FINE = "{} has no such small units as prices of this order have in the shop."
_DELIVERED_FOR_GOOD = timedelta(days=60)  # after the order was placed, as all of these
_FORGOTTEN = timedelta(days=365)  # who never tells the shop of deliveries has orders that are never over


def is_sale(row: Mapping[str, Any]) -> bool:
    """Whether the order has taken anything: no cart, and none that only sums up orders of several sellers."""
    return row["orderPlacedAt"] is not None and row["state"] not in _NOT_YET and row["type"] != "Aggregate"


def order(row: Mapping[str, Any], digits: int) -> ShopOrder:
    """The order as it is now."""
    state = row["state"]
    placed_at = datetime.fromisoformat(row["orderPlacedAt"])
    is_delivered = state == _DELIVERED
    is_old = clock.now() - placed_at > (_DELIVERED_FOR_GOOD if is_delivered else _FORGOTTEN)
    lines = [_line(each, row, digits) for each in row["lines"]]
    return ShopOrder(
        external_id=str(row["id"]),
        name=str(row["code"]),
        placed_at=placed_at,
        currency=str(row["currencyCode"]),
        lines=lines,
        customer=_customer(row),
        is_paid=_paid(row) >= int(row["totalWithTax"]),
        is_open=state != _CANCELLED and not is_old,
        is_delivered=is_delivered,
        notes=[_TOO_FINE.format(row["currencyCode"])] if any(each.unit_price is None for each in lines) else [],
    )


def _line(line: Mapping[str, Any], row: Mapping[str, Any], digits: int) -> ShopLine:
    left = int(line["quantity"])
    quantity = max(int(line["orderPlacedQuantity"]), left)
    taken = 0 if row["state"] == _CANCELLED else left
    variant = line["productVariant"]
    return ShopLine(
        key=str(line["id"]),
        shop_id=str(variant["id"]),
        sku=variant["sku"] or None,
        name=str(variant["name"]),
        quantity=quantity,
        taken=taken,
        cancelled=quantity - taken,
        unit_price=money(int(line["proratedUnitPriceWithTax"]), str(row["currencyCode"]), digits),
    )


def _customer(row: Mapping[str, Any]) -> ShopCustomer:
    who, where = row["customer"] or {}, row["shippingAddress"] or {}
    name = " ".join(filter(None, (who.get("firstName"), who.get("lastName"))))
    return ShopCustomer(
        name=name or where.get("fullName") or None,
        email=who.get("emailAddress") or None,
        phone=who.get("phoneNumber") or where.get("phoneNumber") or None,
    )


def _paid(row: Mapping[str, Any]) -> int:
    return sum(int(each["amount"]) for each in row["payments"] or () if each["state"] == "Settled")
