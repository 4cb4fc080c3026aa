"""A shop's order as it is kept beside what became of it, and back: JSON, with text that can be stored."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from merchant_api.channels.shop_orders import ShopCustomer, ShopLine, ShopOrder
from merchant_api.core.money import Money
from merchant_api.core.schema import rfc3339

LONGEST = 500


def storable(order: ShopOrder) -> ShopOrder:
    """The same order, its texts without what no database takes (NUL, half a surrogate pair) and of a bounded length."""
    customer = ShopCustomer(
        *(_text(each) for each in (order.customer.name, order.customer.email, order.customer.phone))
    )
    return replace(
        order,
        external_id=_whole(order.external_id),
        name=_whole(order.name)[:LONGEST] or _whole(order.external_id),
        customer=customer,
        lines=_lines(order.lines),
        notes=tuple(_whole(each)[:LONGEST] for each in order.notes),
    )


def _lines(lines: Sequence[ShopLine]) -> tuple[ShopLine, ...]:
    """Each with a key of its own: of two with one key the second is another line all the same."""
    found: dict[str, ShopLine] = {}
    following: Counter[str] = Counter()
    for line in map(_line, lines):
        key = line.key
        while key in found:
            following[line.key] += 1
            key = f"{line.key}~{following[line.key] + 1}"
        found[key] = replace(line, key=key)
    return tuple(found.values())


def _line(line: ShopLine) -> ShopLine:
    name = _whole(line.name)[:LONGEST] or "?"
    return replace(line, key=_whole(line.key), name=name, shop_id=_text(line.shop_id), sku=_text(line.sku))


def _whole(text: str) -> str:
    return text.encode(errors="replace").decode().replace("\0", "").strip()


def _text(text: str | None) -> str | None:
    return None if text is None else _whole(text)[:LONGEST] or None


def written(order: ShopOrder) -> dict[str, Any]:
    """The order as JSON."""
    return {
        "external_id": order.external_id,
        "name": order.name,
        "placed_at": rfc3339(order.placed_at),
        "currency": order.currency,
        "lines": [_written_line(each) for each in order.lines],
        "customer": {"name": order.customer.name, "email": order.customer.email, "phone": order.customer.phone},
        "is_paid": order.is_paid,
        "is_open": order.is_open,
        "is_delivered": order.is_delivered,
        "notes": list(order.notes),
    }


def _written_line(line: ShopLine) -> dict[str, Any]:
    price = line.unit_price
    return {
        "key": line.key,
        "shop_id": line.shop_id,
        "sku": line.sku,
        "name": line.name,
        "quantity": line.quantity,
        "taken": line.taken,
        "cancelled": line.cancelled,
        "unit_price": None if price is None else {"amount": price.amount, "currency": price.currency},
        "product_id": None if line.product_id is None else str(line.product_id),
    }


def read(kept: Mapping[str, Any]) -> ShopOrder:
    """The order that was written."""
    return ShopOrder(
        external_id=kept["external_id"],
        name=kept["name"],
        placed_at=datetime.fromisoformat(kept["placed_at"]),
        currency=kept["currency"],
        lines=tuple(_read_line(each) for each in kept["lines"]),
        customer=ShopCustomer(**kept["customer"]),
        is_paid=kept["is_paid"],
        is_open=kept["is_open"],
        is_delivered=kept["is_delivered"],
        notes=tuple(kept["notes"]),
    )


def _read_line(kept: Mapping[str, Any]) -> ShopLine:
    price, product_id = kept["unit_price"], kept["product_id"]
    made = {name: kept[name] for name in ("key", "shop_id", "sku", "name", "quantity", "taken", "cancelled")}
    return ShopLine(
        **made,
        unit_price=None if price is None else Money(**price),
        product_id=None if product_id is None else UUID(product_id),
    )
